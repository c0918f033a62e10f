import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { type AppCall, ChannelError, type ChannelRequest, type TokenHolder } from '../kit';
import { authorisation } from './authorise';
import { sign } from './wire';

const NOW = 1_700_000_000_000;
const DAY_MS = 86_400_000;
const APP: AppCall['app'] = { key: '123456', secret: 'test-secret', region: 'sg' };
const fixture = (name: string): string => readFileSync(join(__dirname, 'fixtures', name), 'utf8');

/** Answers by path, and keeps what was asked. */
function channel(answers: Readonly<Record<string, string>>, app = APP): { call: AppCall; asked: ChannelRequest[] } {
  const asked: ChannelRequest[] = [];
  const http: AppCall['http'] = (request) => {
    asked.push(request);
    const path = new URL(request.url).pathname.replace(/^.*\/rest/, '');
    return Promise.resolve({ status: 200, headers: {}, body: answers[path] ?? '{"code":"InvalidApiPath"}' });
  };
  return { call: { http, app, now: () => NOW }, asked };
}

const CREATE = '/auth/token/create';
const REFRESH = '/auth/token/refresh';
const failure = (code: string, message = ''): string => JSON.stringify({ code, type: 'ISV', message });

describe('consentUrl', () => {
  it('names the app, the registered address and the state', () => {
    const url = new URL(
      authorisation.consentUrl(APP, { state: 's-1', redirectUrl: 'https://hub.example/cb?x=1' }, NOW),
    );
    expect(url.origin + url.pathname).toBe('https://auth.lazada.com/oauth/authorize');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      response_type: 'code',
      force_auth: 'true',
      redirect_uri: 'https://hub.example/cb?x=1',
      client_id: '123456',
      state: 's-1',
    });
  });

  it('is below the base URL where there is one, and the same for every region', () => {
    const app = { ...APP, region: 'cb', baseUrl: 'http://127.0.0.1:4200/lazada/' };
    const ask = { state: 's', redirectUrl: 'https://hub.example/cb' };
    expect(authorisation.consentUrl(app, ask, NOW)).toMatch(/^http:\/\/127\.0\.0\.1:4200\/lazada\/oauth\/authorize\?/);
    expect(authorisation.consentUrl({ ...APP, region: 'cb' }, ask, NOW)).toMatch(/^https:\/\/auth\.lazada\.com\//);
  });
});

