import { Injectable, type BeforeApplicationShutdown, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../platform/clock';
import { Log, withLogContext } from '../platform/logger';
import { Metrics } from '../platform/metrics';
import { Sweeps } from '../platform/sweep';
import { PollCursorsStore, type PollCursor } from '../store/poll-cursors.store';
import { PollShopService } from './poll-shop.service';

const EVERY_MS = 500;
/** Shops that this process looks at side by side. */
const AT_A_TIME = 12;
/** Other processes read the same list: each begins at another of these. */
const LOOKAHEAD = 4;

/** Looks at the shops that are due, a few at a time, those that wait longest first. */
@Injectable()
export class PollWorker implements OnModuleInit, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly active = new Map<string, Promise<void>>();
  private isStopping = false;

  constructor(
    private readonly cursors: PollCursorsStore,
    private readonly polls: PollShopService,
    private readonly sweeps: Sweeps,
    private readonly metrics: Metrics,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.sweeps.every({ name: 'polls', everyMs: EVERY_MS, sweep: () => this.begin() });
    this.metrics.lookedUp(
      { name: 'sluice_oldest_cursor_seconds', help: 'Since when a shop is not read by polling.', labelNames: [] },
      async () => {
        const oldest = await this.cursors.oldest();
        return oldest === undefined ? [] : [{ labels: {}, value: (this.clock.now() - oldest) / 1000 }];
      },
    );
  }

  onModuleDestroy(): void {
    this.isStopping = true;
    this.polls.stop();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.rest();
  }

  /** Begins as many looks as there is room for. @returns how many. */
  async begin(): Promise<number> {
    const room = AT_A_TIME - this.active.size;
    if (room <= 0 || this.isStopping) return 0;
    const due = await this.cursors.dueBefore(this.clock.now(), room * LOOKAHEAD);
    const mine = shuffled(due.filter(({ id }) => !this.active.has(id))).slice(0, room);
    for (const cursor of mine) this.start(cursor, due.length > room);
    return mine.length;
  }

  /** Resolves when no look runs. */
  async rest(): Promise<void> {
    while (this.active.size > 0) await Promise.all(this.active.values());
  }

  private start(cursor: PollCursor, isMore: boolean): void {
    const { seller, shop } = cursor;
    const look = withLogContext({ seller, shop }, () => this.polls.look(cursor))
      .catch((error: unknown) => this.log.warn({ err: error }, 'a look at a shop ended early; another one follows'))
      .then(() => void this.active.delete(cursor.id))
      .then(() => (isMore ? void this.begin().catch(() => undefined) : undefined));
    this.active.set(cursor.id, look);
  }
}

/** The longest waiting stay among the first, in another order in each process. */
function shuffled<Item>(items: readonly Item[]): Item[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
