import { nowUs } from '../clock';
import { json, problem, type Call, type Reply } from '../http/call';
import type { Buyer, Order, OrderUnit, UnitState } from '../order';
import { describePush, type Push, type PushState } from '../pushes';
import type { Shop } from '../shop';
import type { OrderTerms, Wanted } from '../trade';
import type { World } from '../world';
import { Form, channelOf } from './form';
import { describeOrder, shopOf } from './shops';

const MOST_UNITS = 10_000;

/** `POST /_sandbox/:channel/shops/:shop/orders`: a buyer orders. */
export function placeOrder(world: World): (call: Call) => Reply {
  return (call) => {
    const shop = shopOf(world, call);
    const form = Form.of(call);
    const wanted = readLines(form, shop);
    const terms = readTerms(form);
    if (form.list('lines').length === 0) form.fault('lines', 'must name at least one line');
    form.done();
    const order = world.trade.place(shop, wanted, terms);
    return json(201, describeOrder(order));
  };
}

function readLines(form: Form, shop: Shop): Wanted[] {
  return form.list('lines').flatMap((line) => {
    const sku = line.text('sku');
    const units = line.number('units', 1, { least: 1, most: MOST_UNITS, whole: true });
    line.refuseUnknown();
    const listing = shop.listings.get(sku);
    if (listing === undefined) line.fault('sku', 'the shop has no such listing');
    return listing === undefined ? [] : [{ listing, units }];
  });
}

function readTerms(form: Form): OrderTerms {
  const buyer = form.nested('buyer');
  const named: Buyer = {
    name: buyer?.maybeText('name') ?? 'Mei Tan',
    phone: buyer?.maybeText('phone') ?? '6591234567',
    city: buyer?.maybeText('city') ?? 'Singapore',
    email: buyer?.maybeText('email') ?? 'buyer@example.com',
  };
  buyer?.refuseUnknown();
  const id = form.maybeText('id');
  if (id !== undefined && !/^[A-Za-z0-9]{1,32}$/.test(id)) form.fault('id', 'must be letters and digits');
  const at = form.maybeText('at');
  if (at !== undefined && Number.isNaN(Date.parse(at))) form.fault('at', 'must be an instant');
  return {
    id,
    silent: form.boolean('silent'),
    atUs: at === undefined ? undefined : Date.parse(at) * 1000 + (nowUs() % 1000),
    unpaid: form.boolean('unpaid'),
    fulfilledByMarketplace: form.boolean('fulfilledByMarketplace'),
    buyer: named,
    money: {
      discountSeller: form.amount('discountSeller', 0),
      discountChannel: form.amount('discountChannel', 0),
      shipping: form.amount('shipping', 0),
    },
  };
}

export function orderOf(world: World, call: Call): Order {
  const shop = shopOf(world, call);
  const order = shop.orders.get(call.params['id'] ?? '');
  if (order === undefined) throw problem(404, `no order ${call.params['id'] ?? ''} in shop ${shop.id}`);
  return order;
}

/** `POST …/orders/:id/pay|pack|ready|ship|deliver|cancel|return {lines?}`: whole, or so many units of a sku. */
export function moveOrder(world: World, to: UnitState): (call: Call) => Reply {
  return (call) => {
    const order = orderOf(world, call);
    const form = Form.of(call);
    const lines = form.list('lines').map((line) => {
      const read = { sku: line.text('sku'), units: line.number('units', 1, { least: 1, whole: true }) };
      line.refuseUnknown();
      return read;
    });
    const requested = to === 'cancelled' && form.boolean('requested');
    const outOfStock = to === 'cancelled' && form.boolean('outOfStock');
    form.done();
    if (outOfStock) order.cancelReason = 'seller';
    if (requested) world.trade.askCancel(order);
    else {
      const moved = world.trade.move(order, to, lines.length === 0 ? undefined : bySku(lines));
      if (outOfStock) emptyListings(moved);
    }
    return json(200, describeOrder(order));
  };
}

/** The seller said that there is no more: Lazada sets the stock to 0, except for what a campaign locks. [L3][L4 doc] */
function emptyListings(units: OrderUnit[]): void {
  for (const { line } of units) {
    if (line.listing.shop.channel === 'lazada') line.listing.sellable = line.listing.locked;
  }
}

/** `POST …/orders/:id/status {status, skus?}`: units show a status that no documentation knows. */
export function misnameOrder(world: World): (call: Call) => Reply {
  return (call) => {
    const order = orderOf(world, call);
    const form = Form.of(call);
    const status = form.text('status');
    const skus = form.texts('skus');
    form.done();
    const units = order.units.filter((unit) => skus === undefined || skus.includes(unit.line.listing.sku));
    if (units.length === 0) throw problem(409, 'the order has no such units');
    world.trade.misname(order, units, status);
    return json(200, describeOrder(order));
  };
}

/** `POST …/orders/:id/archive`: the order goes where only Zalora's archive finds it. */
export function archiveOrder(world: World): (call: Call) => Reply {
  return (call) => {
    const order = orderOf(world, call);
    if (order.shop.channel !== 'zalora') throw problem(409, 'only Zalora has an archive');
    order.archived = true;
    return json(200, describeOrder(order));
  };
}