describe('exchange', () => {
  it('asks after no endless list of shops', async () => {
    const country_user_info = Array.from({ length: 500 }, (_, at) => ({ country: 'sg', seller_id: String(at + 1) }));
    const tokens = { access_token: 'a', refresh_token: 'r', expires_in: 1000, refresh_expires_in: 2000 };
    const { call, asked } = channel({ [CREATE]: JSON.stringify({ code: '0', ...tokens, country_user_info }) });
    expect(await authorisation.exchange(call, { code: 'c-1' })).toHaveLength(60);
    expect(asked).toHaveLength(61);
  });

  it('spends the code once, signed and outside of the address', async () => {
    const { call, asked } = channel({
      [CREATE]: fixture('token-create.json'),
      '/seller/get': fixture('seller-get.json'),
    });
    await expect(authorisation.exchange(call, { code: 'c-1', state: 's' })).resolves.toEqual([
      {
        channelShopId: '1001',
        name: 'Cups and Plates',
        region: 'sg',
        currency: 'SGD',
        timeZone: 'Asia/Singapore',
        tokens: {
          accessToken: 'first-access',
          accessTokenExpiresAt: NOW + 864_000_000,
          refreshToken: 'first-refresh',
          refreshTokenExpiresAt: NOW + 4_320_000_000,
        },
      },
    ]);
    expect(asked[0]).toMatchObject({
      method: 'POST',
      url: 'https://auth.lazada.com/rest/auth/token/create',
      effect: 'write',
    });
    const { sign: signature, ...params } = Object.fromEntries(new URLSearchParams(asked[0]?.body));
    expect(params).toEqual({ code: 'c-1', app_key: '123456', timestamp: String(NOW), sign_method: 'sha256' });
    expect(signature).toBe(sign('test-secret', { path: CREATE, params }));
    expect(new URL(asked[1]!.url).searchParams.get('access_token')).toMatch(/^first-access$/);
  });

  it('gives each shop of a cross-border token that token, on its own host', async () => {
    const { call, asked } = channel({
      [CREATE]: fixture('token-create-cross-border.json'),
      '/seller/get': failure('ApiCallLimit', 'this ban will last 1 seconds'),
    });
    const shops = await authorisation.exchange(call, { code: 'c-1' });
    expect(
      shops.map(({ channelShopId, name, region, currency, timeZone }) => [
        channelShopId,
        name,
        region,
        currency,
        timeZone,
      ]),
    ).toEqual([
      ['1001', 'SG0001', 'sg', 'SGD', 'Asia/Singapore'],
      ['1002', 'TH0001', 'th', 'THB', 'Asia/Bangkok'],
      ['1003', 'VN0001', 'vn', 'VND', 'Asia/Ho_Chi_Minh'],
    ]);
    const [first] = shops;
    expect(first?.tokens).toMatchObject({ accessToken: 'cb-access', accessTokenExpiresAt: NOW + 30 * DAY_MS });
    for (const { tokens } of shops) expect(tokens).toEqual(first?.tokens);
    expect(asked.slice(1).map(({ url }) => new URL(url).host)).toEqual([
      'api.lazada.sg',
      'api.lazada.co.th',
      'api.lazada.vn',
    ]);
  });

  it('reads the shops also under the name that refreshing has for them', async () => {
    const { call } = channel({ [CREATE]: fixture('token-refresh.json') }, { ...APP, region: 'cb' });
    const [shop] = await authorisation.exchange(call, { code: 'c-1' });
    expect(shop).toMatchObject({ channelShopId: '1001', name: 'SG0001', region: 'sg' });
  });

  it('refuses a code that is spent, too old or not there', async () => {
    const { call } = channel({ [CREATE]: failure('InvalidCode', 'Invalid authorization code c-1') });
    const error = await authorisation.exchange(call, { code: 'c-1' }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ failure: { kind: 'refused', reason: 'InvalidCode' } });
    expect((error as ChannelError).message).not.toContain('c-1');
    const missing = channel({ [CREATE]: failure('MissingParameter', 'The input parameter "code" is missing') });
    await expect(authorisation.exchange(missing.call, { code: 'c-1' })).rejects.toMatchObject({
      failure: { kind: 'refused' },
    });
    const none = channel({});
    await expect(authorisation.exchange(none.call, { state: 's' })).rejects.toMatchObject({
      failure: { reason: 'no-code' },
    });
    await expect(authorisation.exchange(none.call, { error: 'access_denied' })).rejects.toMatchObject({
      failure: { kind: 'refused', reason: 'access_denied' },
    });
    expect(none.asked).toEqual([]);
  });

  it('reads every other error of the page', async () => {
    const failures: readonly (readonly [code: string, failure: object])[] = [
      ['IncompleteSignature', { kind: 'unauthorized' }],
      ['InvalidAppKey', { kind: 'unauthorized' }],
      ['ApiCallLimit', { kind: 'throttled' }],
      ['ServiceTimeout', { kind: 'unavailable', unanswered: true }],
      ['Whatever', { kind: 'refused', reason: 'Whatever' }],
    ];
    for (const [code, expected] of failures) {
      const { call } = channel({ [CREATE]: failure(code) });
      await expect(authorisation.exchange(call, { code: 'c-1' })).rejects.toMatchObject({ failure: expected });
    }
  });

  it('calls malformed an answer without tokens, their lives, or a shop', async () => {
    const good = JSON.parse(fixture('token-create.json')) as object;
    const faulty: object[] = [
      { access_token: '' },
      { expires_in: 0 },
      { expires_in: 'soon' },
      { expires_in: undefined },
      { refresh_expires_in: -1 },
      { country_user_info: undefined },
      { country_user_info: [{ country: 'xx', seller_id: '1' }, null, { country: 'sg' }] },
    ];
    for (const change of faulty) {
      const { call } = channel({ [CREATE]: JSON.stringify({ ...good, ...change }) });
      await expect(authorisation.exchange(call, { code: 'c-1' })).rejects.toMatchObject({
        failure: { kind: 'malformed' },
      });
    }
  });
});

