import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Day } from '../domain';
import { OrderDoor, type CompareAnswer, type ShopRef } from '../platform/doors';
import { OrdersStore } from '../store/orders.store';
import type { ShopRecord } from '../store/shops.store';
import type { AuditedPage, AuditFinding } from './audit-report';
import { PatientCalls } from './patient-calls.service';
import { PollTimes } from './poll-times';
import { WalkOrdersService } from './walk-orders.service';

/** Where the audit of a day goes on. */
export interface DayPlace {
  readonly next?: string;
  /** What the channel listed so far. */
  readonly ids: readonly string[];
  /** The list is through: what is still to be compared of the orders that are only here. */
  readonly alone?: readonly string[];
}

/** Orders that are only here, in one page. */
const ALONE_IN_PAGE = 100;
/** Orders of one day that are compared without one being forgotten. */
const MOST_A_DAY = 200_000;

/** Compares a day of a shop: the channel's list by creation with the orders here. */
@Injectable()
export class AuditOrdersService {
  constructor(
    private readonly walk: WalkOrdersService,
    private readonly door: OrderDoor,
    private readonly orders: OrdersStore,
    private readonly patient: PatientCalls,
    private readonly times: PollTimes,
  ) {}

  /** One page; without a place to go on from, the day is through. @throws ChannelError */
  async page(shop: ShopRecord, day: Day, place: DayPlace): Promise<DayStep> {
    if (place.alone !== undefined) return this.pageAlone(shop, day, place.alone);
    const listed = await this.walk.page(shop, { by: 'created', from: day.from, to: day.to - 1 }, place.next);
    const known = new Set(place.ids);
    const ids = listed.externalIds.filter((id) => !known.has(id));
    const all = [...place.ids, ...ids];
    const page = { day: day.name, channel: ids.length, ...(await this.compare(shop, ids)) };
    if (listed.next !== undefined) return { page, after: { next: listed.next, ids: all } };
    const alone = await this.onlyHere(shop, day, all);
    return { page, ...(alone.length > 0 && { after: { ids: [], alone } }) };
  }

  private async pageAlone(shop: ShopRecord, day: Day, ids: readonly string[]): Promise<DayStep> {
    const compared = await this.compare(shop, ids.slice(0, ALONE_IN_PAGE));
    const alone = ids.slice(ALONE_IN_PAGE);
    const page = { day: day.name, channel: 0, ...compared };
    return { page, ...(alone.length > 0 && { after: { ids: [], alone } }) };
  }

  private async onlyHere(shop: ShopRecord, day: Day, listed: readonly string[]): Promise<readonly string[]> {
    const ours = await this.orders.placedBetween(refOf(shop), day, MOST_A_DAY);
    const there = new Set(listed);
    return ours.filter((id) => !there.has(id));
  }

  private async compare(shop: ShopRecord, ids: readonly string[]): Promise<Compared> {
    let sum = EMPTY;
    for (const portion of this.walk.portionsOf(shop, ids)) {
      const part = await this.comparePortion(refOf(shop), portion);
      sum = {
        here: sum.here + part.here,
        unread: sum.unread + part.unread,
        findings: [...sum.findings, ...part.findings],
      };
    }
    return sum;
  }

  /** An order that changes while it is audited differs once; one that is wrong differs twice. */
  private async comparePortion(ref: ShopRef, ids: readonly string[]): Promise<Compared> {
    const first = await this.patient.ask(() => this.door.compare(ref, ids));
    const suspects = first.filter(differs).map(({ externalId }) => externalId);
    const here = first.filter((answer) => answer.kind === 'compared' && !answer.differences.includes('missing')).length;
    const unread = first.filter(({ kind }) => kind === 'unread').length;
    if (suspects.length === 0) return { here, unread, findings: [] };
    await delay(this.times.lookAgainMs);
    const second = await this.patient.ask(() => this.door.compare(ref, suspects));
    return { here, unread, findings: await this.mend(ref, second.filter(differs)) };
  }

  private async mend(ref: ShopRef, wrong: readonly Differing[]): Promise<readonly AuditFinding[]> {
    if (wrong.length === 0) return [];
    const ids = wrong.filter(({ differences }) => !differences.includes('unknown')).map(({ externalId }) => externalId);
    const looked = ids.length === 0 ? [] : await this.patient.ask(() => this.door.look(ref, ids));
    const written = new Set(looked.filter(({ kind }) => kind === 'written').map(({ externalId }) => externalId));
    return wrong.map(({ externalId, differences }) => ({ externalId, differences, isMended: written.has(externalId) }));
  }
}

/** One page of a day, and where it goes on. */
export interface DayStep {
  readonly page: AuditedPage;
  readonly after?: DayPlace;
}

interface Compared {
  readonly here: number;
  readonly unread: number;
  readonly findings: readonly AuditFinding[];
}

type Differing = Extract<CompareAnswer, { kind: 'compared' }>;

const EMPTY: Compared = { here: 0, unread: 0, findings: [] };
const refOf = ({ seller, id }: ShopRecord): ShopRef => ({ seller, shop: id });
const differs = (answer: CompareAnswer): answer is Differing =>
  answer.kind === 'compared' && answer.differences.length > 0;
