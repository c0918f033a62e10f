import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { targetIdOf, type ListingId, type SellerId, type ShopId, type TargetId } from '../domain';
import { AttemptDaysStore } from '../store/attempt-days.store';
import { AttemptsStore } from '../store/attempts.store';
import { TargetsStore } from '../store/targets.store';
import {
  AttemptDayQuery,
  attemptDayView,
  AttemptDayView,
  AttemptQuery,
  attemptView,
  AttemptView,
  ShopAttemptQuery,
} from './attempts.schema';
import { limitOf } from './border.schema';
import { pageOf, readCursor, readTextCursor, type Page } from './cursor';
import { present } from './present';
import { Caller, type SellerCall } from './principal';
import { faulty } from './refusal';
import { READERS } from './roles';
import { Route } from './route';
import { ShopsService } from './shops.service';

@ApiTags('attempts')
@Controller('v1')
export class AttemptsController {
  constructor(
    private readonly shops: ShopsService,
    private readonly attempts: AttemptsStore,
    private readonly days: AttemptDaysStore,
    private readonly targets: TargetsStore,
  ) {}

  @Get('attempts')
  @Route({
    does: 'Push attempts by shop, sku, listing, trigger and state, newest first.',
    roles: READERS,
    effect: 'read',
    view: AttemptView,
    isList: true,
  })
  list(@Caller() { seller }: SellerCall, @Query() query: AttemptQuery): Promise<Page<AttemptView>> {
    return this.page(seller, query);
  }

  @Get('attempts/days')
  @Route({
    does: 'How many attempts of each trigger ended in each state, by shop and day, newest first.',
    roles: READERS,
    effect: 'read',
    view: AttemptDayView,
    isList: true,
  })
  async listDays(@Caller() { seller }: SellerCall, @Query() query: AttemptDayQuery): Promise<Page<AttemptDayView>> {
    const { from, to } = query;
    const limit = limitOf(query);
    const cursor = readCursor(query.after, ['string', 'string']);
    const below = cursor && { day: String(cursor[0]), shop: String(cursor[1]) as ShopId };
    const shop = query.shop as ShopId | undefined;
    const days = await this.days.list(seller, { ...present({ shop, from, to, below }), limit: limit + 1 });
    return pageOf(days, limit, { item: attemptDayView, end: (day) => [day.day, day.shop] });
  }

  @Get('shops/:id/attempts')
  @Route({ does: 'Push attempts, newest first.', roles: READERS, effect: 'read', view: AttemptView, isList: true })
  async listOfShop(
    @Caller() { seller }: SellerCall,
    @Param('id') id: string,
    @Query() query: ShopAttemptQuery,
  ): Promise<Page<AttemptView>> {
    const shop = await this.shops.find(seller, id);
    return this.page(seller, Object.assign(new AttemptQuery(), query, { shop: shop.id }));
  }

  private async page(seller: SellerId, query: AttemptQuery): Promise<Page<AttemptView>> {
    const { sku, trigger, state } = query;
    const [shop, listing] = [query.shop as ShopId | undefined, query.listing as ListingId | undefined];
    if (listing !== undefined && (shop === undefined || sku !== undefined)) {
      throw faulty([{ path: 'listing', message: 'listing needs its shop, and no sku beside it' }]);
    }
    const limit = limitOf(query);
    const before = readTextCursor(query.after)?.after;
    const targets = await this.targetsOf(seller, { shop, listing, sku });
    const filter = { seller, ...present({ shop, targets, trigger, state }) };
    const attempts = await this.attempts.list(filter, { ...present({ before }), limit: limit + 1 });
    return pageOf(attempts, limit, { item: attemptView, end: ({ id }) => [id] });
  }

  /** A sku's attempts are those of the listings that sell it now. */
  private async targetsOf(
    seller: SellerId,
    about: { shop: ShopId | undefined; listing: ListingId | undefined; sku: string | undefined },
  ): Promise<readonly TargetId[] | undefined> {
    const { shop, listing, sku } = about;
    if (shop !== undefined && listing !== undefined) return [targetIdOf(seller, shop, listing)];
    if (sku === undefined) return undefined;
    const targets = await this.targets.bySkus(seller, [sku]);
    return targets.filter((target) => shop === undefined || target.shop === shop).map(({ id }) => id);
  }
}
