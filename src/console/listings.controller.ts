import { Body, Controller, Delete, Get, Param, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Connector } from '../../connectors/kit';
import type { ListingId, SellerId, ShopId } from '../domain';
import { Channels } from '../platform/channels';
import { Clock } from '../platform/clock';
import { StockDoor } from '../platform/doors';
import { ListingsStore, type ListingRecord } from '../store/listings.store';
import { ShopsStore, type ShopRecord } from '../store/shops.store';
import { SkusStore } from '../store/skus.store';
import { Answer, nothing, versioned } from './answer';
import { limitOf } from './border.schema';
import { CampaignSkusService } from './campaign-skus.service';
import { pageOf, readTextCursor, type Page } from './cursor';
import { ListingBody, ListingPath, ListingQuery, listingView, ListingView } from './listings.schema';
import { matchVersion } from './match-version';
import { Caller, type SellerCall } from './principal';
import { partsOf, readListing } from './read-listing';
import { conflict, faulty, notFound, stale } from './refusal';
import { READERS } from './roles';
import { Route } from './route';

@ApiTags('listings')
@Controller('v1/shops/:id/listings')
export class ListingsController {
  constructor(
    private readonly listings: ListingsStore,
    private readonly shops: ShopsStore,
    private readonly skus: SkusStore,
    private readonly campaigns: CampaignSkusService,
    private readonly channels: Channels,
    private readonly stock: StockDoor,
    private readonly clock: Clock,
  ) {}

  @Put(':listing')
  @Route({
    does: 'Maps what the shop sells to a sku or a bundle.',
    roles: ['editor'],
    effect: 'write',
    view: ListingView,
    ok: [200, 201],
    isVersioned: true,
  })
  async put(@Caller() caller: SellerCall, @Param() path: ListingPath, @Body() body: ListingBody): Promise<Answer> {
    const shop = await this.shopOf(caller.seller, path.id);
    const before = await this.listings.find(caller.seller, shop.id, path.listing as ListingId);
    if (before) matchVersion(caller.ifMatch, { v: before.v, body: listingView(before) });
    else if (caller.ifMatch !== undefined) throw notFound();
    const next = await this.recordOf({ shop, listing: path.listing as ListingId, before }, body);
    const written = await this.listings.put(next);
    if (written.kind === 'key-taken') {
      throw conflict('taken', 'Another listing of the shop has these channel ids.');
    }
    if (written.kind === 'stale') throw await this.staleNow(next);
    return new Answer(listingView(next), { status: before ? 200 : 201, v: next.v });
  }

  @Get()
  @Route({ does: "A shop's listings.", roles: READERS, effect: 'read', view: ListingView, isList: true })
  async list(
    @Caller() { seller }: SellerCall,
    @Param('id') id: string,
    @Query() query: ListingQuery,
  ): Promise<Page<ListingView>> {
    const shop = await this.shopOf(seller, id);
    const ref = { seller, shop: shop.id };
    if (query.campaign !== undefined) return this.campaigns.ofShop(ref, query.campaign, query);
    const limit = limitOf(query);
    const listings = await this.listings.list(ref, { ...readTextCursor(query.after), limit: limit + 1 });
    return pageOf(listings, limit, { item: listingView, end: ({ listing }) => [listing] });
  }

  @Get(':listing')
  @Route({ does: 'One listing.', roles: READERS, effect: 'read', view: ListingView, isVersioned: true })
  async one(@Caller() { seller }: SellerCall, @Param() path: ListingPath): Promise<Answer> {
    const listing = await this.find(seller, path);
    return versioned(listingView(listing), listing.v);
  }

  @Delete(':listing')
  @Route({
    does: "Forgets a listing; the channel's number stays as it is.",
    roles: ['editor'],
    effect: 'write',
    ok: [204],
    isVersioned: true,
  })
  async remove(@Caller() caller: SellerCall, @Param() path: ListingPath): Promise<Answer> {
    const listing = await this.find(caller.seller, path);
    matchVersion(caller.ifMatch, { v: listing.v, body: listingView(listing) });
    if (!(await this.listings.remove(listing))) throw await this.staleNow(listing);
    await this.stock.replan(caller.seller, listing.skus);
    return nothing();
  }

  private async recordOf(
    ref: { shop: ShopRecord; listing: ListingId; before: ListingRecord | undefined },
    body: ListingBody,
  ): Promise<ListingRecord> {
    const { shop, listing, before } = ref;
    const connector = this.connectorOf(shop);
    const asked = partsOf(body).map(({ sku }) => sku);
    const skus = await this.skus.findMany(shop.seller, asked);
    const { parts, basePrice, faults } = readListing(body, {
      manifest: connector.manifest,
      currency: shop.currency,
      skus,
    });
    if (faults.length > 0) throw faulty(faults);
    return {
      seller: shop.seller,
      shop: shop.id,
      listing,
      v: (before?.v ?? 0) + 1,
      channelIds: body.channelIds,
      key: connector.listingKey(body.channelIds),
      parts,
      skus: parts.map(({ sku }) => sku),
      ...(basePrice && { basePrice }),
      updatedAt: this.clock.now(),
      due: this.clock.now(),
      ...(before && { was: [...new Set([...before.skus, ...(before.was ?? [])])] }),
    };
  }

  private connectorOf(shop: ShopRecord): Connector {
    const connector = this.channels.byCode.get(shop.channel);
    if (!connector) throw conflict('channel', `This hub does not speak ${shop.channel}.`);
    return connector;
  }

  private async shopOf(seller: SellerId, id: string): Promise<ShopRecord> {
    const shop = await this.shops.find(seller, id as ShopId);
    if (!shop) throw notFound();
    return shop;
  }

  private async find(seller: SellerId, path: ListingPath): Promise<ListingRecord> {
    const listing = await this.listings.find(seller, path.id as ShopId, path.listing as ListingId);
    if (!listing) throw notFound();
    return listing;
  }

  private async staleNow({ seller, shop, listing }: ListingRecord): Promise<Error> {
    const current = await this.listings.find(seller, shop, listing);
    return current ? stale({ v: current.v, body: listingView(current) }) : notFound();
  }
}
