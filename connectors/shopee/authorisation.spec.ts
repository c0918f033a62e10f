import * as fc from 'fast-check';
import { ChannelError, type AppCall, type ChannelRequest, type TokenHolder } from '../kit';
import { jsonAnswer } from '../kit/scripted-call';
import { authorisation } from './authorisation';
import shopInfo from './fixtures/shop-info.json';
import mainAccount from './fixtures/token-get-main-account.json';
import oneShop from './fixtures/token-get.json';
import { signature } from './wire';

const NOW = 1_700_000_000_000;
const DAY_MS = 86_400_000;
const APP = { key: '123456', secret: 'shop-secret', region: 'SG' };

type Answers = Readonly<Record<string, unknown>>;
const bodyOf = (request: ChannelRequest): Readonly<Record<string, string | number>> =>
  JSON.parse(request.body ?? '{}') as Readonly<Record<string, string | number>>;

/** Answers by the last part of the path; a refresh gives each shop its own pair. */
function scene(answers: Answers = {}) {
  const asked: ChannelRequest[] = [];
  const call: AppCall = {
    http: (request) => {
      asked.push(request);
      const { pathname, searchParams } = new URL(request.url);
      const name = pathname.replace('/api/v2/', '');
      const shop = String(bodyOf(request).shop_id ?? searchParams.get('shop_id'));
      const own = answers[`${name} ${shop}`] ?? answers[name];
      if (own !== undefined) return Promise.resolve(jsonAnswer(own));
      if (name === 'shop/get_shop_info') return Promise.resolve(jsonAnswer(shopInfo));
      const pair = { access_token: `access-${shop}`, refresh_token: `refresh-${shop}`, expire_in: 14400, error: '' };
      return Promise.resolve(
        jsonAnswer(name === 'auth/access_token/get' ? { ...pair, shop_id: Number(shop) } : oneShop),
      );
    },
    app: APP,
    now: () => NOW,
  };
  return { call, asked };
}

describe('authorisation.consentUrl', () => {
  it('is signed as the documented vector is, and carries the state inside the address to come back to', () => {
    const ask = { state: 'st&te', redirectUrl: 'https://hub.example/v1/oauth/shopee/callback?app=7' };
    const url = new URL(authorisation.consentUrl(APP, ask, NOW));
    expect(url.origin + url.pathname).toBe('https://partner.shopeemobile.com/api/v2/shop/auth_partner');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      partner_id: '123456',
      timestamp: '1700000000',
      sign: '2e83c24023151cdb339e7f0ebb9422f1dfef013ac3c9689d62468e190851c3ca',
      redirect: 'https://hub.example/v1/oauth/shopee/callback?app=7&state=st%26te',
    });
  });

  it('goes to the base address where one is set', () => {
    const app = { ...APP, baseUrl: 'http://127.0.0.1:4200/shopee' };
    const url = authorisation.consentUrl(app, { state: 's', redirectUrl: 'http://localhost/cb' }, NOW);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:4200\/shopee\/api\/v2\/shop\/auth_partner\?/);
    expect(new URL(url).searchParams.get('sign')).toMatch(/^2e83c240/);
  });
});

