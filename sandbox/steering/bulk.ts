import { json, problem, type Call, type Reply } from '../http/call';
import type { Router } from '../http/router';
import { Chance } from '../chance';
import type { Order, UnitState } from '../order';
import type { Listing, Shop } from '../shop';
import type { World } from '../world';
import { Form } from './form';
import { shopOf } from './shops';

const MOST_LISTINGS = 50_000;
const MOST_ORDERS = 10_000;
const DAY_US = 86_400_000_000;

/** Shops full of listings and of past orders, for tests of imports and first synchronisations. */
export function addBulk(routes: Router, world: World): void {
  routes
    .add('POST', '/:channel/shops/:shop/listings/bulk', bulkListings(world))
    .add('POST', '/:channel/shops/:shop/orders/bulk', bulkOrders(world));
}

/**
 * `POST …/listings/bulk {count, prefix?, from?, digits?, quantity?, price?, perItem?, packEvery?, packUnits?}`: every
 * `packEvery`th listing is named as a pack of `packUnits` of the one before; `perItem` variations share an item.
 */
function bulkListings(world: World): (call: Call) => Reply {
  return (call) => {
    const shop = shopOf(world, call);
    const form = Form.of(call);
    const whole = (name: string, fallback: number, most: number): number =>
      form.number(name, fallback, { least: 1, most, whole: true });
    const wish = {
      count: whole('count', 1, MOST_LISTINGS),
      prefix: form.maybeText('prefix') ?? 'S-',
      from: whole('from', 1, 10_000_000),
      digits: whole('digits', 5, 12),
      quantity: form.number('quantity', 100, { whole: true }),
      priceHundredths: form.amount('price', 1000),
      perItem: whole('perItem', 1, 50),
      packEvery: form.maybeNumber('packEvery', { least: 2, whole: true }),
      packUnits: whole('packUnits', 3, 1000),
    };
    if (!form.has('count')) form.fault('count', 'is required');
    form.done();
    return json(201, fillListings(world, shop, wish));
  };
}

interface ListingWish {
  count: number;
  prefix: string;
  from: number;
  digits: number;
  quantity: number;
  priceHundredths: number;
  perItem: number;
  packEvery: number | undefined;
  packUnits: number;
}

function fillListings(world: World, shop: Shop, wish: ListingWish): Record<string, unknown> {
  const { packEvery, packUnits, quantity, priceHundredths, perItem } = wish;
  let packs = 0;
  let before = '';
  const firstItem = 3_000_000_000 + shop.listings.size;
  for (let i = 0; i < wish.count; i += 1) {
    const isPack = packEvery !== undefined && before !== '' && (i + 1) % packEvery === 0;
    const plain = wish.prefix + String(wish.from + i).padStart(wish.digits, '0');
    const sku = isPack ? `${before}-${packUnits}PACK` : plain;
    const ids =
      perItem === 1 ? {} : { itemId: firstItem + Math.floor(i / perItem), modelId: 40_000_000_000 + firstItem + i };
    const contains = isPack ? [{ sku: before, units: packUnits }] : undefined;
    world.market.addListing(shop, { sku, quantity, priceHundredths, contains, ...ids });
    if (isPack) packs += 1;
    else before = sku;
  }
  return { count: wish.count, packs, total: shop.listings.size };
}

/**
 * `POST …/orders/bulk {count, days?, endsAt?, seed?, maxUnits?}`: past orders spread evenly over so many days up to
 * `endsAt`, in all states, silent. They take nothing from what the listings show.
 */
function bulkOrders(world: World): (call: Call) => Reply {
  return (call) => {
    const shop = shopOf(world, call);
    const form = Form.of(call);
    const count = form.number('count', 1, { least: 1, most: MOST_ORDERS, whole: true });
    const days = form.number('days', 30, { least: 0.001, most: 365 });
    const maxUnits = form.number('maxUnits', 3, { least: 1, most: 20, whole: true });
    const seed = form.number('seed', 1, { whole: true });
    const endsMs = Date.parse(form.maybeText('endsAt') ?? new Date().toISOString());
    if (Number.isNaN(endsMs)) form.fault('endsAt', 'must be an instant');
    if (!form.has('count')) form.fault('count', 'is required');
    form.done();
    const listings = [...shop.listings.values()];
    if (listings.length === 0) throw problem(409, 'the shop has no listings');
    const states: Record<string, number> = {};
    const chance = new Chance(seed);
    const stepUs = Math.max(1, Math.floor((days * DAY_US) / count));
    for (let i = 0; i < count; i += 1) {
      const atUs = endsMs * 1000 - (count - i) * stepUs;
      const state = placePast(world, shop, { listings, atUs, chance, maxUnits });
      states[state] = (states[state] ?? 0) + 1;
    }
    return json(201, { count, states, total: shop.orders.size });
  };
}

interface Past {
  listings: Listing[];
  atUs: number;
  chance: Chance;
  maxUnits: number;
}

const PATHS: readonly (readonly UnitState[])[] = [
  ['shipped', 'delivered'],
  ['shipped', 'delivered'],
  ['shipped', 'delivered'],
  ['shipped', 'delivered', 'returned'],
  ['cancelled'],
  ['ready', 'shipped'],
  [],
];

function placePast(world: World, shop: Shop, past: Past): UnitState {
  const { listings, atUs, chance, maxUnits } = past;
  const lines = 1 + chance.below(2);
  const chosen = new Set(Array.from({ length: lines }, () => chance.pick(listings)).filter((one) => one !== undefined));
  const wanted = [...chosen].map((listing) => ({ listing, units: 1 + chance.below(maxUnits) }));
  const order = world.trade.place(shop, wanted, termsOf(atUs, chance));
  const path = chance.pick(PATHS) ?? [];
  for (const state of path) world.trade.moveSilently(order, state);
  settle(order, atUs + path.length * 1_000_000 * 3600);
  return path[path.length - 1] ?? 'paid';
}

function termsOf(atUs: number, chance: Chance): Parameters<World['trade']['place']>[2] {
  const buyer = { name: 'Mei Tan', phone: '6591234567', city: 'Singapore', email: 'buyer@example.com' };
  const money = { discountSeller: chance.below(50), discountChannel: chance.below(50), shipping: 199 };
  return { unpaid: false, fulfilledByMarketplace: false, buyer, money, atUs, silent: true, past: true };
}

/** The last change was some hours later, but never in the future. */
function settle(order: Order, atUs: number): void {
  order.updatedUs = Math.min(atUs, Date.now() * 1000 - 1);
  for (const unit of order.units) unit.changedUs = order.updatedUs;
}
