import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Clock } from '../platform/clock';
import { ShopsStore, type ShopChange } from '../store/shops.store';
import { made, versioned, type Answer } from './answer';
import { limitOf, PageQuery } from './border.schema';
import { pageOf, readTextCursor, type Page } from './cursor';
import { Caller, type SellerCall } from './principal';
import { READERS } from './roles';
import { Route } from './route';
import { NewShopBody, ShopPatch, ShopView } from './shops.schema';
import { ShopsService } from './shops.service';

@ApiTags('shops')
@Controller('v1/shops')
export class ShopsController {
  constructor(
    private readonly service: ShopsService,
    private readonly shops: ShopsStore,
    private readonly clock: Clock,
  ) {}

  @Post()
  @Route({
    does: 'Makes a shop.',
    roles: ['admin'],
    effect: 'write',
    view: ShopView,
    ok: [201],
    isVersioned: true,
  })
  async create(@Caller() { seller }: SellerCall, @Body() body: NewShopBody): Promise<Answer> {
    const shop = await this.service.make(seller, body);
    return made(await this.service.view(shop), shop.v);
  }

  @Get()
  @Route({ does: "The seller's shops.", roles: READERS, effect: 'read', view: ShopView, isList: true })
  async list(@Caller() { seller }: SellerCall, @Query() query: PageQuery): Promise<Page<ShopView>> {
    const limit = limitOf(query);
    const shops = await this.shops.list(seller, { ...readTextCursor(query.after), limit: limit + 1 });
    const views = await Promise.all(shops.map((shop) => this.service.view(shop)));
    return pageOf(views, limit, { item: (view) => view, end: ({ id }) => [id] });
  }

  @Get(':id')
  @Route({ does: 'One shop with its health.', roles: READERS, effect: 'read', view: ShopView, isVersioned: true })
  async one(@Caller() { seller }: SellerCall, @Param('id') id: string): Promise<Answer> {
    const shop = await this.service.find(seller, id);
    return versioned(await this.service.view(shop), shop.v);
  }

  @Patch(':id')
  @Route({
    does: 'Changes a shop; new rules are followed by all its listings in the background.',
    roles: ['admin'],
    effect: 'write',
    view: ShopView,
    isVersioned: true,
  })
  async change(@Caller() call: SellerCall, @Param('id') id: string, @Body() body: ShopPatch): Promise<Answer> {
    return this.write(call, id, this.service.changeOf(body));
  }

  @Post(':id/pause')
  @HttpCode(200)
  @Route({
    does: 'Stops pushing to the shop; intake goes on.',
    roles: ['operator'],
    effect: 'write',
    view: ShopView,
    isVersioned: true,
  })
  async pause(@Caller() call: SellerCall, @Param('id') id: string): Promise<Answer> {
    return this.write(call, id, { paused: true });
  }

  @Post(':id/resume')
  @HttpCode(200)
  @Route({
    does: 'Pushes to the shop again; all its listings are planned anew.',
    roles: ['operator'],
    effect: 'write',
    view: ShopView,
    isVersioned: true,
  })
  async resume(@Caller() call: SellerCall, @Param('id') id: string): Promise<Answer> {
    return this.write(call, id, { paused: false, due: this.clock.now() });
  }

  private async write(call: SellerCall, id: string, change: ShopChange): Promise<Answer> {
    const shop = await this.service.change(call, id, change);
    return versioned(await this.service.view(shop), shop.v);
  }
}
