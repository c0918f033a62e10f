import type { AppId, ListingId, SellerId, ShopId, ShopRules, SkuUnits } from '../../src/domain';
import type { AppRecord } from '../../src/store/apps.store';
import type { ListingRecord } from '../../src/store/listings.store';
import type { ShopTokens } from '../../src/store/sealed-tokens';
import type { NewShop } from '../../src/store/shops.store';
import { DEFAULT_SETTINGS, type SellerRecord } from '../../src/store/sellers.store';
import type { SkuRecord } from '../../src/store/skus.store';

const NEW = { v: 1, createdAt: 1, updatedAt: 1 };

export const appRecord = (id: string, channel: string): AppRecord => ({
  id: id as AppId,
  ...NEW,
  channel,
  region: 'SG',
  key: 'key',
  hooks: [{ id: `hook-${id}`, url: `https://hub.invalid/hooks/${channel}/hook-${id}` }],
});

export const sellerRecord = (id: SellerId, storefrontWeight = 0): SellerRecord => ({
  id,
  ...NEW,
  name: id,
  timeZone: 'Asia/Singapore',
  currency: 'SGD',
  settings: { ...DEFAULT_SETTINGS, storefrontWeight },
});

export const newShop = (
  ref: { readonly seller: SellerId; readonly shop: string; readonly app: string; readonly channel: string },
  changes: { readonly rules?: ShopRules; readonly channelShopId?: string; readonly tokens?: ShopTokens } = {},
): NewShop => ({
  id: ref.shop as ShopId,
  ...NEW,
  seller: ref.seller,
  app: ref.app as AppId,
  channel: ref.channel,
  channelShopId: changes.channelShopId ?? ref.shop,
  name: ref.shop,
  region: 'SG',
  currency: 'SGD',
  timeZone: 'Asia/Singapore',
  rules: changes.rules ?? {},
  restock: 'auto',
  settings: {},
  paused: false,
  isOnlyOne: false,
  tokens: changes.tokens ?? { accessToken: 'token' },
});

export const listingRecord = (
  ref: { readonly seller: SellerId; readonly shop: string; readonly listing: string },
  parts: readonly SkuUnits[],
): ListingRecord => ({
  seller: ref.seller,
  shop: ref.shop as ShopId,
  listing: ref.listing as ListingId,
  v: 1,
  channelIds: { item: ref.listing },
  key: ref.listing,
  parts,
  skus: parts.map(({ sku }) => sku),
  updatedAt: 1,
});

export const skuRecord = (seller: SellerId, sku: string): SkuRecord => ({
  seller,
  sku,
  ...NEW,
  name: sku,
  basePrice: { minor: 1000, currency: 'SGD' },
  safetyBuffer: 0,
  exposure: { policy: 'open' },
});
