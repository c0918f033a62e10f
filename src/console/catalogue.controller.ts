import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { SellerId } from '../domain';
import { CatalogueStore, type CatalogueRecord } from '../store/catalogue.store';
import { LongJobsStore } from '../store/long-jobs.store';
import { IMPORT_LISTINGS } from '../store/long-work';
import { limitOf } from './border.schema';
import { CatalogueItemView, catalogueItemView, CatalogueQuery, ImportBody } from './catalogue.schema';
import { pageOf, readTextCursor, type Page } from './cursor';
import { BegunView } from './jobs.schema';
import { Caller, nameOf, type SellerCall } from './principal';
import { READERS } from './roles';
import { Route } from './route';
import { ShopsService } from './shops.service';

@ApiTags('listings')
@Controller('v1/shops/:id')
export class CatalogueController {
  constructor(
    private readonly shops: ShopsService,
    private readonly jobs: LongJobsStore,
    private readonly catalogue: CatalogueStore,
  ) {}

  @Post('listings/import')
  @HttpCode(202)
  @Route({
    does: "Reads the shop's catalogue, and proposes or makes listings by seller sku.",
    roles: ['editor'],
    effect: 'write',
    view: BegunView,
    ok: [202],
  })
  async import(@Caller() call: SellerCall, @Param('id') id: string, @Body() body: ImportBody): Promise<BegunView> {
    const shop = await this.shops.find(call.seller, id);
    const wish = { mode: body.mode ?? 'propose' };
    const ask = { seller: call.seller, kind: IMPORT_LISTINGS, about: shop.id, wish, by: nameOf(call) };
    return { job: (await this.jobs.begin(ask)).id };
  }

  @Get('catalogue')
  @Route({
    does: 'What the shop offered when its catalogue was read last, and what the hub makes of it.',
    roles: READERS,
    effect: 'read',
    view: CatalogueItemView,
    isList: true,
  })
  async list(
    @Caller() { seller }: SellerCall,
    @Param('id') id: string,
    @Query() query: CatalogueQuery,
  ): Promise<Page<CatalogueItemView>> {
    const limit = limitOf(query);
    const found = await this.page(seller, id, query);
    return pageOf(found, limit, { item: catalogueItemView, end: ({ key }) => [key] });
  }

  private async page(seller: SellerId, id: string, query: CatalogueQuery): Promise<CatalogueRecord[]> {
    const shop = await this.shops.find(seller, id);
    const page = { ...readTextCursor(query.after), limit: limitOf(query) + 1 };
    const ref = { seller, shop: shop.id };
    return query.state === undefined
      ? this.catalogue.page(ref, page)
      : this.catalogue.inState(ref, { ...page, state: query.state });
  }
}
