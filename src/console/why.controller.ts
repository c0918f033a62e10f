import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { OrderId, ShopId } from '../domain';
import { OrdersStore } from '../store/orders.store';
import { ShopsStore } from '../store/shops.store';
import { SkusStore } from '../store/skus.store';
import { SkuPath } from './border.schema';
import { present } from './present';
import { Caller, type SellerCall } from './principal';
import { notFound } from './refusal';
import { READERS } from './roles';
import { Route } from './route';
import { ShortagesService } from './shortages.service';
import { showShortage, showWhy } from './show-why';
import { OrderWhyView, WhyQuery, WhyView } from './why.schema';
import { WhyService } from './why.service';

@ApiTags('stock')
@Controller('v1')
export class WhyController {
  constructor(
    private readonly why: WhyService,
    private readonly shortages: ShortagesService,
    private readonly skus: SkusStore,
    private readonly shops: ShopsStore,
    private readonly orders: OrdersStore,
  ) {}

  @Get('stock/:sku/why')
  @Route({
    does: 'The moves, quotas, rules, floor and exposure that gave the numbers of a sku at an instant.',
    roles: READERS,
    effect: 'read',
    view: WhyView,
  })
  async ofSku(@Caller() { seller }: SellerCall, @Param() { sku }: SkuPath, @Query() query: WhyQuery): Promise<WhyView> {
    if (!(await this.skus.find(seller, sku))) throw notFound();
    const shop = query.shop as ShopId | undefined;
    if (shop !== undefined && !(await this.shops.find(seller, shop))) throw notFound();
    const at = query.at === undefined ? undefined : Date.parse(query.at);
    return showWhy(sku, await this.why.of({ seller, sku, ...present({ shop, at }) }));
  }

  @Get('orders/:id/why')
  @Route({
    does: 'Of an order that found too little: who took the units, sku by sku.',
    roles: READERS,
    effect: 'read',
    view: OrderWhyView,
  })
  async ofOrder(@Caller() { seller }: SellerCall, @Param('id') id: string): Promise<OrderWhyView> {
    const order = await this.orders.find(id as OrderId);
    if (order?.seller !== seller) throw notFound();
    const short = (await this.shortages.of(order)).map(showShortage);
    const sentences = short.flatMap((each) => each.sentences);
    return { id, short, sentences: short.length === 0 ? ['The order found all that it asked for.'] : sentences };
  }
}
