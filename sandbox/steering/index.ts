import { Buyers, type BuyerTerms } from '../buyers';
import { json, type Call, type Reply } from '../http/call';
import { Router } from '../http/router';
import { emptyWorld, type World } from '../world';
import { addBulk } from './bulk';
import { setUpDemo } from './demo';
import { clearFaults, setFaults, showFaults } from './faults';
import { Form, channelOf } from './form';
import { addNotices } from './notices';
import {
  archiveOrder,
  listPushes,
  misnameOrder,
  moveOrder,
  placeOrder,
  pushOrder,
  pushRaw,
  resendPush,
  retryPushes,
} from './orders';
import { addPlanting } from './planting';
import { addPromotions } from './promotions';
import { addListings, setUp } from './setup';
import { addShopee } from './shopee';
import { listOrders } from './truth';
import { changeListing, listListings, listShops, report, shopOf, stateStock } from './shops';
import { addTokens } from './tokens';

/** Everything under `/_sandbox`. */
export function steering(world: World): { routes: Router; stop: () => void } {
  const buyers = new Buyers(world);
  const routes = new Router();
  addOrders(routes, world);
  addShopee(routes, world);
  addPromotions(routes, world);
  addPlanting(routes, world);
  addBulk(routes, world);
  addTokens(routes, world);
  addNotices(routes, world);
  routes
    .add('POST', '/setup', setUp(world))
    .add('POST', '/demo', setUpDemo(world))
    .add('GET', '/report', report(world))
    .add('PUT', '/stock/:sku', stateStock(world))
    .add('GET', '/calls', listCalls(world))
    .add('GET', '/pushes', listPushes(world))
    .add('PUT', '/clock', setClock(world))
    .add('GET', '/clock', () => json(200, { factor: world.clock.factor }))
    .add('PUT', '/readings', setReadings(world))
    .add('GET', '/readings', () => json(200, world.readings.choices))
    .add('POST', '/buyers', startBuyers(buyers))
    .add('DELETE', '/buyers', () => (buyers.stop(), json(200, { running: false })))
    .add('POST', '/race', race(buyers))
    .add('DELETE', '/state', () => (buyers.stop(), emptyWorld(world), json(200, { empty: true })))
    .add('PUT', '/:channel/faults', setFaults(world, false))
    .add('PATCH', '/:channel/faults', setFaults(world, true))
    .add('GET', '/:channel/faults', showFaults(world))
    .add('DELETE', '/:channel/faults', clearFaults(world))
    .add('PUT', '/:channel/apps/:app', changeApp(world))
    .add('POST', '/:channel/pushes/retry', retryPushes(world))
    .add('POST', '/:channel/pushes/:id/resend', resendPush(world));
  return { routes, stop: () => buyers.stop() };
}

function addOrders(routes: Router, world: World): void {
  const shop = '/:channel/shops/:shop';
  routes
    .add('GET', '/:channel/shops', listShops(world))
    .add('GET', `${shop}/listings`, listListings(world))
    .add('POST', `${shop}/listings`, (call) => addListings(world, shopOf(world, call), call))
    .add('PUT', `${shop}/listings/:sku`, changeListing(world))
    .add('POST', `${shop}/push`, pushRaw(world))
    .add('GET', `${shop}/orders`, listOrders(world))
    .add('POST', `${shop}/orders`, placeOrder(world))
    .add('POST', `${shop}/orders/:id/pay`, moveOrder(world, 'paid'))
    .add('POST', `${shop}/orders/:id/pack`, moveOrder(world, 'packed'))
    .add('POST', `${shop}/orders/:id/ready`, moveOrder(world, 'ready'))
    .add('POST', `${shop}/orders/:id/ship`, moveOrder(world, 'shipped'))
    .add('POST', `${shop}/orders/:id/deliver`, moveOrder(world, 'delivered'))
    .add('POST', `${shop}/orders/:id/cancel`, moveOrder(world, 'cancelled'))
    .add('POST', `${shop}/orders/:id/return`, moveOrder(world, 'returned'))
    .add('POST', `${shop}/orders/:id/status`, misnameOrder(world))
    .add('POST', `${shop}/orders/:id/archive`, archiveOrder(world))
    .add('POST', `${shop}/orders/:id/push`, pushOrder(world));
}

