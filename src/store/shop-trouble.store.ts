import { Injectable } from '@nestjs/common';
import type { ChannelError } from '../../connectors/kit';
import { keyOf } from '../domain';
import { Breakers } from '../platform/breaker';
import { Clock } from '../platform/clock';
import { ProblemsStore } from './problems.store';
import { NoToken } from './renew-tokens.store';
import { ShopCalls } from './shop-calls.store';
import type { ShopRecord } from './shops.store';
import { TokenProblems } from './token-problems.store';

const MOST_REMEMBERED = 10_000;
/** Another process may have opened one meanwhile. */
const WELL_MS = 5000;
/** A shop that has to wait longer than this is somebody's business: a daily quota, mostly. */
const LONG_WAIT_MS = 300_000;

/** The problems *token not accepted*, *channel down* and *throttled* of a shop: each closes with the next call that works. */
@Injectable()
export class ShopTrouble {
  /** Shops that had no such problem open a moment ago, and until when that is good: a call that works costs no write. */
  private readonly well = new Map<string, number>();

  constructor(
    private readonly problems: ProblemsStore,
    private readonly calls: ShopCalls,
    private readonly tokens: TokenProblems,
    private readonly breakers: Breakers,
    private readonly clock: Clock,
  ) {}

  async worked(shop: ShopRecord): Promise<void> {
    const now = this.clock.now();
    if ((this.well.get(shop.id) ?? 0) > now) return;
    const keys = ['unauthorized', 'channel-down', 'throttled'].map((kind) => keyOf(kind, shop.id));
    await this.problems.closeMany(shop.seller, keys, now);
    if (this.well.size >= MOST_REMEMBERED) this.well.clear();
    this.well.set(shop.id, now + WELL_MS);
  }

  async failed(shop: ShopRecord, error: ChannelError): Promise<void> {
    if (error.failure.kind === 'unavailable') return this.isDown(shop, error);
    if (error.failure.kind === 'throttled') return this.waits(shop, error.failure.afterMs ?? 0);
    if (error.failure.kind !== 'unauthorized') return;
    this.well.delete(shop.id);
    // Where no token could be had, none was refused. One that can be replaced is nobody's problem.
    if (!(error instanceof NoToken) && (await this.calls.forget(shop)) !== 'lost') return;
    await this.tokens.isOver(shop, error.message);
  }

  /** One failed call is no news; a breaker that opened is. */
  private async isDown(shop: ShopRecord, error: ChannelError): Promise<void> {
    if (this.breakers.stateOf(shop.channel, keyOf(shop.seller, shop.id)) === 'closed') return;
    this.well.delete(shop.id);
    await this.problems.open(
      {
        seller: shop.seller,
        key: keyOf('channel-down', shop.id),
        kind: 'channel-down',
        detail: `${shop.channel} does not answer for ${shop.name}: ${error.message}`,
        action: 'Nothing: the hub goes on by itself when the channel is back, with one current number per listing.',
        shop: shop.id,
      },
      this.clock.now(),
    );
  }

  /** A moment's wait is no news. */
  private async waits(shop: ShopRecord, afterMs: number): Promise<void> {
    if (afterMs < LONG_WAIT_MS) return;
    this.well.delete(shop.id);
    const now = this.clock.now();
    const until = new Date(Math.ceil((now + afterMs) / 60_000) * 60_000).toISOString().slice(0, 16);
    await this.problems.open(
      {
        seller: shop.seller,
        key: keyOf('throttled', shop.id),
        kind: 'throttled',
        detail: `${shop.channel} takes no calls for ${shop.name} before ${until}Z.`,
        action: 'Nothing: the hub goes on by itself then. Until then numbers and orders of this shop stand still.',
        shop: shop.id,
      },
      now,
    );
  }
}
