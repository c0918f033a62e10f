import { nowUs } from '../clock';
import { json, type Call, type Reply } from '../http/call';
import type { Router } from '../http/router';
import { toHundredths } from '../money';
import type { Order, UnitState } from '../order';
import type { World } from '../world';
import { Form } from './form';
import { orderOf } from './orders';
import { describeTruth } from './truth';

const STATES = ['unpaid', 'paid', 'packed', 'ready', 'shipped', 'delivered', 'cancelled', 'returned'] as const;

/** Differences that nobody is told of. */
export function addPlanting(routes: Router, world: World): void {
  routes.add('POST', '/:channel/shops/:shop/orders/:id/plant', plant(world));
}

interface Seed {
  state: UnitState | undefined;
  units: Map<string, number> | undefined;
  /** The channel's own word; null takes it back. */
  status: string | null | undefined;
  prices: Map<string, number>;
  touch: boolean;
  push: boolean;
}

/**
 * `POST …/orders/:id/plant {state?, lines?, status?, discountSeller?, discountChannel?, shipping?, unitPrices?, touch?,
 * push?}`: the marketplace differs from now on. No push and no new update instant, unless asked for.
 */
function plant(world: World): (call: Call) => Reply {
  return (call) => {
    const order = orderOf(world, call);
    const form = Form.of(call);
    const seed = readSeed(form, order);
    const money = {
      discountSeller: form.amount('discountSeller', order.money.discountSeller),
      discountChannel: form.amount('discountChannel', order.money.discountChannel),
      shipping: form.amount('shipping', order.money.shipping),
    };
    form.done();
    if (seed.state !== undefined) world.trade.moveSilently(order, seed.state, seed.units);
    order.money = money;
    for (const line of order.lines)
      line.unitPriceHundredths = seed.prices.get(line.listing.sku) ?? line.unitPriceHundredths;
    if (seed.status !== undefined) nameStatus(order, seed.status ?? undefined);
    if (seed.touch) order.updatedUs = nowUs();
    if (seed.push) world.trade.sayAgain(order);
    return json(200, describeTruth(order));
  };
}

function readSeed(form: Form, order: Order): Seed {
  const state = form.has('state') ? form.choice('state', STATES, 'paid') : undefined;
  form.raw('state');
  const units = new Map<string, number>();
  for (const line of form.list('lines')) {
    units.set(line.text('sku'), line.number('units', 1, { least: 1, whole: true }));
    line.refuseUnknown();
  }
  const given = form.raw('status');
  const status = given === null ? null : form.maybeText('status');
  return {
    state,
    units: units.size === 0 ? undefined : units,
    status: form.has('status') ? status : undefined,
    prices: readPrices(form, order),
    touch: form.boolean('touch'),
    push: form.boolean('push'),
  };
}

function readPrices(form: Form, order: Order): Map<string, number> {
  const prices = new Map<string, number>();
  for (const row of form.list('unitPrices')) {
    const sku = row.text('sku');
    const hundredths = toHundredths(row.raw('unitPrice'));
    if (!order.lines.some((line) => line.listing.sku === sku)) row.fault('sku', 'the order has no such line');
    if (hundredths === undefined) row.fault('unitPrice', 'must be an amount such as "12.50"');
    else prices.set(sku, hundredths);
    row.refuseUnknown();
  }
  return prices;
}

function nameStatus(order: Order, word: string | undefined): void {
  for (const unit of order.units) unit.oddStatus = word;
}