function listCalls(world: World): (call: Call) => Reply {
  return ({ query }) => {
    const limit = query.get('limit');
    const filter = { channel: query.get('channel'), path: query.get('path'), after: Number(query.get('after') ?? 0) };
    return json(200, { items: world.calls.find(limit === null ? filter : { ...filter, limit: Number(limit) }) });
  };
}

function setClock(world: World): (call: Call) => Reply {
  return (call) => {
    const form = Form.of(call);
    const factor = form.number('factor', 1, { least: 0.001, most: 1_000_000 });
    form.done();
    world.clock.setFactor(factor);
    return json(200, { factor });
  };
}

function setReadings(world: World): (call: Call) => Reply {
  return (call) => {
    const form = Form.of(call);
    for (const name of Object.keys(form.fields)) form.raw(name);
    for (const { path, message } of world.readings.change(form.fields)) form.fault(path, message);
    form.done();
    return json(200, world.readings.choices);
  };
}

/** `PUT /_sandbox/:channel/apps/:app {hookUrl?, secret?, pushing?}`: as in the marketplace's own console. */
function changeApp(world: World): (call: Call) => Reply {
  return (call) => {
    const app = world.market.app(channelOf(call), call.params['app'] ?? '');
    if (app === undefined) return json(404, { title: 'no such app', status: 404 });
    const form = Form.of(call);
    const hookUrl = form.maybeText('hookUrl');
    const secret = form.maybeText('secret');
    const pushing = form.boolean('pushing');
    if (hookUrl !== undefined && !URL.canParse(hookUrl)) form.fault('hookUrl', 'must be a URL');
    form.done();
    app.hookUrl = hookUrl ?? app.hookUrl;
    app.secret = secret ?? app.secret;
    const { subscriptions } = world.pushes();
    if (pushing) subscriptions.switchOn(app);
    return json(200, { key: app.key, hookUrl: app.hookUrl ?? null, pushing: !subscriptions.isOff(app) });
  };
}

function startBuyers(buyers: Buyers): (call: Call) => Reply {
  return (call) => {
    const form = Form.of(call);
    const terms: BuyerTerms = {
      perMinute: form.number('perMinute', 12, { least: 0.01, most: 60_000 }),
      channels: form.channels('channels'),
      skus: (form.raw('skus') as string[] | undefined) ?? undefined,
      maxUnits: form.number('maxUnits', 2, { least: 1, most: 100, whole: true }),
      payLaterRate: form.number('payLaterRate', 0.1, { most: 1 }),
      cancelRate: form.number('cancelRate', 0.05, { most: 1 }),
      shipAfterS: form.number('shipAfterS', 60, { most: 86_400 }),
      seed: form.maybeNumber('seed', { whole: true }),
    };
    if (terms.skus !== undefined && !Array.isArray(terms.skus)) form.fault('skus', 'must be a list');
    form.done();
    buyers.start(terms);
    return json(200, { running: true, ...terms });
  };
}

function race(buyers: Buyers): (call: Call) => Reply {
  return (call) => {
    const form = Form.of(call);
    const wanted = {
      sku: form.text('sku'),
      buyers: form.number('buyers', 500, { least: 1, most: 100_000, whole: true }),
      units: form.number('units', 1, { least: 1, most: 1000, whole: true }),
      channels: form.channels('channels'),
      unpaid: form.boolean('unpaid'),
      seed: form.maybeNumber('seed', { whole: true }),
    };
    form.done();
    return json(200, buyers.race(wanted));
  };
}
