import { Injectable } from '@nestjs/common';
import type { DeliveryId } from '../domain';
import { Clock } from '../platform/clock';
import { DeliveriesStore } from './deliveries.store';
import { PollCursorsStore } from './poll-cursors.store';
import { ShopTokensStore } from './shop-tokens.store';
import { ShopsStore, type ShopRecord } from './shops.store';
import { TargetsStore } from './targets.store';
import { TokenKeeper } from './token-keeper.store';

/** What a shop without a token keeps waiting, and that all of it is due at once when there is one again. */
@Injectable()
export class CatchUp {
  constructor(
    private readonly deliveries: DeliveriesStore,
    private readonly targets: TargetsStore,
    private readonly cursors: PollCursorsStore,
    private readonly shops: ShopsStore,
    private readonly tokens: ShopTokensStore,
    private readonly keeper: TokenKeeper,
    private readonly clock: Clock,
  ) {}

  /** These pushes wait for the shop's token. One that came while this was written lets them go again. */
  async hold(ids: readonly DeliveryId[], { seller, id }: Pick<ShopRecord, 'seller' | 'id'>): Promise<void> {
    await this.deliveries.hold(ids, id);
    const shop = await this.shops.find(seller, id);
    if (shop !== undefined && this.keeper.isGood(shop)) await this.deliveries.release(id, this.clock.now());
  }

  /** The shop can be called: all that it held is due, and nobody has to authorise it any more. */
  async run(shop: ShopRecord): Promise<void> {
    const now = this.clock.now();
    await this.deliveries.release(shop.id, now);
    await this.targets.wake({ seller: shop.seller, shop: shop.id }, now);
    await this.cursors.wake(shop.seller, shop.id, now);
    await this.keeper.tell(shop);
    await this.tokens.settleCatchUp(shop);
  }
}
