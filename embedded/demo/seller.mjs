import { allOf, CallError, forEach } from './call.mjs';

/** The seller of the demo, as the hub knows it. */
export const SELLER = 'demo';

const AT_ONCE = 8;
const ZONE = 'Asia/Singapore';
const REGION = 'SG';

/**
 * Brings the hub to have the demo's seller, apps, shops, skus, listings and counts; what is there already stays.
 * `root` and `hub` call with the root key, `hub` for the seller; `market` is the sandbox's own answer about its demo. Answers the shops and apps, by channel.
 */
export async function makeSeller({ root, hub, address, market }) {
  await makeTheSeller(root, market);
  const apps = await allOf(hub, '/v1/apps');
  const shops = await allOf(hub, '/v1/shops');
  const known = await allOf(hub, '/v1/skus');
  await makeSkus(hub, market, new Set(known.map(({ sku }) => sku)));
  const made = [];
  for (const one of market.channels) {
    const app = await makeApp({ hub, address, apps }, one);
    const shop = await makeShop({ hub, shops, app }, one);
    await makeListings(hub, { shop, one });
    made.push({ channel: one.channel, app, shop, channelShopId: one.shop.id, listings: one.listings });
  }
  await countAll(hub, market);
  return made;
}

async function makeTheSeller(root, { currency }) {
  try {
    await root('POST', '/v1/sellers', { id: SELLER, name: 'Demo Tea', timeZone: ZONE, currency });
  } catch (error) {
    if (!(error instanceof CallError && error.status === 409)) throw error;
  }
}

/** An app whose address was made at another port gets a new one: the marketplaces sign the address that they call. */
async function makeApp({ hub, address, apps }, { channel, app: { key, secret } }) {
  const known = apps.find((app) => app.channel === channel && app.key === key);
  if (known === undefined) return hub('POST', '/v1/apps', { channel, region: REGION, key, secret });
  if (known.hookUrl.startsWith(`${address}/`)) return known;
  return hub('PATCH', `/v1/apps/${known.id}`, { rotateHook: true });
}

async function makeShop({ hub, shops, app }, { shop }) {
  const tokens = tokensOf(shop);
  const known = shops.find((one) => one.app === app.id && one.channelShopId === shop.id);
  if (known !== undefined) return hub('PATCH', `/v1/shops/${known.id}`, { tokens });
  const { id: channelShopId, name, region, currency } = shop;
  const about = { app: app.id, channelShopId, name, region, currency, timeZone: ZONE, restock: 'auto' };
  return hub('POST', '/v1/shops', { ...about, tokens });
}

/** What lets the hub call the shop; where it asks for tokens itself there is nothing to refresh. */
export function tokensOf(shop) {
  const { accessToken, refreshToken, accessTokenExpiresAt, refreshTokenExpiresAt } = shop;
  if (issuesTokens(shop)) return { accessToken, accessTokenExpiresAt };
  return { accessToken, refreshToken, accessTokenExpiresAt, refreshTokenExpiresAt };
}

/** Whether the shop's channel gives the hub a token whenever it asks. */
export const issuesTokens = (shop) => shop.clientId !== undefined;

async function makeSkus(hub, { skus, currency }, known) {
  const missing = skus.filter(({ sku }) => !known.has(sku));
  await forEach(missing, AT_ONCE, ({ sku, name, price }) =>
    hub('PUT', `/v1/skus/${encodeURIComponent(sku)}`, { name, basePrice: { amount: price, currency } }),
  );
}

async function makeListings(hub, { shop, one }) {
  const path = `/v1/shops/${shop.id}/listings`;
  const known = new Set((await allOf(hub, path)).map(({ listing }) => listing));
  const missing = one.listings.filter(({ sku }) => !known.has(sku));
  await forEach(missing, AT_ONCE, (listing) =>
    hub('PUT', `${path}/${encodeURIComponent(listing.sku)}`, listingBody(listing, one.shop.currency)),
  );
}

function listingBody({ sku, channelIds, price, contains }, currency) {
  const basePrice = { amount: price, currency };
  if (contains === undefined) return { channelIds, basePrice, sku };
  if (contains.length > 1) return { channelIds, basePrice, bundle: contains };
  return { channelIds, basePrice, ...contains[0] };
}

async function countAll(hub, { skus }) {
  await forEach(skus, AT_ONCE, async ({ sku, quantity }) => {
    const path = `/v1/stock/${encodeURIComponent(sku)}`;
    if ((await hub('GET', path)).counted) return;
    await hub('PUT', path, { onHand: quantity, reason: 'first count of the demo' });
  });
}
