import { Injectable } from '@nestjs/common';
import { ChannelError } from '../../connectors/kit';
import { keyOf, type AppId } from '../domain';
import { ShopCalls, type CallableShop } from '../store/shop-calls.store';
import { ShopTrouble } from '../store/shop-trouble.store';
import { ShopsStore, type ShopRecord } from '../store/shops.store';

const FRESH_MS = 2000;
const MOST_CACHED = 5000;

/** A shop that no token can be had for now. */
export class Uncallable {
  constructor(
    readonly shop: ShopRecord,
    readonly error: ChannelError,
  ) {}
}

/** Which shop a push is about. */
@Injectable()
export class FindShopService {
  private readonly cached = new Map<string, { until: number; shop: Promise<ShopRecord | undefined> }>();

  constructor(
    private readonly shops: ShopsStore,
    private readonly calls: ShopCalls,
    private readonly trouble: ShopTrouble,
  ) {}

  /** By the app and the channel's id of the shop; without one, the app's only shop (Zalora). */
  async find(app: AppId, channelShopId: string | undefined): Promise<CallableShop | Uncallable | undefined> {
    const shop = await this.lookUp(app, channelShopId);
    if (shop === undefined) return undefined;
    try {
      return await this.calls.open(shop.seller, shop.id);
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error;
      await this.trouble.failed(shop, error);
      return new Uncallable(shop, error);
    }
  }

  private lookUp(app: AppId, channelShopId: string | undefined): Promise<ShopRecord | undefined> {
    const key = keyOf(app, channelShopId ?? '');
    const known = this.cached.get(key);
    if (known !== undefined && known.until > performance.now()) return known.shop;
    const shop =
      channelShopId === undefined ? this.shops.findOnlyOf(app) : this.shops.findByChannelShop(app, channelShopId);
    if (this.cached.size >= MOST_CACHED) this.cached.clear();
    this.cached.set(key, { until: performance.now() + FRESH_MS, shop });
    const forget = (): boolean => this.cached.delete(key);
    // A shop that is not there may be made at any moment, and what waits for it be tried again.
    shop.then((found) => found ?? forget(), forget);
    return shop;
  }
}
