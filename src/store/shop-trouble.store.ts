import { Injectable } from '@nestjs/common';
import type { ChannelError } from '../../connectors/kit';
import { keyOf } from '../domain';
import { Clock } from '../platform/clock';
import { ProblemsStore } from './problems.store';
import { ShopCalls } from './shop-calls.store';
import type { ShopRecord } from './shops.store';

const MOST_REMEMBERED = 10_000;

/** The problem *this shop's token is not accepted*: opens when a call is refused so, closes with the next that works. */
@Injectable()
export class ShopTrouble {
  /** Shops known to have no such problem open, so that a call that works costs no write. */
  private readonly well = new Set<string>();

  constructor(
    private readonly problems: ProblemsStore,
    private readonly calls: ShopCalls,
    private readonly clock: Clock,
  ) {}

  async worked(shop: ShopRecord): Promise<void> {
    if (this.well.has(shop.id)) return;
    await this.problems.close(shop.seller, keyOf('unauthorized', shop.id), this.clock.now());
    if (this.well.size >= MOST_REMEMBERED) this.well.clear();
    this.well.add(shop.id);
  }

  async failed(shop: ShopRecord, error: ChannelError): Promise<void> {
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
}
