import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { AppId, ListingId, SellerId, ShopId } from '../src/domain';
import { StockDoor } from '../src/platform/doors';
import { AppsStore } from '../src/store/apps.store';
import { ListingsStore } from '../src/store/listings.store';
import { ShopsStore } from '../src/store/shops.store';
import { SkusStore } from '../src/store/skus.store';
import {
  APP_KEY,
  APP_SECRET,
  CHANNEL,
  HOOK_ID,
  HOOK_URL,
  type BenchListing,
  type BenchShop,
  type World,
  type WorldSize,
} from './world';

const APP = 'app-bench' as AppId;

/** Makes the hub's own app, sellers with their shops and skus, every sku listed in each of its seller's shops. */
export async function seed(app: NestFastifyApplication, size: WorldSize & { readonly port: number }): Promise<World> {
  const now = Date.now();
  const hooks = [{ id: HOOK_ID, url: HOOK_URL }];
  const { channel = CHANNEL } = size;
  const record = { id: APP, v: 1, channel, region: 'SG', key: APP_KEY, hooks, createdAt: now, updatedAt: now };
  await app.get(AppsStore).insert(record, APP_SECRET);
  const shops: BenchShop[] = [];
  for (let seller = 1; seller <= size.sellers; seller += 1) {
    shops.push(...(await seedSeller(app, `seller-${seller}`, { ...size, first: shops.length + 1 })));
  }
  const path = `/hooks/${CHANNEL}/${HOOK_ID}`;
  return { app: { port: size.port, path, hookUrl: HOOK_URL, secret: APP_SECRET }, shops };
}

async function seedSeller(
  app: NestFastifyApplication,
  seller: string,
  size: WorldSize & { readonly first: number },
): Promise<readonly BenchShop[]> {
  const skus = Array.from({ length: size.skusPerSeller }, (_, index) => `SKU-${String(index + 1).padStart(4, '0')}`);
  await Promise.all(skus.map((sku) => app.get(SkusStore).put(skuOf(seller, sku))));
  const listed = Array.from({ length: size.listingsPerSku ?? 1 }, () => skus).flat();
  const shops = Array.from({ length: size.shopsPerSeller }, (_, index) => shopOf(seller, size.first + index, listed));
  for (const shop of shops) await seedShop(app, shop, size.channel ?? CHANNEL);
  if (size.units > 0) {
    const count = { id: 'first-count', onHand: size.units, reason: 'bench', by: 'bench' };
    await Promise.all(skus.map((sku) => app.get(StockDoor).count(seller as SellerId, sku, count)));
  }
  return shops;
}

function shopOf(seller: string, number: number, skus: readonly string[]): BenchShop {
  const listings = skus.map((sku, index): BenchListing => {
    const itemId = String(number * 100_000 + index + 1);
    return { listing: `item-${itemId}`, itemId, sku };
  });
  return { seller, id: `shop-${number}`, channelShopId: String(700_000 + number), listings };
}

async function seedShop(app: NestFastifyApplication, shop: BenchShop, channel: string): Promise<void> {
  const now = Date.now();
  const seller = shop.seller as SellerId;
  const id = shop.id as ShopId;
  await app.get(ShopsStore).insert({
    ...{ id, v: 1, seller, app: APP, channel, channelShopId: shop.channelShopId, name: shop.id },
    ...{ region: 'SG', currency: 'SGD', timeZone: 'Asia/Singapore', rules: {}, restock: 'confirm', settings: {} },
    ...{ paused: false, createdAt: now, updatedAt: now, isOnlyOne: false },
    tokens: { accessToken: `token-of-${shop.id}` },
  });
  const listings = app.get(ListingsStore);
  await Promise.all(
    shop.listings.map(({ listing, itemId, sku }) =>
      listings.put({
        ...{ seller, shop: id, listing: listing as ListingId, v: 1, channelIds: { itemId }, key: `${itemId}:0` },
        ...{ parts: [{ sku, units: 1 }], skus: [sku], updatedAt: now },
      }),
    ),
  );
}

function skuOf(seller: string, sku: string): Parameters<SkusStore['put']>[0] {
  const now = Date.now();
  return {
    ...{ seller: seller as SellerId, sku, v: 1, name: `Article ${sku}`, basePrice: { minor: 1250, currency: 'SGD' } },
    ...{ safetyBuffer: 0, exposure: { policy: 'open' }, createdAt: now, updatedAt: now },
  };
}
