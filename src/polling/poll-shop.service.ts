import { Injectable } from '@nestjs/common';
import { ChannelError } from '../../connectors/kit';
import { learnRhythm, planPoll, quietAt, type PollEnd, type PushRhythm } from '../domain';
import { Channels } from '../platform/channels';
import { Clock } from '../platform/clock';
import { Log } from '../platform/logger';
import { failureOf } from '../platform/retry';
import { PollCursorsStore, type PollCursor } from '../store/poll-cursors.store';
import type { ShopRecord } from '../store/shops.store';
import { HearOrdersService } from './hear-orders.service';
import { CursorLost, HeldCursor, type CursorProgress } from './held-cursor';
import { PollProblemsService } from './poll-problems.service';
import { LEASE_MS, PollTimes } from './poll-times';
import { ReadListService, type Turn } from './read-list.service';
import { WalkOrdersService } from './walk-orders.service';

/** What the pushes of a shop say about it. */
interface Ear {
  readonly rhythm: PushRhythm;
  readonly quietAt: number | undefined;
  readonly isQuiet: boolean;
}

/** How a look ended, and what else is kept of that. */
interface Ended {
  readonly end: PollEnd;
  readonly change: CursorProgress;
}

const HELD: Ended = { end: { kind: 'held' }, change: { movedAt: undefined } };
/** A silence is noticed within this share of the time between polls. */
const WATCH_SHARE = 8;

/** One look at one shop: what was heard of it is learned, and its list is read where that is due. */
@Injectable()
export class PollShopService {
  private isStopping = false;

  constructor(
    private readonly cursors: PollCursorsStore,
    private readonly walk: WalkOrdersService,
    private readonly list: ReadListService,
    private readonly hearing: HearOrdersService,
    private readonly problems: PollProblemsService,
    private readonly channels: Channels,
    private readonly times: PollTimes,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Looks that run end after their present page. */
  stop(): void {
    this.isStopping = true;
  }

  /** Looks at the shop of a cursor that is due, unless somebody else does. */
  async look(found: PollCursor): Promise<void> {
    const now = this.clock.now();
    const ear = this.listen(found, now);
    const isListDue = found.pollAt <= now || found.pass !== undefined || ear.isQuiet;
    const hearAt = found.failures > 0 ? undefined : this.hearing.dueAt(found);
    const isDue = isListDue || (hearAt ?? Infinity) <= now;
    if (found.heard > 0 && found.untold > 0) await this.problems.heard(found);
    const heldUntil = isDue ? now + LEASE_MS : undefined;
    const held = await this.cursors.enter(found, {
      due: heldUntil ?? this.dueOf(found.pollAt, ear, hearAt),
      heldUntil,
      rhythm: ear.rhythm,
      untold: found.heard > 0 ? 0 : found.untold,
      heardTaken: found.heard,
    });
    if (held === undefined || !isDue) return;
    const shop = await this.walk.shop(held);
    if (shop === undefined) await this.cursors.remove(held);
    else await this.poll(shop, new HeldCursor(this.cursors, this.clock, held), { ...ear, isListDue });
  }

  private async poll(shop: ShopRecord, held: HeldCursor, ear: Ear & { isListDue: boolean }): Promise<void> {
    const turn = { shop, held, isQuiet: ear.isQuiet, isStopping: () => this.isStopping };
    try {
      await this.conclude(held, ear, this.isUnauthorised(shop) ? HELD : await this.read(turn, ear.isListDue));
    } catch (error) {
      if (!(error instanceof CursorLost)) throw error;
    } finally {
      held.letGo();
    }
  }

  /** Nobody has given the hub the right to act for it yet: that is no trouble. */
  private isUnauthorised({ tokenState, channel }: ShopRecord): boolean {
    return !tokenState.isPresent && this.channels.byCode.get(channel)?.authorisation !== undefined;
  }

  private async read(turn: Turn, isListDue: boolean): Promise<Ended> {
    try {
      await this.hearing.hear(turn);
      const { pollAt } = turn.held.present;
      return { end: isListDue ? await this.list.read(turn) : { kind: 'heard', pollAt }, change: {} };
    } catch (error) {
      return this.failed(turn.shop, turn.held, error);
    }
  }

  private async conclude(held: HeldCursor, ear: Ear, { end, change }: Ended): Promise<void> {
    const isQuiet = ear.isQuiet || this.problems.isSilent(held.present.untold, false);
    const pace = { now: this.clock.now(), pollMs: this.times.pollMs, isQuiet, random: Math.random() };
    const pollAt = planPoll(end, pace);
    const hearAt = end.kind === 'failed' || end.kind === 'held' ? undefined : this.hearing.againAt(held.present);
    await held.end({ ...change, due: this.dueOf(pollAt, ear, hearAt), pollAt });
  }

  /** The pass stays as far as it is; where its next page cannot be had any more, its window begins anew. */
  private async failed(shop: ShopRecord, { present }: HeldCursor, error: unknown): Promise<Ended> {
    if (error instanceof CursorLost) throw error;
    const failure = failureOf(error);
    if (failure.kind === 'fault') this.log.error({ err: error, shop: shop.id }, 'polling met a mistake of the hub');
    else this.log.info({ seller: shop.seller, shop: shop.id, failure }, 'orders could not be polled');
    const isPageGone = present.pass?.next !== undefined && ['malformed', 'refused'].includes(failure.kind);
    const failures = present.failures + 1;
    const last = { at: this.clock.now(), end: failure.kind, seen: 0, written: 0 };
    const change = { failures, last, ...(isPageGone && { pass: undefined }) };
    if (error instanceof ChannelError && failure.kind === 'unauthorized') {
      return { end: { kind: 'held' }, change: { ...change, movedAt: undefined } };
    }
    const { afterMs } = failure;
    const movedAt = (isPageGone ? present.pass.movedBefore : present.movedAt) ?? this.clock.now();
    await this.problems.failed(shop, { ...present, movedAt }, failure.reason);
    return {
      end: { kind: 'failed', failures, ...(afterMs !== undefined && { afterMs }) },
      change: { ...change, movedAt },
    };
  }

  private listen(cursor: PollCursor, now: number): Ear {
    const rhythm = learnRhythm(cursor.rhythm, { pushes: cursor.heard, now, hourMs: this.times.hourMs });
    const at = quietAt(rhythm, cursor.heardAt ?? cursor.since, this.times.hourMs);
    return { rhythm, quietAt: at, isQuiet: at !== undefined && at <= now };
  }

  /** When somebody is to look: for the list, for who waits to hear of orders, or whether the shop became quiet. */
  private dueOf(pollAt: number, { quietAt: at }: Ear, hearAt = Infinity): number {
    const now = this.clock.now();
    const lookAt = Math.min(pollAt, hearAt);
    if (at === undefined || at <= now) return lookAt;
    return Math.min(lookAt, Math.max(at, now + this.times.pollMs / WATCH_SHARE));
  }
}
