import { ChannelError } from '../kit';
import { jsonAnswer, scriptedCall } from '../kit/scripted-call';
import { aShop } from './a-shop';
import { codeOf, failureOf } from './failures';
import { ask, signature, type ShopeeRequest } from './wire';

const REQUEST: ShopeeRequest = {
  method: 'POST',
  path: '/api/v2/product/update_stock',
  body: { item_id: 1 },
  effect: 'write',
};
const NOON_UTC = Date.parse('2023-11-15T12:00:00Z');
const failed = (error: string, message = '') => ({ error, message, response: undefined });
const kindOf = (error: string, message = '') => failureOf(failed(error, message), 'write', NOON_UTC);

async function thrown(work: Promise<unknown>): Promise<ChannelError> {
  const error = await work.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (error instanceof ChannelError) return error;
  throw new Error('no ChannelError');
}

describe('signature', () => {
  it('is the documented one of a public call', () => {
    expect(signature('shop-secret', '123456', '/api/v2/shop/auth_partner', '1700000000')).toBe(
      '2e83c24023151cdb339e7f0ebb9422f1dfef013ac3c9689d62468e190851c3ca',
    );
  });

  it('is the documented one of a shop call, in its query, over seconds', async () => {
    const { call, asked } = scriptedCall(aShop(), () => jsonAnswer({ error: '', message: '', response: {} }));
    await ask(call, REQUEST);
    const url = new URL(asked[0]?.url ?? '');
    expect(url.origin + url.pathname).toBe('https://partner.shopeemobile.com/api/v2/product/update_stock');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      partner_id: '123456',
      timestamp: '1700000000',
      access_token: 'tok-abc',
      shop_id: '7890',
      sign: 'e6947601fd6ee00ad9d17564d078984cac4985c2221dac16217242171fd76e43',
    });
    expect(asked[0]).toMatchObject({ body: '{"item_id":1}', headers: { 'content-type': 'application/json' } });
  });

  it('signs the path without the base that stands in front of it', async () => {
    const shop = aShop({ baseUrl: 'http://127.0.0.1:4200/shopee/' });
    const { call, asked } = scriptedCall(shop, () => jsonAnswer({ error: '', response: {} }));
    await ask(call, REQUEST);
    const url = new URL(asked[0]?.url ?? '');
    expect(url.pathname).toBe('/shopee/api/v2/product/update_stock');
    expect(url.searchParams.get('sign')).toBe('e6947601fd6ee00ad9d17564d078984cac4985c2221dac16217242171fd76e43');
  });

  it.each([
    ['BR', 'openplatform.shopee.com.br'],
    ['CN', 'openplatform.shopee.cn'],
    ['my', 'partner.shopeemobile.com'],
  ])('goes to the host of %s', async (region, host) => {
    const { call, asked } = scriptedCall(aShop({ region }), () => jsonAnswer({ error: '', response: {} }));
    await ask(call, REQUEST);
    expect(new URL(asked[0]?.url ?? '').host).toBe(host);
  });
});

describe('codeOf', () => {
  it.each([
    ['error_param', 'error_param'],
    ['product.error_param', 'error_param'],
    ['common.error_auth', 'error_auth'],
    ['warehouse.error_not_in_whitelist', 'error_not_in_whitelist'],
    ['a.b.error_x', 'b.error_x'],
    ['error.param', 'error_param'],
  ])('looks %s up as %s', (error, code) => {
    expect(codeOf(error)).toBe(code);
  });
});