describe('refresh', () => {
  const holder: TokenHolder = {
    channelShopId: '1001',
    region: 'sg',
    settings: {},
    tokens: {
      accessToken: 'old-access',
      accessTokenExpiresAt: NOW,
      refreshToken: 'old-refresh',
      refreshTokenExpiresAt: NOW + 10 * DAY_MS,
    },
  };
  const refreshed = (change: object, held = holder) => {
    const good = JSON.parse(fixture('token-refresh.json')) as object;
    return authorisation.refresh(channel({ [REFRESH]: JSON.stringify({ ...good, ...change }) }).call, held);
  };

  it('gives the next pair, and never a later end of the authorisation', async () => {
    const { call, asked } = channel({ [REFRESH]: fixture('token-refresh.json') });
    await expect(authorisation.refresh(call, holder)).resolves.toEqual({
      accessToken: 'next-access',
      accessTokenExpiresAt: NOW + 10 * DAY_MS,
      refreshToken: 'next-refresh',
      refreshTokenExpiresAt: NOW + 10 * DAY_MS,
    });
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ method: 'POST', url: 'https://auth.lazada.com/rest/auth/token/refresh' });
    expect(new URLSearchParams(asked[0]?.body).get('refresh_token')).toBe('old-refresh');
  });

  it('takes an earlier end, and the first one that is told', async () => {
    expect((await refreshed({ refresh_expires_in: 60 })).refreshTokenExpiresAt).toBe(NOW + 60_000);
    const { refreshTokenExpiresAt: _end, ...tokens } = holder.tokens;
    expect((await refreshed({}, { ...holder, tokens })).refreshTokenExpiresAt).toBe(NOW + 50 * DAY_MS);
    expect(await refreshed({ refresh_expires_in: undefined }, { ...holder, tokens })).not.toHaveProperty(
      'refreshTokenExpiresAt',
    );
    expect((await refreshed({ refresh_expires_in: undefined })).refreshTokenExpiresAt).toBe(NOW + 10 * DAY_MS);
  });

  it('keeps the refresh token where none comes back', async () => {
    for (const none of [undefined, null, '']) {
      expect((await refreshed({ refresh_token: none })).refreshToken).toBe('old-refresh');
    }
  });

  it('ends the authorisation with a token that cannot be refreshed', async () => {
    expect((await refreshed({ refresh_expires_in: 0, expires_in: 60 })).refreshTokenExpiresAt).toBe(NOW + 60_000);
  });

  it('is unauthorised where the refresh token is dead, not there, or of a kind that is not refreshed', async () => {
    for (const code of ['IllegalRefreshToken', 'InvalidRefreshToken', 'AUTH_TYPE_UNSUPPORTED', 'IllegalAccessToken']) {
      const { call } = channel({ [REFRESH]: failure(code, 'old-refresh is not valid') });
      const error = await authorisation.refresh(call, holder).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ failure: { kind: 'unauthorized' } });
      expect((error as ChannelError).message).not.toContain('old-refresh');
    }
    const missing = channel({ [REFRESH]: failure('MissingParameter', 'The input parameter refresh_token is missing') });
    await expect(authorisation.refresh(missing.call, holder)).rejects.toMatchObject({
      failure: { kind: 'unauthorized' },
    });
    const { call, asked } = channel({});
    const { refreshToken: _token, ...tokens } = holder.tokens;
    await expect(authorisation.refresh(call, { ...holder, tokens })).rejects.toMatchObject({
      failure: { kind: 'unauthorized' },
    });
    expect(asked).toEqual([]);
  });

  it('gives tokens or a ChannelError for any answer', async () => {
    const field = fc.oneof(fc.jsonValue(), fc.string(), fc.integer());
    const body = fc.record({
      code: fc.constantFrom('0', 0, 'x'),
      access_token: field,
      expires_in: field,
      refresh_expires_in: field,
    });
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.jsonValue(), body), async (answer) => {
        const call = channel({ [REFRESH]: JSON.stringify(answer), [CREATE]: JSON.stringify(answer) }).call;
        for (const attempt of [authorisation.refresh(call, holder), authorisation.exchange(call, { code: 'c' })]) {
          const result: unknown = await attempt.catch((thrown: unknown) => thrown);
          if (result instanceof ChannelError || Array.isArray(result)) continue;
          const tokens = result as Awaited<ReturnType<typeof authorisation.refresh>>;
          expect(tokens.accessToken).not.toBe('');
          expect(tokens.accessTokenExpiresAt).toBeGreaterThan(NOW);
          expect(tokens.refreshTokenExpiresAt).toBeLessThanOrEqual(NOW + 10 * DAY_MS);
        }
      }),
    );
  });
});
