import { Injectable } from '@nestjs/common';
import type { Hint } from '../../connectors/kit';
import { checkTarget, targetIdOf } from '../domain';
import { Clock } from '../platform/clock';
import { HubError } from '../platform/hub-error';
import type { DeliveryRecord, Settled } from '../store/deliveries.store';
import { ListingsStore } from '../store/listings.store';
import { ShopsStore, type ShopRecord } from '../store/shops.store';
import { TargetsStore } from '../store/targets.store';

type ListingsHint = Extract<Hint, { kind: 'listings' }>;

const MOST_ROUNDS = 20;

/** Takes pushes that tell of listings changed by something besides an order: what they show is to be read back. */
@Injectable()
export class CheckListingsService {
  constructor(
    private readonly shops: ShopsStore,
    private readonly listings: ListingsStore,
    private readonly targets: TargetsStore,
    private readonly clock: Clock,
  ) {}

  /** What became of such a push. Listings that are not known here are nobody's concern. */
  async take({ id, v, app }: DeliveryRecord, hint: ListingsHint): Promise<Settled> {
    const shop = await this.shopOf(app, hint.channelShopId);
    if (shop === undefined) return { id, v, verdict: 'ignored', why: 'it is about no shop that is known here' };
    const about = { id, v, seller: shop.seller, shop: shop.id };
    const count = await this.check(shop, hint.listingKeys);
    if (count === 0) return { ...about, verdict: 'ignored', why: `${hint.reason}: of no listing that is known here` };
    return { ...about, verdict: 'accepted', why: `${hint.reason}: ${count} read back` };
  }

  private async check(shop: ShopRecord, keys: readonly string[]): Promise<number> {
    const listings = await this.listings.byKeys(shop.seller, shop.id, keys);
    let waiting = listings.map(({ listing }) => targetIdOf(shop.seller, shop.id, listing));
    for (let round = 0; waiting.length > 0 && round < MOST_ROUNDS; round += 1) {
      const targets = await this.targets.readMany(waiting);
      const written = await Promise.all(
        waiting.map(async (id) => {
          const target = targets.get(id);
          const checked = target && checkTarget(target, this.clock.now());
          return checked === undefined || this.targets.swap(checked);
        }),
      );
      waiting = waiting.filter((_, at) => written[at] === false);
    }
    if (waiting.length > 0) throw new HubError('conflict', 'later', { message: 'targets changed under every check' });
    return listings.length;
  }

  private shopOf(app: DeliveryRecord['app'], channelShopId: string | undefined): Promise<ShopRecord | undefined> {
    return channelShopId === undefined ? this.shops.findOnlyOf(app) : this.shops.findByChannelShop(app, channelShopId);
  }
}
