import { json, problem, type Call, type Reply } from '../http/call';
import type { Router } from '../http/router';
import { deauthorise, tellExpiring } from '../shopee/authority';
import { faceOfApp, faceOfShop, type ShopFace } from '../shopee/faces';
import { verify } from '../shopee/push-config';
import { ERROR_CODES, NO_QUIRKS, type Quirks } from '../shopee/quirks';
import { issueResendCode } from '../shopee/tokens';
import type { App, Shop } from '../shop';
import type { World } from '../world';
import { Form } from './form';

const RATE = { most: 1 };
const DAY_MS = 86_400_000;

/** What only the pretend Shopee can be told. */
export function addShopee(routes: Router, world: World): void {
  routes
    .add('PUT', '/shopee/quirks', setQuirks(world, false))
    .add('PATCH', '/shopee/quirks', setQuirks(world, true))
    .add('GET', '/shopee/quirks', () => json(200, world.quirks.choices))
    .add('DELETE', '/shopee/quirks', () => (world.quirks.reset(), json(200, world.quirks.choices)))
    .add('PUT', '/shopee/shops/:shop/face', changeFace(world))
    .add('POST', '/shopee/shops/:shop/resend-code', (call) =>
      json(201, { resendCode: issueResendCode(shopOf(world, call)) }),
    )
    .add('POST', '/shopee/shops/:shop/deauthorise', takeBack(world))
    .add('POST', '/shopee/shops/:shop/expiring', (call) =>
      json(200, { shops: tellExpiring(world, shopOf(world, call)) }),
    )
    .add('GET', '/shopee/apps/:app', showApp(world))
    .add('POST', '/shopee/apps/:app/verify', sendVerification(world));
}

function shopOf(world: World, call: Call): Shop {
  const shop = world.market.shop('shopee', call.params['shop'] ?? '');
  if (shop === undefined) throw problem(404, `no shop ${call.params['shop'] ?? ''} on shopee`);
  return shop;
}

function appOf(world: World, call: Call): App {
  const app = world.market.app('shopee', call.params['app'] ?? '');
  if (app === undefined) throw problem(404, `no app ${call.params['app'] ?? ''} on shopee`);
  return app;
}

/** `PUT /_sandbox/shopee/quirks` sets exactly what it names; `PATCH` adds to what is there. */
function setQuirks(world: World, keep: boolean): (call: Call) => Reply {
  return (call) => {
    const base: Readonly<Quirks> = keep ? world.quirks.choices : NO_QUIRKS;
    const form = Form.of(call);
    const quirks: Quirks = {
      errorCodeRate: form.number('errorCodeRate', base.errorCodeRate, RATE),
      errorCode: form.choice('errorCode', ERROR_CODES, base.errorCode as (typeof ERROR_CODES)[number]),
      errorCodePath: form.maybeText('errorCodePath') ?? base.errorCodePath,
      prefixRate: form.number('prefixRate', base.prefixRate, RATE),
      tokenError: form.choice('tokenError', TOKEN_ERRORS, base.tokenError),
      textIds: form.boolean('textIds', base.textIds),
      refreshAnswersLost: form.number('refreshAnswersLost', base.refreshAnswersLost, { whole: true }),
    };
    const seed = form.maybeNumber('seed', { whole: true });
    form.done();
    world.quirks.set(quirks, seed);
    return json(200, quirks);
  };
}

const TOKEN_ERRORS = ['invalid_acceess_token', 'invalid_access_token', 'error_auth'] as const;

/** `PUT …/face {holiday?, locations?, authorisedDays?}`: what the seller or Shopee changed about the shop. */
function changeFace(world: World): (call: Call) => Reply {
  return (call) => {
    const face = faceOfShop(shopOf(world, call));
    const form = Form.of(call);
    const holiday = form.choice('holiday', ['off', 'partial', 'full'] as const, face.holiday);
    const days = form.maybeNumber('authorisedDays', { most: 365 });
    const locations = form.raw('locations') ?? face.locations;
    if (!isLocations(locations)) form.fault('locations', 'must be a list of at most 20 texts');
    form.done();
    face.holiday = holiday;
    face.locations = locations as string[];
    if (days !== undefined) face.authorisedUntilMs = Date.now() + days * DAY_MS;
    return json(200, describeFace(face));
  };
}

function isLocations(value: unknown): boolean {
  return Array.isArray(value) && value.length <= 20 && value.every((one) => typeof one === 'string' && one !== '');
}

function describeFace(face: ShopFace): Record<string, unknown> {
  const { holiday, locations, unlinked } = face;
  return { holiday, locations, linked: !unlinked, authorisedUntil: new Date(face.authorisedUntilMs).toISOString() };
}

/** `POST …/deauthorise {silent?}`: the seller takes the authorisation back; push 2 tells it unless silent. */
function takeBack(world: World): (call: Call) => Reply {
  return (call) => {
    const shop = shopOf(world, call);
    const form = Form.of(call);
    const silent = form.boolean('silent');
    form.done();
    deauthorise(world, shop, !silent);
    return json(200, describeFace(faceOfShop(shop)));
  };
}

/** `GET /_sandbox/shopee/apps/:app`: ids and the health of pushing. */
function showApp(world: World): (call: Call) => Reply {
  return (call) => {
    const app = appOf(world, call);
    const face = faceOfApp(app);
    const { standing } = world.pushes().subscriptions.health(app);
    const { mainAccountId, merchantId } = face;
    return json(200, { key: app.key, mainAccountId, merchantId, pushStatus: standing });
  };
}

/** `POST …/verify {signed?, url?}`: the console's test message, code 0, by default unsigned. */
function sendVerification(world: World): (call: Call) => Promise<Reply> {
  return async (call) => {
    const app = appOf(world, call);
    const form = Form.of(call);
    const signed = form.boolean('signed');
    const url = form.maybeText('url') ?? app.hookUrl;
    if (url === undefined || !URL.canParse(url)) form.fault('url', 'the app has no callback address');
    form.done();
    return json(200, await verify(world, app, { url: url ?? '', signed }));
  };
}
