import { problem, json, type Call, type Reply } from '../http/call';
import type { ListingDraft } from '../market';
import { toDecimal } from '../money';
import { CHANNELS, type App, type Channel, type Listing, type Part, type Shop } from '../shop';
import type { World } from '../world';
import { Form } from './form';

interface WantedShop {
  id: string | undefined;
  name: string | undefined;
  region: string;
  currency: string;
  access: string | undefined;
  refresh: string | undefined;
  clientId: string | undefined;
  clientSecret: string | undefined;
  crossBorder: boolean;
  listings: ListingDraft[];
}

/** `POST /_sandbox/setup`: an app with its shops and their listings. */
export function setUp(world: World): (call: Call) => Reply {
  return (call) => {
    const form = Form.of(call);
    const channel = form.choice('channel', CHANNELS, 'lazada');
    if (!form.has('channel')) form.fault('channel', 'is required');
    const app = form.nested('app');
    const key = app?.maybeText('key');
    const secret = app?.maybeText('secret');
    app?.refuseUnknown();
    const hookUrl = form.maybeText('hookUrl');
    if (hookUrl !== undefined && !URL.canParse(hookUrl)) form.fault('hookUrl', 'must be a URL');
    const shops = form.list('shops').map((shop) => readShop(shop, channel));
    form.done();
    const made = world.market.addApp({
      channel,
      key: key ?? shops[0]?.clientId ?? (channel === 'zalora' ? 'sandbox-client' : '2000001'),
      secret: secret ?? shops[0]?.clientSecret ?? `sandbox-${channel}-secret`,
      hookUrl,
    });
    if (channel === 'shopee' && !/^\d{1,10}$/.test(made.key)) throw problem(422, 'app.key is a whole number on Shopee');
    const openedShops = shops.map((shop, index) => openShop(world, made, { shop, index }));
    return json(201, { channel, app: describeApp(made), hookUrl: hookUrl ?? null, shops: openedShops });
  };
}

function readShop(form: Form, channel: Channel): WantedShop {
  const shop: WantedShop = {
    id: form.maybeText('id'),
    name: form.maybeText('name'),
    region: form.maybeText('region') ?? 'SG',
    currency: form.maybeText('currency') ?? 'SGD',
    access: form.maybeText('accessToken'),
    refresh: form.maybeText('refreshToken'),
    clientId: form.maybeText('clientId'),
    clientSecret: form.maybeText('clientSecret'),
    crossBorder: form.boolean('crossBorder'),
    listings: readListings(form),
  };
  if (shop.id !== undefined && channel === 'shopee' && !/^\d{1,10}$/.test(shop.id)) {
    form.fault('id', 'is a whole number on Shopee');
  }
  form.refuseUnknown();
  return shop;
}

/** `listings` is a list, or `{count, prefix, quantity, price}` for many at once. */
function readListings(form: Form): ListingDraft[] {
  if (Array.isArray(form.raw('listings'))) return form.list('listings').map(readListing);
  const range = form.nested('listings');
  if (range === undefined) return [];
  const count = range.number('count', 0, { whole: true, most: 500_000 });
  const from = range.number('from', 1, { whole: true });
  const digits = range.number('digits', 5, { whole: true, most: 12 });
  const prefix = range.maybeText('prefix') ?? 'S-';
  const quantity = range.number('quantity', 0, { whole: true });
  const priceHundredths = range.amount('price', 1000);
  range.refuseUnknown();
  return Array.from({ length: count }, (_, index) => ({
    sku: prefix + String(from + index).padStart(digits, '0'),
    quantity,
    priceHundredths,
  }));
}

export function readListing(form: Form): ListingDraft {
  const id = (name: string): number | undefined => form.maybeNumber(name, { whole: true });
  const contains: Part[] = form.list('contains').map((part) => {
    const read = { sku: part.text('sku'), units: part.number('units', 1, { least: 1, whole: true }) };
    part.refuseUnknown();
    return read;
  });
  const draft: ListingDraft = {
    sku: form.text('sku'),
    quantity: form.number('quantity', 0, { whole: true }),
    priceHundredths: form.amount('price', 1000),
    itemId: id('itemId'),
    modelId: id('modelId') ?? id('skuId') ?? id('productId'),
    contains: contains.length === 0 ? undefined : contains,
    ventureFulfilled: form.boolean('ventureFulfilled'),
    active: form.boolean('active', true),
  };
  // Named so that they count as known whichever of them was used.
  ['skuId', 'productId', 'modelId'].forEach((name) => form.raw(name));
  form.refuseUnknown();
  return draft;
}

function openShop(world: World, app: App, { shop, index }: { shop: WantedShop; index: number }): unknown {
  const { region, currency, crossBorder } = shop;
  const id = shop.id ?? defaultShopId(app.channel, index);
  const name = shop.name ?? `Sandbox ${app.channel} ${index + 1}`;
  const made = world.market.addShop(app, { id, name, region, currency, crossBorder });
  world.market.sessions.begin(made, { access: shop.access, refresh: shop.refresh });
  for (const draft of shop.listings) world.market.addListing(made, draft);
  return { ...describeShop(made), listings: [...made.listings.values()].map(describeListing) };
}

function defaultShopId(channel: Channel, index: number): string {
  const firsts: Partial<Record<Channel, number>> = { lazada: 1_000_101, shopee: 220_101, zalora: 301 };
  const first = firsts[channel] ?? 1;
  return channel === 'zalora' ? `ZSG-${first + index}` : String(first + index);
}

export function describeApp(app: App): Record<string, unknown> {
  return { key: app.key, secret: app.secret };
}

/** A shop with its tokens, as the hub's `POST /v1/shops` takes them. */
export function describeShop(shop: Shop): Record<string, unknown> {
  const { tokens } = shop;
  return {
    id: shop.id,
    name: shop.name,
    region: shop.region,
    currency: shop.currency,
    accessToken: tokens.access,
    refreshToken: tokens.refresh,
    accessTokenExpiresAt: new Date(tokens.accessEndsMs).toISOString(),
    refreshTokenExpiresAt: new Date(tokens.refreshEndsMs).toISOString(),
    ...(shop.channel === 'zalora' ? { clientId: shop.app.key, clientSecret: shop.app.secret } : {}),
  };
}

/** The ids as the hub's `channelIds` takes them. */
export function channelIdsOf(listing: Listing): Record<string, string> {
  const item = String(listing.itemId);
  const model = String(listing.modelId);
  switch (listing.shop.channel) {
    case 'lazada':
      return { itemId: item, skuId: model, sellerSku: listing.sku };
    case 'zalora':
      return { productId: model, sellerSku: listing.sku };
    case 'shopee':
      return listing.modelId === 0 ? { itemId: item } : { itemId: item, modelId: model };
    default:
      return { sku: listing.sku };
  }
}

export function describeListing(listing: Listing): Record<string, unknown> {
  return {
    sku: listing.sku,
    channelIds: channelIdsOf(listing),
    quantity: listing.startQuantity,
    price: toDecimal(listing.priceHundredths ?? 0),
    ...(listing.contains === undefined ? {} : { contains: listing.contains }),
  };
}

/** `POST /_sandbox/:channel/shops/:shop/listings`: more listings for a shop that is there. */
export function addListings(world: World, shop: Shop, call: Call): Reply {
  const form = Form.of(call);
  const drafts = readListings(form);
  form.done();
  const made = drafts.map((draft) => world.market.addListing(shop, draft));
  return json(201, { items: made.map(describeListing) });
}
