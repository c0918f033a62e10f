import type { CallContext, ChannelFailure, ChannelRequest, ShopAccess } from '../kit';
import { aShop } from './a-shop';
import { classify } from './classify';
import { ask, exchange, sign, textToSign, type WireRequest } from './wire';

const SHOP = aShop();

function callOf(body: string, shop: ShopAccess = SHOP, status = 200): { call: CallContext; sent: ChannelRequest[] } {
  const sent: ChannelRequest[] = [];
  const http = (request: ChannelRequest) => {
    sent.push(request);
    return Promise.resolve({ status, headers: {}, body });
  };
  return { call: { http, shop, now: () => 1700000000000 }, sent };
}

const READ: WireRequest = { method: 'GET', path: '/order/get', params: { order_id: '1234' }, effect: 'read' };

describe('signing', () => {
  it('keeps the official sample of /order/get [L1]', () => {
    const params = {
      timestamp: '1517820392000',
      app_key: '123456',
      order_id: '1234',
      sign_method: 'sha256',
      access_token: 'test',
    };
    expect(textToSign({ path: '/order/get', params })).toBe(
      '/order/getaccess_tokentestapp_key123456order_id1234sign_methodsha256timestamp1517820392000',
    );
    expect(sign('helloworld', { path: '/order/get', params })).toBe(
      '4190D32361CFB9581350222F345CB77F3B19F0E31D162316848A2C1FFD5FAB4A',
    );
  });

  it('keeps the vector that puts an underscore before letters [L11]', () => {
    const params = { foo: '1', bar: '2', foo_bar: '3', foobar: '4' };
    expect(sign('1234', { path: '/test/api', params })).toBe(
      '988085883BF9D32D251478D23122C7ECC91518CDF63BA22F792000A378F52409',
    );
  });

  it('keeps the vector of /order/cancel [L10]', () => {
    const params = {
      access_token: 'test-token',
      app_key: '123456',
      sign_method: 'sha256',
      timestamp: '1700000000000',
    };
    expect(sign('test-secret', { path: '/order/cancel', params })).toBe(
      '91375F42B474CECEE7172759B6400E74F10FBB6E9E9E145EA2A27DFA17556B18',
    );
  });

  it('sorts by code unit: digits, capitals, underscore, small letters', () => {
    const params = { b: '1', B: '2', _a: '3', '0': '4', Ba: '5', a_b: '6', ab: '7', aB: '8' };
    expect(textToSign({ path: '/x', params })).toBe('/x04B2Ba5_a3aB8a_b6ab7b1');
  });

  it('leaves out sign and empty values, takes values raw, and appends an opaque body', () => {
    const params = { sign: 'X', empty: '', payload: '<a b="ü&">' };
    expect(textToSign({ path: '/x', params, body: '{"k":1}' })).toBe('/xpayload<a b="ü&">{"k":1}');
  });
});

describe('exchange', () => {
  it('keeps a short part of an endless code, and no secret of it', async () => {
    const { call } = callOf(JSON.stringify({ code: `test-token test-secret ${'x'.repeat(9999)}` }));
    const reason = `*** *** ${'x'.repeat(92)}`;
    await expect(ask(call, READ)).rejects.toMatchObject({ failure: { kind: 'refused', reason } });
  });

  it('puts system and business parameters of a GET into the query, signed in milliseconds', async () => {
    const { call, sent } = callOf('{"code":"0","data":{"a":1}}');
    await expect(ask(call, READ)).resolves.toEqual({ a: 1 });
    const url = new URL(sent[0]!.url);
    expect(url.origin + url.pathname).toBe('https://api.lazada.sg/rest/order/get');
    const { sign: received, ...params } = Object.fromEntries(url.searchParams);
    expect(params).toEqual({
      order_id: '1234',
      app_key: '123456',
      access_token: 'test-token',
      timestamp: '1700000000000',
      sign_method: 'sha256',
    });
    expect(received).toBe(sign('test-secret', { path: '/order/get', params }));
    expect(sent[0]).toMatchObject({ method: 'GET', effect: 'read' });
    expect(sent[0]?.body).toBeUndefined();
  });

  it('puts everything of a POST into a form of which every field is signed', async () => {
    const { call, sent } = callOf('{"code":"0"}');
    const payload = '<Request a="1">ü + & %20</Request>';
    await exchange(call, {
      method: 'POST',
      path: '/product/stock/sellable/update',
      params: { payload },
      effect: 'write',
    });
    expect(sent[0]?.url).toBe('https://api.lazada.sg/rest/product/stock/sellable/update');
    expect(sent[0]?.headers).toEqual({ 'content-type': 'application/x-www-form-urlencoded;charset=utf-8' });
    const { sign: received, ...params } = Object.fromEntries(new URLSearchParams(sent[0]?.body));
    expect(params['payload']).toBe(payload);
    expect(received).toBe(sign('test-secret', { path: '/product/stock/sellable/update', params }));
  });

  it('takes the base URL for the API and for its authorisation host, where no token goes along', async () => {
    const shop = { ...SHOP, baseUrl: 'http://127.0.0.1:4200/lazada/' };
    const { call, sent } = callOf('{"code":"0"}', shop);
    await exchange(call, READ);
    await exchange(call, { ...READ, path: '/auth/token/refresh' });
    expect(sent[0]?.url).toMatch(/^http:\/\/127\.0\.0\.1:4200\/lazada\/rest\/order\/get\?/);
    expect(sent[1]?.url).toMatch(/^http:\/\/127\.0\.0\.1:4200\/lazada\/rest\/auth\/token\/refresh\?/);
    expect(sent[1]?.url).not.toContain('access_token');
  });

  it('calls each region on its host and tokens on the authorisation host', async () => {
    const regions = { sg: 'sg', th: 'co.th', my: 'com.my', vn: 'vn', ph: 'com.ph', id: 'co.id' };
    for (const [region, domain] of Object.entries(regions)) {
      const { call, sent } = callOf('{"code":"0"}', { ...SHOP, region });
      await exchange(call, READ);
      await exchange(call, { ...READ, path: '/auth/token/create' });
      expect(new URL(sent[0]!.url).origin).toBe(`https://api.lazada.${domain}`);
      expect(new URL(sent[1]!.url).origin).toBe('https://auth.lazada.com');
    }
    const { call } = callOf('{"code":"0"}', { ...SHOP, region: 'xx' });
    await expect(exchange(call, READ)).rejects.toMatchObject({
      failure: { kind: 'refused', reason: 'unknown-region' },
    });
  });

  it('reads the envelope whatever the HTTP status is', async () => {
    await expect(ask(callOf('{"code":"0","data":7}', SHOP, 403).call, READ)).resolves.toBe(7);
    const { call } = callOf('{"code":"IllegalAccessToken","type":"ISV","message":"no"}');
    await expect(ask(call, READ)).rejects.toMatchObject({ failure: { kind: 'unauthorized' } });
  });

  it('calls malformed what is no envelope', async () => {
    for (const body of ['', '<html>', 'null', '[]', '{}', '{"code":null}', '{"code":{}}']) {
      await expect(exchange(callOf(body).call, READ)).rejects.toMatchObject({ failure: { kind: 'malformed' } });
    }
  });

  it('keeps secrets out of messages', async () => {
    const { call } = callOf('{"code":"16","message":"test-token and test-secret are wrong"}');
    await expect(ask(call, READ)).rejects.toMatchObject({ message: '/order/get: 16 *** and *** are wrong' });
  });

  it('keeps ids beyond 2^53 exact', async () => {
    const { call } = callOf('{"code":"0","data":{"order_id":92604229001983631}}');
    await expect(ask(call, READ)).resolves.toEqual({ order_id: '92604229001983631' });
  });
});