describe('failureOf', () => {
  it.each([
    ['error_rate_limit', undefined],
    ['error_busy', undefined],
    ['exceed_api', undefined],
    ['product.exceed_shop_api', 'shop'],
    ['order.exceed_partner_api', 'app'],
  ])('is throttled by %s without a word how long, and knows who has to wait: %s', (error, scope) => {
    expect(kindOf(error)).toEqual(scope === undefined ? { kind: 'throttled' } : { kind: 'throttled', scope });
  });

  it('stops the app until 00:00 UTC+8 when the daily quota is used up', () => {
    expect(kindOf('error_limit')).toEqual({ kind: 'throttled', afterMs: 4 * 3_600_000, scope: 'app' });
    const atReset = failureOf(failed('product.error_limit'), 'read', Date.parse('2023-11-15T16:00:00Z'));
    expect(atReset).toEqual({ kind: 'throttled', afterMs: 24 * 3_600_000, scope: 'app' });
  });

  it('knows that order.error_limit is no quota', () => {
    expect(kindOf('order.error_limit')).toEqual({ kind: 'refused', reason: 'order.error_limit' });
  });

  it.each([
    ['invalid_acceess_token', ''],
    ['invalid_access_token', ''],
    ['common.error_auth', 'Invalid access_token.'],
    ['error_auth', 'Invalid access_token, please have a check and try again.'],
    ['error_sign', 'Wrong sign.'],
    ['error_param', 'Timestamp is expired.'],
    ['shop_no_linked', ''],
    ['product.invalid_acceess_token', ''],
    ['partner_shop_no_link', 'Invalid partner_id or shop_id, please have a check.'],
    ['refresh_token_expired', 'Your refresh_token expired.'],
    ['error_shop_refresh_token', ''],
    ['shop_access_expired', ''],
    ['shop_banned', ''],
    ['error_partner_key_expired', ''],
  ])('is unauthorized by %s %s', (error, message) => {
    expect(kindOf(error, message)).toEqual({ kind: 'unauthorized' });
  });

  it.each([
    ['error_system_busy', '', false],
    ['source_ip_undeclared', 'Request Source IP is undeclared.', false],
    ['error_inner', 'System error, please try again later or contact the OpenAPI support team.', true],
    ['error_inner', 'Our system is taking some time to respond, please try again.', true],
    ['product.error_inner', 'Inner error, please retry later', true],
    ['error_server', 'Something wrong. Please try later.', true],
    ['error_auth', 'System error, please try again later.', true],
    ['error_network', 'Inner http call failed', true],
  ])('is unavailable for a while by %s', (error, message, unanswered) => {
    expect(kindOf(error, message)).toEqual({ kind: 'unavailable', unanswered });
  });

  it('takes an inner error without such words, and any other code, for a final no with its own code', () => {
    expect(kindOf('product.error_inner', 'Update item failed')).toEqual({
      kind: 'refused',
      reason: 'product.error_inner',
    });
    expect(kindOf('error_param', 'Wrong parameters')).toEqual({ kind: 'refused', reason: 'error_param' });
  });
});

describe('ask', () => {
  const answered = (status: number, body: string) =>
    thrown(ask(scriptedCall(aShop(), () => ({ status, headers: {}, body })).call, REQUEST));

  it.each([
    ['HTML of a refusing edge', 403, '<html>', { kind: 'unavailable', unanswered: false }],
    ['an empty 502', 502, '', { kind: 'unavailable', unanswered: true }],
    ['a bare 429', 429, '', { kind: 'throttled' }],
    ['HTML under 200', 200, '<html>', { kind: 'malformed' }],
    ['nothing under 200', 200, '', { kind: 'malformed' }],
    ['an envelope without error', 200, '{"response":{}}', { kind: 'malformed' }],
    ['an error under 403', 403, '{"error":"error_auth","message":"x"}', { kind: 'unauthorized' }],
    ['no error under 403', 403, '{"error":""}', { kind: 'unavailable', unanswered: false }],
  ])('reads %s', async (...[, status, body, failure]) => {
    expect((await answered(status, body)).failure).toEqual(failure);
  });

  it.each(['-', ' ', ''])('takes "%s" for no error', async (error) => {
    const { call } = scriptedCall(aShop(), () => jsonAnswer({ error, response: { a: 1 } }));
    expect(await ask(call, REQUEST)).toEqual({ a: 1 });
  });

  it('keeps a short part of endless words', async () => {
    const endless = { error: `error_${'x'.repeat(9999)}`, message: 'promotion '.repeat(9999) };
    const { failure, message } = await answered(200, JSON.stringify(endless));
    expect(failure).toEqual({ kind: 'refused', reason: `error_${'x'.repeat(94)}` });
    expect(message.length).toBeLessThan(400);
  });

  it('says what the channel said, without secrets', async () => {
    const error = await answered(200, '{"error":"error_param","message":"bad token tok-abc of shop-secret"}');
    expect(error.message).toBe('/api/v2/product/update_stock error_param: bad token *** of ***');
  });
});