describe('authorisation.exchange', () => {
  it('spends the code of a shop once, and describes the shop', async () => {
    const { call, asked } = scene();
    const granted = await authorisation.exchange(call, { code: 'c0de', shop_id: '7890', state: 's' });
    expect(granted).toEqual([
      {
        channelShopId: '7890',
        name: 'Sluice Outdoor',
        region: 'SG',
        currency: 'SGD',
        timeZone: 'Asia/Singapore',
        tokens: {
          accessToken: 'access-first',
          accessTokenExpiresAt: NOW + 14_379_000,
          refreshToken: 'refresh-first',
          refreshTokenExpiresAt: 1_731_535_999_000,
        },
      },
    ]);
    expect(asked).toHaveLength(2);
    expect(asked[0]).toMatchObject({ method: 'POST', effect: 'write' });
    expect(bodyOf(asked[0] as ChannelRequest)).toEqual({ code: 'c0de', partner_id: 123456, shop_id: 7890 });
    const url = new URL(asked[0]?.url ?? '');
    expect(url.searchParams.get('sign')).toBe(signature('shop-secret', '123456', url.pathname, '1700000000'));
    expect(url.searchParams.has('access_token')).toBe(false);
  });

  it('gets each shop of a main account its own pair, because the first can be used once per shop', async () => {
    const { call, asked } = scene({ 'auth/token/get': mainAccount });
    const granted = await authorisation.exchange(call, { code: 'c0de', main_account_id: '55' });
    expect(bodyOf(asked[0] as ChannelRequest)).toEqual({ code: 'c0de', partner_id: 123456, main_account_id: 55 });
    const refreshes = asked.filter(({ url }) => url.includes('access_token/get')).map(bodyOf);
    expect(refreshes).toEqual([
      { refresh_token: 'refresh-first', partner_id: 123456, shop_id: 7890 },
      { refresh_token: 'refresh-first', partner_id: 123456, shop_id: 7891 },
    ]);
    expect(
      granted.map(({ channelShopId, tokens }) => [channelShopId, tokens.accessToken, tokens.refreshToken]),
    ).toEqual([
      ['7890', 'access-7890', 'refresh-7890'],
      ['7891', 'access-7891', 'refresh-7891'],
    ]);
  });

  it('leaves out a shop of a main account that Shopee refuses, and fails when none is left', async () => {
    const banned = { error: 'shop_banned', message: 'The shop account has been banned.' };
    const query = { code: 'c0de', main_account_id: '55' };
    const one = scene({ 'auth/token/get': mainAccount, 'auth/access_token/get 7890': banned });
    expect((await authorisation.exchange(one.call, query)).map((shop) => shop.channelShopId)).toEqual(['7891']);
    const none = scene({ 'auth/token/get': mainAccount, 'auth/access_token/get': banned });
    await expect(authorisation.exchange(none.call, query)).rejects.toMatchObject({ failure: { kind: 'unauthorized' } });
  });

  it('grants nothing by halves when Shopee is busy with one of the shops', async () => {
    const busy = { error: 'error_system_busy', message: 'please try later.' };
    const { call } = scene({ 'auth/token/get': mainAccount, 'shop/get_shop_info 7891': busy });
    await expect(authorisation.exchange(call, { code: 'c0de', main_account_id: '55' })).rejects.toMatchObject({
      failure: { kind: 'unavailable' },
    });
  });

  it('asks with a code that was sent anew from the console where it has to', async () => {
    const { call, asked } = scene({
      'public/get_token_by_resend_code': { ...oneShop, error: undefined, shop_id_list: [7890] },
    });
    const granted = await authorisation.exchange(call, { code: 'resend5a4d' });
    expect(new URL(asked[0]?.url ?? '').pathname).toBe('/api/v2/public/get_token_by_resend_code');
    expect(bodyOf(asked[0] as ChannelRequest)).toEqual({ resend_code: 'resend5a4d' });
    expect(granted).toMatchObject([{ channelShopId: '7890' }]);
  });

  it.each([
    [{ error: 'invalid_code', message: 'Invalid code' }, 'refused'],
    [{ error: 'error_auth', message: 'Invalid code' }, 'refused'],
    [{ error: 'invalid_main_acount_id', message: '' }, 'refused'],
    [{ error: 'error_sign', message: 'Wrong sign.' }, 'unauthorized'],
    [{ error: 'error_server', message: 'Something wrong. Please try later.' }, 'unavailable'],
    [{ error: 'error_limit', message: '' }, 'throttled'],
    [{ error: '' }, 'malformed'],
    [{ ...oneShop, expire_in: 0 }, 'malformed'],
    [{ ...oneShop, refresh_token: '' }, 'malformed'],
  ])('reads %j as %s', async (answer, kind) => {
    const { call } = scene({ 'auth/token/get': answer });
    const work = authorisation.exchange(call, { code: 'c0de', shop_id: '7890' });
    await expect(work).rejects.toMatchObject({ failure: { kind } });
  });

  it.each([
    ['no code', { shop_id: '7890' }],
    ['no shop', { code: 'c0de' }],
    ['a shop that is no number', { code: 'c0de', shop_id: 'x' }],
    ['a code of any length', { code: 'x'.repeat(513), shop_id: '7890' }],
  ])('refuses a callback with %s without asking', async (_name, query) => {
    const { call, asked } = scene();
    await expect(authorisation.exchange(call, query)).rejects.toMatchObject({ failure: { kind: 'refused' } });
    expect(asked).toHaveLength(0);
  });

  it.each([
    ['MY', 'MYR', 'Asia/Kuala_Lumpur'],
    ['br', 'BRL', 'America/Sao_Paulo'],
    ['VN', 'VND', 'Asia/Ho_Chi_Minh'],
  ])('knows currency and zone of %s', async (region, currency, timeZone) => {
    const { call } = scene({ 'shop/get_shop_info': { ...shopInfo, region } });
    const [shop] = await authorisation.exchange(call, { code: 'c0de', shop_id: '7890' });
    expect(shop).toMatchObject({ region: region.toUpperCase(), currency, timeZone });
  });

  it('guesses no currency for a region that it does not know', async () => {
    const { call } = scene({ 'shop/get_shop_info': { ...shopInfo, region: 'XX' } });
    const work = authorisation.exchange(call, { code: 'c0de', shop_id: '7890' });
    await expect(work).rejects.toMatchObject({ failure: { kind: 'refused', reason: 'unknown-region' } });
  });

  it.each([
    [{ ...shopInfo, expire_time: undefined }, NOW + 365 * DAY_MS],
    [{ ...shopInfo, expire_time: 4_000_000_000 }, NOW + 365 * DAY_MS],
    [{ ...shopInfo, expire_time: 1 }, NOW + 365 * DAY_MS],
    [{ ...shopInfo, expire_time: 1_700_600_000 }, 1_700_600_000_000],
  ])('ends the authorisation where Shopee says, and 365 days on at the latest', async (info, at) => {
    const { call } = scene({ 'shop/get_shop_info': info });
    const [shop] = await authorisation.exchange(call, { code: 'c0de', shop_id: '7890' });
    expect(shop?.tokens.refreshTokenExpiresAt).toBe(at);
  });
});