function bySku(lines: { sku: string; units: number }[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { sku, units } of lines) sums.set(sku, (sums.get(sku) ?? 0) + units);
  return sums;
}

/** `POST …/orders/:id/push {times?, alter?}`: tells the order's present state again, and waits for the answers. */
export function pushOrder(world: World): (call: Call) => Promise<Reply> {
  return async (call) => {
    const order = orderOf(world, call);
    const form = Form.of(call);
    const times = form.number('times', 1, { least: 1, most: 1000, whole: true });
    const alter = form.choice('alter', ['no', 'byte'] as const, 'no') === 'byte';
    form.done();
    const pushes = presentNews(world, order);
    const sendings = pushes.flatMap((push) => Array.from({ length: times }, () => push));
    await Promise.all(sendings.map((push) => world.pushes().deliver(push, alter)));
    return json(200, { items: pushes.map(describePush) });
  };
}

/** What the marketplace would say of an order as it is now: by state, so that one message never mixes two. */
function presentNews(world: World, order: Order): Push[] {
  const { shop } = order;
  const states = [...new Set(order.units.map((unit) => unit.state))];
  return states.flatMap((state) => {
    const units = order.units.filter((unit) => unit.state === state);
    const kind = shop.channel === 'zalora' && state === 'paid' ? 'placed' : state;
    const drafts = world.dialects[shop.channel].news({ kind, order, units, atUs: order.updatedUs });
    return drafts.flatMap((draft) => world.pushes().make(shop, draft));
  });
}

/** `POST /_sandbox/:channel/pushes/:id/resend {times?, alter?}`: the same bytes again. */
export function resendPush(world: World): (call: Call) => Promise<Reply> {
  return async (call) => {
    const push = world.pushes().find(Number(call.params['id']));
    if (push === undefined || push.channel !== channelOf(call)) throw problem(404, 'no such push');
    const form = Form.of(call);
    const times = form.number('times', 1, { least: 1, most: 1000, whole: true });
    const alter = form.choice('alter', ['no', 'byte'] as const, 'no') === 'byte';
    form.done();
    await Promise.all(Array.from({ length: times }, () => world.pushes().deliver(push, alter)));
    return json(200, describePush(push));
  };
}

/** `POST /_sandbox/:channel/pushes/retry {givenUp?, lost?}`: the ladder's next step for all of them, now. */
export function retryPushes(world: World): (call: Call) => Reply {
  return (call) => {
    const channel = channelOf(call);
    const form = Form.of(call);
    const states: PushState[] = ['retrying'];
    if (form.boolean('givenUp')) states.push('given-up');
    if (form.boolean('lost')) states.push('lost');
    form.done();
    return json(200, { sent: world.pushes().retryNow(channel, states) });
  };
}

/** `POST /_sandbox/:channel/shops/:shop/push {body, signed?, url?, headers?}`: any bytes, by default signed as real. */
export function pushRaw(world: World): (call: Call) => Promise<Reply> {
  return async (call) => {
    const shop = shopOf(world, call);
    const form = Form.of(call);
    const given = form.raw('body');
    if (given === undefined) form.fault('body', 'is required: a text is sent as it is, an object as JSON');
    const isSigned = form.boolean('signed', true);
    const url = form.maybeText('url') ?? shop.app.hookUrl ?? [...shop.webhooks.values()][0]?.callbackUrl;
    if (url === undefined) form.fault('url', 'the shop has no callback address');
    const extra = (form.raw('headers') ?? {}) as Record<string, string>;
    form.done();
    const body = typeof given === 'string' ? given : JSON.stringify(given);
    const dialect = world.dialects[shop.channel];
    const headers = { ...(isSigned ? dialect.headers(shop.app, url ?? '', body) : {}), ...extra };
    const startedMs = Date.now();
    const parcel = { url: url ?? '', body, headers, timeoutMs: dialect.ack.timeoutMs };
    const outcome = await world.pushes().courier.carry(parcel);
    return json(200, { status: outcome.status ?? null, error: outcome.error ?? null, tookMs: Date.now() - startedMs });
  };
}

/** `GET /_sandbox/pushes?channel=&shop=&orderId=&state=&after=&limit=`: newest last. */
export function listPushes(world: World): (call: Call) => Reply {
  return ({ query }) => {
    const wanted = (name: string, value: string | undefined): boolean => {
      const asked = query.get(name);
      return asked === null || asked === value;
    };
    const limit = Number(query.get('limit') ?? 1000);
    const after = Number(query.get('after') ?? 0);
    const found = world
      .pushes()
      .all()
      .filter((push) => push.id > after && wanted('channel', push.channel) && wanted('shop', push.shop.id))
      .filter((push) => wanted('orderId', push.orderId) && wanted('state', push.state));
    const counts: Record<string, number> = {};
    for (const push of found) counts[push.state] = (counts[push.state] ?? 0) + 1;
    return json(200, { total: found.length, counts, items: (limit > 0 ? found.slice(-limit) : []).map(describePush) });
  };
}
