import { Injectable } from '@nestjs/common';
import type { ChannelError } from '../../connectors/kit';
import { keyOf } from '../domain';
import { Breakers } from '../platform/breaker';
import { Clock } from '../platform/clock';
import { ProblemsStore } from './problems.store';
import { ShopCalls } from './shop-calls.store';
import type { ShopRecord } from './shops.store';

const MOST_REMEMBERED = 10_000;

/** The problems *token not accepted* and *channel down* of a shop: each closes with the next call that works. */
@Injectable()
export class ShopTrouble {
  /** Shops known to have no such problem open, so that a call that works costs no write. */
  private readonly well = new Set<string>();

  constructor(
    private readonly problems: ProblemsStore,
    private readonly calls: ShopCalls,
    private readonly breakers: Breakers,
    private readonly clock: Clock,
  ) {}

  async worked(shop: ShopRecord): Promise<void> {
    if (this.well.has(shop.id)) return;
    const now = this.clock.now();
    const keys = [keyOf('unauthorized', shop.id), keyOf('channel-down', shop.id)];
    await Promise.all(keys.map((key) => this.problems.close(shop.seller, key, now)));
    if (this.well.size >= MOST_REMEMBERED) this.well.clear();
    this.well.add(shop.id);
  }

  async failed(shop: ShopRecord, error: ChannelError): Promise<void> {
    if (error.failure.kind === 'unavailable') return this.isDown(shop, error);
    if (error.failure.kind !== 'unauthorized') return;
    this.well.delete(shop.id);
    await this.calls.forget(shop);
    await this.problems.open(
      {
        seller: shop.seller,
        key: keyOf('unauthorized', shop.id),
        kind: 'unauthorized',
        detail: `${shop.channel} does not accept the token of ${shop.name}: ${error.message}`,
        action: 'Authorise the shop again. Its orders are held and caught up with afterwards.',
        shop: shop.id,
      },
      this.clock.now(),
    );
  }

  /** One failed call is no news; a breaker that opened is. */
  private async isDown(shop: ShopRecord, error: ChannelError): Promise<void> {
    if (this.breakers.stateOf(shop.channel) === 'closed') return;
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
}
