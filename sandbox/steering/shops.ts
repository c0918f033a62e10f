import { json, problem, type Call, type Reply } from '../http/call';
import { toDecimal } from '../money';
import { countLine, plainStatus, type Order } from '../order';
import { markChanged, saleNow, shown, total, type Listing, type Shop } from '../shop';
import type { World } from '../world';
import { Form, channelOf } from './form';
import { describeShop } from './setup';

export function shopOf(world: World, call: Call): Shop {
  const shop = world.market.shop(channelOf(call), call.params['shop'] ?? '');
  if (shop === undefined) throw problem(404, `no shop ${call.params['shop'] ?? ''} on ${channelOf(call)}`);
  return shop;
}

/** `GET /_sandbox/:channel/shops`. */
export function listShops(world: World): (call: Call) => Reply {
  return (call) => {
    const shops = world.market.shopsOf(channelOf(call));
    return json(200, {
      items: shops.map((shop) => ({ ...describeShop(shop), app: shop.app.key, hookUrl: shop.app.hookUrl ?? null })),
    });
  };
}

/** `GET /_sandbox/:channel/shops/:shop/listings`: what a buyer sees now. `?sku=` for one. */
export function listListings(world: World): (call: Call) => Reply {
  return (call) => {
    const shop = shopOf(world, call);
    const sku = call.query.get('sku');
    const listings =
      sku === null ? [...shop.listings.values()] : [shop.listings.get(sku)].filter((one) => one !== undefined);
    return json(200, { items: listings.map(describeShown) });
  };
}

function describeShown(listing: Listing): Record<string, unknown> {
  const sale = saleNow(listing, Date.now());
  return {
    sku: listing.sku,
    quantity: shown(listing),
    price: listing.priceHundredths === null ? null : toDecimal(listing.priceHundredths),
    ...(sale === undefined ? {} : { salePrice: toDecimal(sale.priceHundredths) }),
    total: total(listing),
    unpaid: listing.withheld,
    reserved: listing.occupied,
    locked: listing.locked,
  };
}

/** `PUT /_sandbox/:channel/shops/:shop/listings/:sku {quantity?, price?, locked?, active?}`: changed by the marketplace's own hand. */
export function changeListing(world: World): (call: Call) => Reply {
  return (call) => {
    const listing = shopOf(world, call).listings.get(call.params['sku'] ?? '');
    if (listing === undefined) throw problem(404, 'no such listing');
    const form = Form.of(call);
    const quantity = form.maybeNumber('quantity', { whole: true });
    const locked = form.maybeNumber('locked', { whole: true });
    const price = form.has('price') ? form.amount('price', 0) : listing.priceHundredths;
    const active = form.boolean('active', listing.active);
    form.done();
    if (quantity !== undefined) listing.sellable = quantity;
    if (locked !== undefined) listing.locked = Math.min(locked, shown(listing));
    listing.priceHundredths = price;
    if (active !== listing.active) listing.shop.pages = undefined;
    listing.active = active;
    markChanged(listing);
    return json(200, describeShown(listing));
  };
}

export function describeOrder(order: Order): Record<string, unknown> {
  return {
    orderId: order.id,
    number: order.number,
    status: plainStatus(order.units),
    createdAt: new Date(order.createdUs / 1000).toISOString(),
    updatedAt: new Date(order.updatedUs / 1000).toISOString(),
    currency: order.shop.currency,
    fulfilledByMarketplace: order.fulfilledByMarketplace,
    lines: order.lines.map((line) => ({
      id: String(line.id),
      sku: line.listing.sku,
      ...countLine(order, line),
      unitPrice: toDecimal(line.unitPriceHundredths),
      status: plainStatus(order.units.filter((unit) => unit.line === line)),
    })),
    discountSeller: toDecimal(order.money.discountSeller),
    discountChannel: toDecimal(order.money.discountChannel),
    shipping: toDecimal(order.money.shipping),
  };
}

/** `GET /_sandbox/report`: sold against existed per sku; writes received per listing. `?sku=`, `?active=true`. */
export function report(world: World): (call: Call) => Reply {
  return (call) => {
    const sku = call.query.get('sku') ?? undefined;
    const active = call.query.get('active') === 'true';
    const skus = world.market.tally.report(sku).filter((row) => !active || row.ordered > 0);
    const listings = world.market
      .shopsOf()
      .flatMap((shop) => (sku === undefined ? [...shop.listings.values()] : [...listingsWith(shop, sku)]))
      .filter((listing) => !active || listing.writesReceived > 0 || listing.sold > 0);
    const oversold = skus.reduce((sum, row) => sum + row.oversold, 0);
    return json(200, {
      skus,
      listings: listings.map((listing) => ({
        channel: listing.shop.channel,
        shop: listing.shop.id,
        sku: listing.sku,
        quantity: shown(listing),
        sold: listing.sold,
        pushesReceived: listing.writesReceived,
        outOfOrder: listing.writesOutOfOrder,
        refused: listing.writesRefused,
      })),
      totals: { sold: skus.reduce((sum, row) => sum + row.sold, 0), oversold },
    });
  };
}

function* listingsWith(shop: Shop, sku: string): Iterable<Listing> {
  for (const listing of shop.listings.values()) {
    if (listing.sku === sku || listing.contains?.some((part) => part.sku === sku)) yield listing;
  }
}

/** `PUT /_sandbox/stock/:sku {units}`: what the seller says there is. */
export function stateStock(world: World): (call: Call) => Reply {
  return (call) => {
    const form = Form.of(call);
    const units = form.number('units', 0, { whole: true });
    if (!form.has('units')) form.fault('units', 'is required');
    form.done();
    const sku = call.params['sku'] ?? '';
    world.market.tally.state(sku, units);
    return json(200, world.market.tally.report(sku)[0]);
  };
}