describe('classify', () => {
  const of = (code: string, message = '', type = 'ISV'): ChannelFailure => classify({ code, message, type }, 'read');
  const ofWrite = (code: string, type = 'ISP'): ChannelFailure => classify({ code, message: '', type }, 'write');

  it('reads throttling with the length of the ban', () => {
    expect(of('ApiCallLimit', 'The ban lasts 2 seconds', 'SYSTEM')).toEqual({ kind: 'throttled', afterMs: 2000 });
    expect(of('SellerCallLimit', 'this ban will last 1 more seconds')).toEqual({ kind: 'throttled', afterMs: 1000 });
    expect(of('AppCallLimit', 'too many')).toEqual({ kind: 'throttled', scope: 'app' });
    expect(of('901')).toEqual({ kind: 'throttled' });
    expect(of('E901', 'Too frequent')).toEqual({ kind: 'throttled' });
    expect(of('1002')).toEqual({ kind: 'throttled' });
    expect(of('7', 'Api access frequency exceeds the limit. this ban will last 3 seconds')).toEqual({
      kind: 'throttled',
      afterMs: 3000,
    });
  });

  it('reads a daily quota as the whole app waiting for a midnight', () => {
    const now = Date.UTC(2026, 10, 21, 15, 0);
    const daily = { code: 'AppCallLimit', type: 'ISP', message: 'The daily call limit of the app is reached' };
    const hours = (settings: ShopAccess['settings']) => classify(daily, 'read', { now, settings });
    expect(hours({})).toEqual({ kind: 'throttled', scope: 'app', afterMs: 3_600_000 });
    expect(hours({ quotaDay: 'utc' })).toEqual({ kind: 'throttled', scope: 'app', afterMs: 9 * 3_600_000 });
    expect(classify({ ...daily, code: '901' }, 'read', { now, settings: {} })).toMatchObject({ scope: 'app' });
    expect(classify({ ...daily, message: 'ban lasts 5 seconds today' }, 'read', { now, settings: {} })).toEqual({
      kind: 'throttled',
      scope: 'app',
      afterMs: 5000,
    });
  });

  it('reads tokens, signatures and app keys that are not accepted', () => {
    const codes = ['IllegalAccessToken', 'IllegalRefreshToken', 'IncompleteSignature', 'InvalidCode', 'InvalidAppKey'];
    for (const code of codes) expect(of(code, '', 'SYSTEM')).toEqual({ kind: 'unauthorized' });
    expect(of('AUTH_TYPE_UNSUPPORTED')).toEqual({ kind: 'unauthorized' });
    expect(of('MissingParameter', 'The input parameter access_token is missing')).toEqual({ kind: 'unauthorized' });
    expect(of('MissingParameter', 'The input parameter order_id is missing')).toEqual({
      kind: 'refused',
      reason: 'MissingParameter',
    });
  });

  it('reads outages, unanswered only where a write may have happened', () => {
    for (const code of ['6', 'E006', '506', '513', '1000', 'ServiceTimeout']) {
      expect(of(code)).toEqual({ kind: 'unavailable', unanswered: false });
      const isOver = code === '513' || code === 'ServiceTimeout' ? {} : { isOver: true };
      expect(ofWrite(code)).toEqual({ kind: 'unavailable', unanswered: true, ...isOver });
    }
    expect(ofWrite('998')).toEqual({ kind: 'unavailable', unanswered: false });
    expect(ofWrite('Whatever', 'SYSTEM')).toEqual({ kind: 'unavailable', unanswered: true });
  });

  it('reads everything else as a final no with its code', () => {
    expect(of('4225', '', 'ISP')).toEqual({ kind: 'refused', reason: '4225' });
    expect(of('E019')).toEqual({ kind: 'refused', reason: '19' });
  });
});
