import { CHANNELS, type Channel } from './channels';
import type { Api } from './http';
import type { Seller } from './seller';

const PRICE = { amount: '10.00', currency: 'SGD' };

export interface Part {
  readonly sku: string;
  readonly units: number;
}

/** A sku to be made: counted, and sold as single units in these shops. */
export interface Goods {
  readonly sku: string;
  readonly onHand: number;
  readonly channels?: readonly Channel[];
  readonly safetyBuffer?: number;
}

/** Makes goods at the marketplaces and at the hub through its API, and answers when every listing is written. */
export class Shelf {
  constructor(
    private readonly place: { readonly hub: Api; readonly sandbox: Api },
    private readonly seller: Seller,
  ) {}

  /** Skus with a count and a listing of one unit in each shop; the marketplaces show what the hub wants from the start. */
  async stock(goods: readonly Goods[]): Promise<void> {
    await Promise.all(goods.map((each) => this.stockOne(each)));
  }

  async sku(sku: string, more: object = {}): Promise<void> {
    await this.place.hub.must('PUT', skuPath(sku), { name: `Name of ${sku}`, basePrice: PRICE, ...more });
  }

  async count(sku: string, onHand: number): Promise<void> {
    await this.place.hub.must('PUT', `/v1/stock/${encodeURIComponent(sku)}`, { onHand, reason: 'counted' });
  }

  /** A listing that takes these parts of stock with every sale, first at the marketplace and then at the hub. */
  async list(channel: Channel, listing: string, of: { parts: readonly Part[]; quantity: number }): Promise<void> {
    await this.listAt(channel, listing, of);
    await this.map(channel, listing, of.parts);
  }

  /** At the marketplace only: the hub does not know it. */
  async listAt(channel: Channel, listing: string, of: { parts: readonly Part[]; quantity: number }): Promise<void> {
    const shop = this.seller.shops[channel].channelShopId;
    const body = { listings: [{ sku: listing, quantity: of.quantity, contains: of.parts }] };
    const { items } = await this.place.sandbox.must('POST', `/${channel}/shops/${shop}/listings`, body);
    this.idsOf.set(`${channel} ${listing}`, items[0].channelIds);
  }

  /** At the hub only: what the marketplace sells under this name. */
  async map(channel: Channel, listing: string, parts: readonly Part[]): Promise<void> {
    const [only, ...others] = parts;
    const what = others.length === 0 ? { sku: only?.sku, units: only?.units } : { bundle: parts };
    const { id } = this.seller.shops[channel];
    const channelIds = this.idsOf.get(`${channel} ${listing}`);
    await this.place.hub.must('PUT', `/v1/shops/${id}/listings/${encodeURIComponent(listing)}`, {
      channelIds,
      ...what,
    });
  }

  private readonly idsOf = new Map<string, Readonly<Record<string, string>>>();

  private async stockOne({ sku, onHand, channels = CHANNELS, safetyBuffer }: Goods): Promise<void> {
    await this.sku(sku, safetyBuffer === undefined ? {} : { safetyBuffer });
    const parts = [{ sku, units: 1 }];
    const quantity = Math.max(0, onHand - (safetyBuffer ?? 0));
    await Promise.all(channels.map((channel) => this.list(channel, sku, { parts, quantity })));
    await this.place.sandbox.must('PUT', `/stock/${encodeURIComponent(sku)}`, { units: onHand });
    await this.count(sku, onHand);
  }
}

const skuPath = (sku: string): string => `/v1/skus/${encodeURIComponent(sku)}`;
