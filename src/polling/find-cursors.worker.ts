import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ulid } from 'ulid';
import { Channels } from '../platform/channels';
import { Clock } from '../platform/clock';
import { Sweeps } from '../platform/sweep';
import { cursorIdOf, PollCursorsStore, type PollCursor } from '../store/poll-cursors.store';
import { ShopsStore, type ShopRecord } from '../store/shops.store';
import { nextNight } from '../platform/next-night';
import { FIRST_DAYS_MS } from './poll-times';

const EVERY_MS = 1000;
const PER_READ = 200;
/** The clocks of processes that make shops differ by less. */
const LATE_MS = 600_000;
const TIME_PART = 10;

/** Gives every shop whose channel lists its orders a cursor: all of them once, then the new ones. */
@Injectable()
export class FindCursorsWorker implements OnModuleInit {
  private after = '';

  constructor(
    private readonly shops: ShopsStore,
    private readonly cursors: PollCursorsStore,
    private readonly channels: Channels,
    private readonly sweeps: Sweeps,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.sweeps.every({ name: 'new cursors', everyMs: EVERY_MS, sweep: () => this.sweep() });
  }

  /** @returns how many were made. */
  async sweep(): Promise<number> {
    let made = 0;
    for (;;) {
      const shops = await this.shops.walk(this.after, PER_READ);
      const listed = shops.filter((shop) => this.channels.byCode.has(shop.channel));
      if (listed.length > 0) made += await this.cursors.ensure(listed.map((shop) => this.cursorOf(shop)));
      const last = shops.at(-1);
      if (last === undefined || shops.length < PER_READ) break;
      this.after = last.id;
    }
    this.after = ulid(this.clock.now() - LATE_MS).slice(0, TIME_PART);
    return made;
  }

  private cursorOf(shop: ShopRecord): Omit<PollCursor, 'v'> {
    const now = this.clock.now();
    return {
      id: cursorIdOf(shop.seller, shop.id),
      ...{ seller: shop.seller, shop: shop.id, since: now, due: now, pollAt: now, movedAt: now },
      readTo: now - FIRST_DAYS_MS,
      ...{ failures: 0, unread: [], heard: 0, untold: 0 },
      auditAt: nextNight(now, shop),
    };
  }
}
