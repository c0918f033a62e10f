import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../platform/clock';
import { Log } from '../platform/logger';
import { Pace } from '../platform/pace';
import { Sweeps } from '../platform/sweep';
import { CatchUp } from '../store/catch-up.store';
import { ShopTokensStore } from '../store/shop-tokens.store';
import type { ShopRecord } from '../store/shops.store';
import { TokenKeeper } from '../store/token-keeper.store';

const TOKENS_MS = 1000;
const CATCH_UP_MS = 500;
const AT_A_TIME = 32;
/** Shops asked for at one moment: a channel that is slow for one holds up few. */
const SIDE_BY_SIDE = 8;
const AFTER_MISTAKE_MS = 60_000;

/** Renews tokens ahead of their end, and lets go on what was held when a shop can be called again. */
@Injectable()
export class TendTokensWorker implements OnModuleInit {
  constructor(
    private readonly tokens: ShopTokensStore,
    private readonly keeper: TokenKeeper,
    private readonly catchUp: CatchUp,
    private readonly sweeps: Sweeps,
    private readonly clock: Clock,
    private readonly pace: Pace,
    private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.sweeps.every({ name: 'tokens', everyMs: TOKENS_MS, sweep: () => this.tendAll() });
    this.sweeps.every({ name: 'catch-up', everyMs: CATCH_UP_MS, sweep: () => this.catchUpAll() });
  }

  private async tendAll(): Promise<number> {
    const due = await this.tokens.dueBefore(this.clock.now(), AT_A_TIME);
    await this.eachOf(due, (shop) => this.tend(shop));
    return due.length;
  }

  /** One that meets a mistake goes behind those that wait. */
  private async tend(shop: ShopRecord): Promise<void> {
    try {
      await this.keeper.tend(shop);
    } catch (error) {
      await this.tokens.mark(shop, { refreshDue: this.clock.now() + this.pace.of(AFTER_MISTAKE_MS) });
      throw error;
    }
  }

  private async catchUpAll(): Promise<number> {
    const due = await this.tokens.caughtUpDueBefore(this.clock.now(), AT_A_TIME);
    await this.eachOf(due, (shop) => this.catchUp.run(shop));
    return due.length;
  }

  /** What goes wrong with one shop stops no other. */
  private async eachOf(shops: readonly ShopRecord[], work: (shop: ShopRecord) => Promise<void>): Promise<void> {
    const waiting = [...shops];
    const worker = async (): Promise<void> => {
      for (let shop = waiting.shift(); shop !== undefined; shop = waiting.shift()) {
        const { seller, id } = shop;
        await work(shop).catch((error: unknown) =>
          this.log.error({ seller, shop: id, err: error }, 'the tokens of a shop could not be looked at'),
        );
      }
    };
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
  }
}
