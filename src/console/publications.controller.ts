import { isDeepStrictEqual } from 'node:util';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { targetIdOf, type Target } from '../domain';
import { Clock } from '../platform/clock';
import { nextRun } from '../platform/cron';
import { ListingsStore } from '../store/listings.store';
import { LongJobsStore } from '../store/long-jobs.store';
import { REPUBLISH } from '../store/long-work';
import { MOST_SCHEDULES, SchedulesStore, type ScheduleRecord } from '../store/schedules.store';
import type { ShopRecord } from '../store/shops.store';
import { TargetsStore } from '../store/targets.store';
import { Answer, nothing } from './answer';
import { limitOf } from './border.schema';
import { pageOf, readTextCursor, type Page } from './cursor';
import { BegunView } from './jobs.schema';
import { Caller, nameOf, type SellerCall } from './principal';
import { PublicationQuery, PublicationView, publicationView } from './publications.schema';
import { conflict, faulty, notFound } from './refusal';
import { READERS } from './roles';
import { Route } from './route';
import { RepublishBody, ScheduleBody, SchedulePath, scheduleView, ScheduleView, scopeOf } from './schedules.schema';
import { ShopsService } from './shops.service';

@ApiTags('publications')
@Controller('v1/shops/:id')
export class PublicationsController {
  constructor(
    private readonly shops: ShopsService,
    private readonly targets: TargetsStore,
    private readonly listings: ListingsStore,
    private readonly schedules: SchedulesStore,
    private readonly jobs: LongJobsStore,
    private readonly clock: Clock,
  ) {}

  @Get('publications')
  @Route({
    does: 'What every listing should show, was sent, said yes to and was read back as, each with its age.',
    roles: READERS,
    effect: 'read',
    view: PublicationView,
    isList: true,
  })
  async list(
    @Caller() { seller }: SellerCall,
    @Param('id') id: string,
    @Query() query: PublicationQuery,
  ): Promise<Page<PublicationView>> {
    const shop = await this.shops.find(seller, id);
    const limit = limitOf(query);
    const page = { ...readTextCursor(query.after), limit: limit + 1 };
    const ref = { seller, shop: shop.id };
    const now = this.clock.now();
    const item = (target: Target): PublicationView => publicationView(target, now);
    if (query.state !== undefined) {
      const targets = await this.targets.standing(ref, { ...page, standing: query.state });
      return pageOf(targets, limit, { item, end: ({ listing }) => [listing] });
    }
    const listings = await this.listings.list(ref, page);
    const ids = listings.map(({ listing }) => targetIdOf(seller, shop.id, listing));
    const targets = await this.targets.readMany(ids);
    const { next } = pageOf(listings, limit, { item: ({ listing }) => listing, end: ({ listing }) => [listing] });
    return {
      items: ids
        .slice(0, limit)
        .flatMap((target) => targets.get(target) ?? [])
        .map(item),
      next,
    };
  }

  @Post('republish')
  @HttpCode(202)
  @Route({
    does: 'Reads the listings back, and writes what differs; the scope names which, all without one.',
    roles: ['operator'],
    effect: 'write',
    view: BegunView,
    ok: [202],
  })
  async republish(
    @Caller() call: SellerCall,
    @Param('id') id: string,
    @Body() body: RepublishBody,
  ): Promise<BegunView> {
    const shop = await this.shops.find(call.seller, id);
    const wish = { scope: scopeOf(body.scope), trigger: 'by-hand' };
    const ask = { seller: call.seller, kind: REPUBLISH, about: shop.id, wish, by: nameOf(call) };
    const job = await this.jobs.begin(ask);
    if (!isDeepStrictEqual(job.wish, wish)) {
      throw conflict('running', 'Other listings of the shop are being published once more.', { job: job.id });
    }
    return { job: job.id };
  }

  @Get('schedules')
  @Route({
    does: 'When listings of the shop are published once more.',
    roles: READERS,
    effect: 'read',
    view: ScheduleView,
    isList: true,
  })
  async listSchedules(@Caller() { seller }: SellerCall, @Param('id') id: string): Promise<Page<ScheduleView>> {
    const shop = await this.shops.find(seller, id);
    const schedules = await this.schedules.list({ seller, shop: shop.id });
    return { items: schedules.map(scheduleView), next: null };
  }

  @Put('schedules/:schedule')
  @Route({
    does: 'Has listings published once more by a cron text in a time zone; an instant that was missed is made good once.',
    roles: ['operator'],
    effect: 'write',
    view: ScheduleView,
    ok: [200, 201],
  })
  async putSchedule(
    @Caller() call: SellerCall,
    @Param() path: SchedulePath,
    @Body() body: ScheduleBody,
  ): Promise<Answer> {
    const shop = await this.shops.find(call.seller, path.id);
    const before = await this.schedules.find({ seller: call.seller, shop: shop.id }, path.schedule);
    const next = this.scheduleOf(call, shop, { body, id: path.schedule, before });
    if (before === undefined) await this.checkRoom(shop);
    if (!(await this.schedules.put(next))) throw conflict('conflict', 'The schedule was changed at the same moment.');
    return new Answer(scheduleView(next), { status: before === undefined ? 201 : 200 });
  }

  @Delete('schedules/:schedule')
  @Route({ does: 'Ends a schedule; what it began goes on.', roles: ['operator'], effect: 'write', ok: [204] })
  async removeSchedule(@Caller() { seller }: SellerCall, @Param() path: SchedulePath): Promise<Answer> {
    const shop = await this.shops.find(seller, path.id);
    if (!(await this.schedules.remove({ seller, shop: shop.id }, path.schedule))) throw notFound();
    return nothing();
  }

  private scheduleOf(
    call: SellerCall,
    shop: ShopRecord,
    to: { body: ScheduleBody; id: string; before: ScheduleRecord | undefined },
  ): ScheduleRecord {
    const { cron, timeZone = shop.timeZone, scope } = to.body;
    const due = nextRun({ cron, timeZone }, this.clock.now());
    const last = to.before?.last;
    return {
      ...{ seller: call.seller, shop: shop.id, id: to.id, v: (to.before?.v ?? 0) + 1 },
      ...{ cron, timeZone, scope: scopeOf(scope), by: nameOf(call) },
      ...(due !== undefined && { due }),
      ...(last !== undefined && { last }),
    };
  }

  private async checkRoom(shop: ShopRecord): Promise<void> {
    const there = await this.schedules.list({ seller: shop.seller, shop: shop.id });
    if (there.length < MOST_SCHEDULES) return;
    throw faulty([{ path: 'schedule', message: `a shop has at most ${MOST_SCHEDULES} schedules` }]);
  }
}