describe('authorisation.refresh', () => {
  const holder: TokenHolder = {
    channelShopId: '7890',
    region: 'SG',
    settings: {},
    tokens: {
      accessToken: 'old',
      accessTokenExpiresAt: NOW,
      refreshToken: 'once',
      refreshTokenExpiresAt: NOW + DAY_MS,
    },
  };

  it('spends the refresh token of one shop for a new pair, and moves no end of the authorisation', async () => {
    const { call, asked } = scene();
    expect(await authorisation.refresh(call, holder)).toEqual({
      accessToken: 'access-7890',
      accessTokenExpiresAt: NOW + 14_400_000,
      refreshToken: 'refresh-7890',
      refreshTokenExpiresAt: NOW + DAY_MS,
    });
    expect(asked).toHaveLength(1);
    expect(asked[0]?.effect).toBe('write');
    expect(bodyOf(asked[0] as ChannelRequest)).toEqual({ refresh_token: 'once', partner_id: 123456, shop_id: 7890 });
  });

  it.each([
    ['error_auth', 'Invalid refresh_token.'],
    ['refresh_token_expired', 'Your refresh_token expired.'],
    ['error_shop_refresh_token', 'Your refresh token is error ,please check refresh token or shopid.'],
    ['shop_access_expired', 'Your access to shop has expired.'],
    ['shop_no_linked', 'Partner and shop has no linked.'],
    ['shop_banned', ''],
    ['common.error_sign', 'Wrong sign.'],
  ])('is unauthorized by %s', async (error, message) => {
    const { call } = scene({ 'auth/access_token/get': { error, message } });
    await expect(authorisation.refresh(call, holder)).rejects.toMatchObject({ failure: { kind: 'unauthorized' } });
  });

  it('is unauthorized without a refresh token, unasked', async () => {
    const { call, asked } = scene();
    const bare = { ...holder, tokens: { accessToken: 'old', accessTokenExpiresAt: NOW } };
    await expect(authorisation.refresh(call, bare)).rejects.toMatchObject({ failure: { kind: 'unauthorized' } });
    expect(asked).toHaveLength(0);
  });

  it('takes no pair of another shop', async () => {
    const { call } = scene({ 'auth/access_token/get': { ...oneShop, shop_id: 1 } });
    await expect(authorisation.refresh(call, holder)).rejects.toMatchObject({ failure: { kind: 'malformed' } });
  });

  it('says what was wrong without the token and without the key', async () => {
    const { call } = scene({
      'auth/access_token/get': { error: 'error_auth', message: 'once is bad for shop-secret' },
    });
    await expect(authorisation.refresh(call, holder)).rejects.toThrow('error_auth: *** is bad for ***');
  });

  it('gives a pair or throws a ChannelError, whatever comes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (answer) => {
        const { call } = scene({ 'auth/access_token/get': answer ?? [] });
        const result = await authorisation.refresh(call, holder).catch((error: unknown) => error);
        if (result instanceof Error) expect(result).toBeInstanceOf(ChannelError);
        else expect(result).toHaveProperty('accessToken');
      }),
    );
  });
});
