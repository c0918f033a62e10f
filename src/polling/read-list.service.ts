import { Injectable } from '@nestjs/common';
import { ChannelError } from '../../connectors/kit';
import { nextWindow, type OrderId, type PollEnd } from '../domain';
import { Channels } from '../platform/channels';
import { Clock } from '../platform/clock';
import { crashPoint } from '../platform/crash-point';
import { OrderDoor, type LookAnswer } from '../platform/doors';
import type { PollPass } from '../store/poll-cursors.store';
import type { ShopRecord } from '../store/shops.store';
import type { HeldCursor } from './held-cursor';
import { PollProblemsService } from './poll-problems.service';
import { PollTimes } from './poll-times';
import { stillUnread } from './still-unread';
import { WalkOrdersService } from './walk-orders.service';

/** So many pages, or so long, then it is another shop's turn. */
const MOST_PAGES = 10;
const TURN_MS = 20_000;
const MOST_UNREAD = 100;
/** A hub that was away for longer than so many polls cannot tell what pushes told meanwhile. */
const REGULAR_POLLS = 3;

/** What a turn is about. */
export interface Turn {
  readonly shop: ShopRecord;
  readonly held: HeldCursor;
  readonly isQuiet: boolean;
  readonly isStopping: () => boolean;
}

/** Reads a shop's list of changed orders from where it stopped. The cursor goes on when a window is read whole. */
@Injectable()
export class ReadListService {
  constructor(
    private readonly walk: WalkOrdersService,
    private readonly door: OrderDoor,
    private readonly problems: PollProblemsService,
    private readonly channels: Channels,
    private readonly times: PollTimes,
    private readonly clock: Clock,
  ) {}

  /** @throws ChannelError, CursorLost; every page that was read stays read. */
  async read(turn: Turn): Promise<PollEnd> {
    await this.retryUnread(turn);
    const endsAt = this.clock.now() + TURN_MS;
    for (let pages = 0; pages < MOST_PAGES; pages += 1) {
      if (await this.page(turn)) return { kind: 'read', isBehind: this.isBehind(turn) };
      if (turn.isStopping() || this.clock.now() > endsAt) break;
    }
    return { kind: 'more' };
  }

  /** True when it was the window's last. */
  private async page(turn: Turn): Promise<boolean> {
    const { shop, held } = turn;
    const pass = held.present.pass ?? this.firstPass(turn);
    const listed = await this.walk.page(shop, { by: 'updated', from: pass.from, to: pass.to }, pass.next);
    const answers = await this.walk.take(shop, listed.externalIds, listed.updatedAt);
    crashPoint('cursor');
    await this.tellSilence(turn, answers);
    const written = pass.written + answers.filter(({ kind }) => kind === 'written').length;
    const so = { seen: pass.seen + listed.externalIds.length, written };
    const unread = this.unreadAfter(turn, answers);
    const movedAt = this.clock.now();
    if (listed.next !== undefined) {
      await held.keep({ pass: { ...pass, ...so, next: listed.next }, movedAt, unread });
      return false;
    }
    if (held.present.failures > 0) await this.problems.moved(held.present);
    const last = { at: movedAt, end: 'read', ...so };
    await held.keep({ pass: undefined, readTo: pass.to, movedAt, unread, failures: 0, last });
    return true;
  }

  private firstPass({ shop, held }: Turn): PollPass {
    const longestMs = this.channels.byCode.get(shop.channel)?.manifest.orderWindowMs;
    const window = nextWindow({
      readTo: held.present.readTo,
      now: this.clock.now() - this.times.settledMs,
      overlapMs: this.times.overlapMs,
      ...(longestMs !== undefined && { longestMs }),
    });
    const { movedAt: movedBefore = this.clock.now() } = held.present;
    return { ...window, seen: 0, written: 0, movedBefore };
  }

  private isBehind({ held }: Turn): boolean {
    return held.present.readTo < this.clock.now() - this.times.pollMs - this.times.settledMs;
  }

  /** Orders that no page will name again are not forgotten: they are tried for a while, then a letter is kept. */
  private async retryUnread({ shop, held }: Turn): Promise<void> {
    const { unread } = held.present;
    if (unread.length === 0) return;
    const ids = unread.map(({ externalId }) => externalId);
    const answers = await this.walk.take(shop, ids);
    const now = this.clock.now();
    const left = stillUnread(unread, answers, now);
    const given = left.filter(({ since }) => now - since > this.times.unreadMs);
    for (const { externalId, why } of given)
      await this.door.bury({ seller: shop.seller, shop: shop.id }, externalId, why);
    await held.keep({ unread: left.filter((each) => !given.includes(each)) });
  }

  private unreadAfter({ held }: Turn, answers: readonly LookAnswer[]): ReturnType<typeof stillUnread> {
    const unread = stillUnread(held.present.unread, answers, this.clock.now());
    if (unread.length <= MOST_UNREAD) return unread;
    throw new ChannelError({ kind: 'malformed' }, `${unread.length} orders of the list cannot be read`);
  }

  /** Counts what pushes should have told of, and says so. Where a later push came, one is lost or late, and none are off. */
  private async tellSilence({ shop, held, isQuiet }: Turn, answers: readonly LookAnswer[]): Promise<void> {
    const now = this.clock.now();
    const { readTo, since, heardAt = since } = held.present;
    if (now - readTo > REGULAR_POLLS * this.times.pollMs + this.times.settledMs) return;
    const told = now - (isQuiet ? this.times.quietGraceMs : this.times.graceMs);
    const orders = answers.flatMap((answer): readonly OrderId[] => {
      if (answer.kind !== 'written') return [];
      const { updatedAt, id } = answer.order;
      return updatedAt > Math.max(since, heardAt) && updatedAt < told ? [id] : [];
    });
    if (orders.length === 0) return;
    await held.keep({ untold: held.present.untold + orders.length });
    if (this.problems.isSilent(held.present.untold, isQuiet)) {
      await this.problems.tellSilent(shop, held.present, orders);
    }
  }
}
