import { nowUs } from './clock';
import type { Order } from './order';
import { Sessions } from './sessions';
import { CHANNELS, type App, type Channel, type Listing, type Part, type Shop } from './shop';
import { Tally } from './tally';

export interface ListingDraft {
  sku: string;
  quantity: number;
  priceHundredths: number;
  itemId?: number | undefined;
  modelId?: number | undefined;
  contains?: Part[] | undefined;
  ventureFulfilled?: boolean | undefined;
  active?: boolean | undefined;
}

export interface ShopDraft {
  id: string;
  name: string;
  region: string;
  currency: string;
  crossBorder?: boolean;
}

/** First ids of a shop's listings: [item, model]. A channel that is not named has skus and no ids of its own. */
const FIRST_IDS: Partial<Record<Channel, [number, number]>> = {
  lazada: [2_200_000_001, 11_000_000_001],
  shopee: [23_400_000_001, 0],
  zalora: [510_001, 7_100_001],
};

/** Everything that the pretend marketplaces know: apps, shops, listings, orders and counts, over all channels. */
export class Market {
  readonly sessions: Sessions;
  readonly tally = new Tally();
  private readonly apps = new Map<string, App>();
  private readonly shops = new Map<string, Shop>();
  private nextNumber = 1;

  /** `factor` is the clock's: token lives are so many times shorter. */
  constructor(factor: () => number = () => 1) {
    this.sessions = new Sessions(factor);
  }

  /**
   * Order and unit numbers go on from the second of the start, so that a restarted sandbox gives no number again that
   * a hub still knows. They are whole numbers that JSON carries exactly.
   */
  private readonly startedS = Math.floor(Date.now() / 1000);

  clear(): void {
    this.apps.clear();
    this.shops.clear();
    this.sessions.clear();
    this.tally.clear();
  }

  app(channel: Channel, key: string): App | undefined {
    return this.apps.get(`${channel} ${key}`);
  }

  shop(channel: Channel, id: string): Shop | undefined {
    return this.shops.get(`${channel} ${id}`);
  }

  appsOf(channel: Channel): App[] {
    return [...this.apps.values()].filter((app) => app.channel === channel);
  }

  shopsOf(channel?: Channel): Shop[] {
    return [...this.shops.values()].filter((shop) => channel === undefined || shop.channel === channel);
  }

  /** Registers an app; one with the same key goes, with its shops. */
  addApp(app: Omit<App, 'shops'>): App {
    const old = this.app(app.channel, app.key);
    for (const shop of old?.shops.values() ?? []) this.removeShop(shop);
    const made: App = { ...app, shops: new Map() };
    this.apps.set(`${app.channel} ${app.key}`, made);
    return made;
  }

  /** Opens a shop under an app; one with the same id goes, with its orders. */
  addShop(app: App, draft: ShopDraft): Shop {
    const old = this.shop(app.channel, draft.id);
    if (old !== undefined) this.removeShop(old);
    const shop: Shop = {
      channel: app.channel,
      id: draft.id,
      ...{ name: draft.name, region: draft.region, currency: draft.currency },
      app,
      tokens: { access: '', accessEndsMs: 0, refresh: '', refreshEndsMs: 0 },
      listings: new Map(),
      byItem: new Map(),
      byModel: new Map(),
      orders: new Map(),
      webhooks: new Map(),
      crossBorder: draft.crossBorder ?? false,
      pages: undefined,
      revoked: false,
    };
    app.shops.set(shop.id, shop);
    this.shops.set(`${shop.channel} ${shop.id}`, shop);
    return shop;
  }

  private removeShop(shop: Shop): void {
    this.sessions.revoke(shop);
    shop.app.shops.delete(shop.id);
    this.shops.delete(`${shop.channel} ${shop.id}`);
  }

