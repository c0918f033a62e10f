import { Injectable } from '@nestjs/common';
import { keyOf, type OrderId } from '../domain';
import { Clock } from '../platform/clock';
import type { PollCursor } from '../store/poll-cursors.store';
import { ProblemsStore } from '../store/problems.store';
import type { ShopRecord } from '../store/shops.store';
import { PollTimes } from './poll-times';

/** Without a rhythm of its own a shop may have so many orders that no push told of. */
const MOST_UNTOLD = 2;

const inSeconds = (ms: number): string => `${Math.max(1, Math.round(ms / 1000))} s`;
const instantOf = (ms: number): string => new Date(ms).toISOString();

/** The problems *cursor stuck* and *silent*: who opens one closes it when its cause is gone. */
@Injectable()
export class PollProblemsService {
  constructor(
    private readonly problems: ProblemsStore,
    private readonly times: PollTimes,
    private readonly clock: Clock,
  ) {}

  /** Orders came by polling that pushes should have told of. */
  isSilent(untold: number, isQuiet: boolean): boolean {
    return untold > (isQuiet ? 0 : MOST_UNTOLD);
  }

  async tellSilent(shop: ShopRecord, cursor: PollCursor, orders: readonly OrderId[]): Promise<void> {
    const since =
      cursor.heardAt === undefined ? 'No push has come yet' : `The last push came ${instantOf(cursor.heardAt)}`;
    await this.problems.open(
      {
        seller: shop.seller,
        key: keyOf('silent', shop.id),
        kind: 'silent',
        detail: `${shop.channel} sends no pushes for ${shop.name}. ${since}; ${cursor.untold} changes were found by polling.`,
        action:
          'Look whether pushes are switched on at the channel, and go to the address of GET /v1/apps. Orders come in by polling meanwhile.',
        shop: shop.id,
        orders,
      },
      this.clock.now(),
    );
  }

  /** Pushes come again. */
  async heard(cursor: PollCursor): Promise<void> {
    await this.problems.close(cursor.seller, keyOf('silent', cursor.shop), this.clock.now());
  }

  /** A pass failed: one that fails for long is stuck. */
  async failed(shop: ShopRecord, cursor: PollCursor, why: string): Promise<void> {
    const now = this.clock.now();
    if (cursor.movedAt === undefined || now - cursor.movedAt < this.times.stuckMs) return;
    await this.problems.open(
      {
        seller: shop.seller,
        key: keyOf('cursor-stuck', shop.id),
        kind: 'cursor-stuck',
        detail: `The orders of ${shop.name} are read up to ${instantOf(cursor.readTo)} and no further: ${why}`,
        action: `Nothing is lost: it is tried at least every ${inSeconds(this.times.pollMs)} and goes on from there.`,
        shop: shop.id,
      },
      now,
    );
  }

  async moved(cursor: PollCursor): Promise<void> {
    await this.problems.close(cursor.seller, keyOf('cursor-stuck', cursor.shop), this.clock.now());
  }
}
