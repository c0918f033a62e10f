import { Injectable } from '@nestjs/common';
import type { Hint } from '../../connectors/kit';
import type { DeliveryRecord, Settled } from '../store/deliveries.store';
import { ShopsStore, type ShopRecord } from '../store/shops.store';
import { TokenKeeper } from '../store/token-keeper.store';

type AccessHint = Extract<Hint, { kind: 'access' }>;

/** Takes pushes that tell of the right to act for shops: it ends, it ended, it was given anew. */
@Injectable()
export class AccessNewsService {
  constructor(
    private readonly shops: ShopsStore,
    private readonly keeper: TokenKeeper,
  ) {}

  /** What became of such a push. Shops that are not known here have nothing that could end. */
  async take(delivery: DeliveryRecord, hint: AccessHint): Promise<Settled> {
    const ids = hint.channelShopIds ?? [hint.channelShopId];
    const found = await Promise.all(ids.map((id) => this.shopOf(delivery, id)));
    const shops = found.flatMap((shop) => shop ?? []);
    const news = { news: hint.news, at: delivery.receivedAt, ...(hint.until !== undefined && { until: hint.until }) };
    const heard = await Promise.all(shops.map((shop) => this.keeper.hear(shop, news)));
    const ref = { id: delivery.id, v: delivery.v };
    const [first] = shops;
    if (first === undefined) return { ...ref, verdict: 'ignored', why: 'it is about no shop that is known here' };
    const about = { ...ref, seller: first.seller, shop: first.id };
    if (!heard.includes('heard')) return { ...about, verdict: 'ignored', why: 'the shop was authorised since' };
    return { ...about, verdict: 'accepted', why: `the right to act for the shop: ${hint.news}` };
  }

  /** As it is now: what is noted of its tokens names the pair that they are. */
  private shopOf({ app }: DeliveryRecord, id: string | undefined): Promise<ShopRecord | undefined> {
    return id === undefined ? this.shops.findOnlyOf(app) : this.shops.findByChannelShop(app, id);
  }
}