  /** Puts a listing into a shop; one of the same sku goes. Ids not given follow from the shop's listings so far. */
  addListing(shop: Shop, draft: ListingDraft): Listing {
    const old = shop.listings.get(draft.sku);
    if (old !== undefined) dropListing(old);
    const [firstItem, firstModel] = FIRST_IDS[shop.channel] ?? [1, 0];
    const offset = shop.listings.size;
    const itemId = draft.itemId ?? old?.itemId ?? firstItem + offset;
    const modelId = draft.modelId ?? old?.modelId ?? (firstModel === 0 ? 0 : firstModel + offset);
    const listing: Listing = {
      shop,
      sku: draft.sku,
      itemId,
      modelId,
      contains: draft.contains,
      ventureFulfilled: draft.ventureFulfilled ?? false,
      startQuantity: draft.quantity,
      active: draft.active ?? true,
      ...{ madeMs: Date.now(), updatedMs: Date.now() },
      priceHundredths: draft.priceHundredths,
      sale: undefined,
      sellable: draft.quantity,
      ...{ withheld: 0, occupied: 0, locked: 0, sold: 0 },
      ...{ writesReceived: 0, writesRefused: 0, writesOutOfOrder: 0, writesOpen: 0, writeAnsweredAt: 0 },
    };
    index(listing);
    this.tally.begin(listing);
    return listing;
  }

  /** The next order id and number of a channel, as that channel writes them; or those of an order known before. */
  orderIds(shop: Shop, known?: string): { id: string; number: string } {
    if (known !== undefined)
      return { id: known, number: shop.channel === 'zalora' ? `${shop.region}-${known}` : known };
    const n = this.nextNumber;
    this.nextNumber += 1;
    if (shop.channel === 'shopee') {
      const orderSn = `${dayOf(nowUs())}${scatter(this.startedS * 1000 + n)}`;
      return { id: orderSn, number: orderSn };
    }
    const base = shop.channel === 'lazada' ? this.startedS * 100_000 : (this.startedS - 1_735_689_600) * 10;
    const id = String(base + n);
    return { id, number: shop.channel === 'lazada' ? id : `${shop.region}-${id}` };
  }

  /** The next id of an order's row: a unit on Lazada and Zalora, a line on Shopee. */
  rowId(channel: Channel): number {
    const n = this.nextNumber;
    this.nextNumber += 1;
    return channel === 'lazada' ? this.startedS * 100_000 + n : (this.startedS - 1_735_689_600) * 1000 + n;
  }

  findOrder(channel: Channel, id: string): Order | undefined {
    for (const shop of this.shopsOf(channel)) {
      const order = shop.orders.get(id);
      if (order !== undefined) return order;
    }
    return undefined;
  }

  /** Sets the campaign lock (Lazada) or promotion reserve (Shopee); Zalora has none. At most what buyers see. */
  lock(channel: Channel, units: number): void {
    if (channel === 'zalora') return;
    for (const shop of this.shopsOf(channel)) {
      for (const listing of shop.listings.values()) listing.locked = Math.min(units, Math.max(0, listing.sellable));
    }
  }

  listingsOf(sku: string, channels: readonly Channel[] = CHANNELS): Listing[] {
    return this.shopsOf()
      .filter((shop) => channels.includes(shop.channel))
      .flatMap((shop) => shop.listings.get(sku) ?? []);
  }
}

function index(listing: Listing): void {
  const { shop } = listing;
  shop.pages = undefined;
  shop.listings.set(listing.sku, listing);
  const siblings = shop.byItem.get(listing.itemId);
  if (siblings === undefined) shop.byItem.set(listing.itemId, [listing]);
  else siblings.push(listing);
  if (listing.modelId !== 0) shop.byModel.set(listing.modelId, listing);
}

function dropListing(listing: Listing): void {
  const { shop } = listing;
  const siblings = (shop.byItem.get(listing.itemId) ?? []).filter((other) => other !== listing);
  if (siblings.length === 0) shop.byItem.delete(listing.itemId);
  else shop.byItem.set(listing.itemId, siblings);
  shop.pages = undefined;
  shop.byModel.delete(listing.modelId);
  shop.listings.delete(listing.sku);
}

function dayOf(us: number): string {
  return new Date(us / 1000).toISOString().slice(2, 10).replaceAll('-', '');
}

/** Eight capital letters and digits, as in `220810QSK8S7BX` [S6 doc], different for every number below 36^8. */
function scatter(n: number): string {
  const space = 36n ** 8n;
  return ((BigInt(n) * 1_000_003_967n) % space).toString(36).toUpperCase().padStart(8, '0');
}
