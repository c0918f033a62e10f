import type { Order } from './order';

export const CHANNELS = ['lazada', 'shopee', 'zalora', 'webstore'] as const;
export type Channel = (typeof CHANNELS)[number];

/** A registration at a channel: one key and secret, one callback address. */
export interface App {
  channel: Channel;
  key: string;
  secret: string;
  hookUrl: string | undefined;
  shops: Map<string, Shop>;
}

export interface Tokens {
  access: string;
  accessEndsMs: number;
  refresh: string;
  refreshEndsMs: number;
}

/** One address that Zalora calls, as registered by `POST /v2/webhook`. */
export interface Webhook {
  id: string;
  callbackUrl: string;
  events: string[];
  enabled: boolean;
  createdUs: number;
}

export interface Shop {
  channel: Channel;
  id: string;
  name: string;
  region: string;
  currency: string;
  app: App;
  tokens: Tokens;
  listings: Map<string, Listing>;
  byItem: Map<number, Listing[]>;
  byModel: Map<number, Listing>;
  orders: Map<string, Order>;
  webhooks: Map<string, Webhook>;
  /** Lazada: one authorisation stands for the account's shops in six countries. [L1 doc] */
  crossBorder: boolean;
  /** Its seller took the authorisation back. */
  revoked: boolean;
  /** The items in order of their ids' making, one entry an item; undefined after a change, until somebody asks. */
  pages: Map<string, Listing[][]> | undefined;
}

/** So many units of the seller's own sku are in one sale of a listing. */
export interface Part {
  sku: string;
  units: number;
}

/**
 * What a shop sells. `itemId` and `modelId` are the channel's two ids: Lazada ItemId and SkuId, Shopee item_id and
 * model_id (0: no variations), Zalora product set and product.
 * `sellable` holds what buyers may buy, the locked part included. It goes below zero only on Zalora, by writing a
 * quantity below what is reserved.
 */
export interface Listing {
  readonly shop: Shop;
  readonly sku: string;
  readonly itemId: number;
  readonly modelId: number;
  readonly contains: readonly Part[] | undefined;
  readonly ventureFulfilled: boolean;
  readonly startQuantity: number;
  readonly madeMs: number;
  active: boolean;
  updatedMs: number;
  /** The campaign that locks `locked` units of it now. */
  promotion?: Promotion | undefined;
  priceHundredths: number | null;
  sale: Sale | undefined;
  sellable: number;
  withheld: number;
  occupied: number;
  locked: number;
  sold: number;
  writesReceived: number;
  writesRefused: number;
  writesOutOfOrder: number;
  writesOpen: number;
  writeAnsweredAt: number;
}

/** How Shopee refuses a stock below the reserve, or any stock at all; see `shopee/stock.ts`. */
export type PromotionRefusal = 'floor' | 'floor-auth' | 'floor-param' | 'block';

/** So many units of a listing are set apart for a campaign: `units` at its start. */
export interface Promotion {
  readonly id: number;
  readonly listing: Listing;
  readonly units: number;
  readonly kind: string;
  readonly refusal: PromotionRefusal;
  readonly startsMs: number;
  readonly endsMs: number | undefined;
  timer: NodeJS.Timeout | undefined;
}

export interface Sale {
  priceHundredths: number;
  startsAt: string | null;
  endsAt: string | null;
}

/** What a buyer sees. */
export function shown(listing: Listing): number {
  return Math.max(0, isComing(listing.promotion) ? listing.sellable - listing.locked : listing.sellable);
}

/** Its units are set apart, and nobody can buy them yet. */
export function isComing(promotion: Promotion | undefined): boolean {
  return promotion !== undefined && promotion.startsMs > Date.now();
}

/** All units a listing stands for: Lazada's total, Zalora's `quantity`. [L2 shallow-stock page] [Z1] */
export function total(listing: Listing): number {
  return listing.sellable + listing.withheld + listing.occupied;
}

export function partsOf(listing: Listing): readonly Part[] {
  return listing.contains ?? [{ sku: listing.sku, units: 1 }];
}

/** The sale price that is on at an instant, if any. */
export function saleNow(listing: Listing, nowMs: number): Sale | undefined {
  const { sale } = listing;
  if (sale === undefined) return undefined;
  const started = sale.startsAt === null || Date.parse(sale.startsAt) <= nowMs;
  const ended = sale.endsAt !== null && Date.parse(sale.endsAt) <= nowMs;
  return started && !ended ? sale : undefined;
}

/** What one unit costs a buyer now, before vouchers. */
export function priceNow(listing: Listing, nowMs: number): number {
  return saleNow(listing, nowMs)?.priceHundredths ?? listing.priceHundredths ?? 0;
}

/**
 * A shop's items that are all, live or inactive, each with its listings. Kept between calls: a page of 50,000 is a
 * slice, not a copy of everything.
 */
export function itemsOf(shop: Shop, which: 'all' | 'live' | 'inactive' = 'all'): readonly Listing[][] {
  shop.pages ??= new Map();
  const known = shop.pages.get(which);
  if (known !== undefined) return known;
  const all = [...shop.byItem.values()];
  const made =
    which === 'all' ? all : all.filter((listings) => listings.some((one) => one.active) === (which === 'live'));
  shop.pages.set(which, made);
  return made;
}

/** Notes that a listing changed now; whoever asks for what changed since then finds it. */
export function markChanged(listing: Listing): void {
  listing.updatedMs = Date.now();
}
