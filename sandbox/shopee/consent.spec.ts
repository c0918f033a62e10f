import { Client, type Answer, type ShopeeCaller } from '../testing/client';
import { signCall } from './sign';

const PUBLIC: ShopeeCaller = { partner: '2000', key: 'shpk-1' };
const SETUP = {
  channel: 'shopee',
  app: { key: '2000', secret: 'shpk-1' },
  shops: [
    { id: '31', accessToken: 'tok-1', refreshToken: 'ref-1', listings: [{ sku: 'A', quantity: 10 }] },
    { id: '32', accessToken: 'tok-2', refreshToken: 'ref-2', listings: [] },
  ],
};

describe('the consent of the pretend Shopee', () => {
  let client: Client;
  beforeAll(async () => (client = await Client.start()));
  afterAll(() => client.close());
  beforeEach(async () => {
    await client.steer('DELETE', '/state');
    await client.steer('POST', '/setup', SETUP);
  });

  async function consent(extra: Record<string, string> = {}): Promise<URL> {
    const path = '/api/v2/shop/auth_partner';
    const timestamp = String(Math.floor(Date.now() / 1000));
    const query = new URLSearchParams({
      partner_id: '2000',
      timestamp,
      sign: signCall('shpk-1', ['2000', path, timestamp]),
      redirect: 'https://hub.example/back?state=x',
      ...extra,
    });
    const response = await fetch(`${client.sandbox.url}/shopee${path}?${query.toString()}`, { redirect: 'manual' });
    expect(response.status).toBe(302);
    return new URL(response.headers.get('location') ?? '');
  }

  const exchange = (fields: object): Promise<Answer> =>
    client.shopee('POST /auth/token/get', { partner_id: 2000, ...fields }, PUBLIC);
  const refresh = (fields: object): Promise<Answer> =>
    client.shopee('POST /auth/access_token/get', { partner_id: 2000, ...fields }, PUBLIC);
  const shopInfo = (shop: string, token: string): Promise<Answer> =>
    client.shopee('GET /shop/get_shop_info', {}, { ...PUBLIC, shop, token });

  it('comes back with a code that works once, for the shop that was asked', async () => {
    const back = await consent({ sandbox_shop: '32' });
    expect(back.origin + back.pathname).toBe('https://hub.example/back');
    expect([back.searchParams.get('state'), back.searchParams.get('shop_id')]).toEqual(['x', '32']);
    const code = back.searchParams.get('code');
    const first = await exchange({ code, shop_id: 32 });
    expect(first.body).toMatchObject({ error: '', shop_id_list: [32] });
    expect(first.body.expire_in).toBeGreaterThan(14_390);
    expect((await shopInfo('32', first.body.access_token as string)).body).toMatchObject({ error: '', region: 'SG' });
    expect((await exchange({ code, shop_id: 32 })).body.error).toBe('invalid_code');
  });

  it('gives a main account tokens that each shop and merchant spends once', async () => {
    const back = await consent({ sandbox_main: '1' });
    const main = Number(back.searchParams.get('main_account_id'));
    const given = await exchange({ code: back.searchParams.get('code'), main_account_id: main });
    expect(given.body).toMatchObject({ error: '', shop_id_list: [31, 32], merchant_id_list: [600_002_000] });
    const token = given.body.refresh_token as string;
    expect((await shopInfo('31', given.body.access_token as string)).body.error).toBe('');
    const own = await refresh({ refresh_token: token, shop_id: 31 });
    expect((await shopInfo('31', own.body.access_token as string)).body.error).toBe('');
    expect((await shopInfo('32', own.body.access_token as string)).body.error).toBe('invalid_acceess_token');
    expect((await refresh({ refresh_token: token, shop_id: 31 })).body.error).toBe('error_auth');
    expect((await refresh({ refresh_token: token, shop_id: 32 })).body.error).toBe('');
    const merchant = await refresh({ refresh_token: token, merchant_id: 600_002_000 });
    expect(merchant.body).toMatchObject({ error: '', merchant_id: 600_002_000 });
    expect((await shopInfo('31', merchant.body.access_token as string)).body.error).toBe('invalid_acceess_token');
  });

  it('is told with push 1: of the shop, or of the main account and its shops', async () => {
    await client.steer('PUT', '/shopee/apps/2000', { hookUrl: 'http://127.0.0.1:9/none' });
    await consent();
    await consent({ sandbox_main: '1' });
    const { items } = (await client.steer('GET', '/pushes')).body as { items: { body: string }[] };
    expect(items.map((one) => JSON.parse(one.body) as object)).toMatchObject([
      { code: 1, partner_id: 2000, data: { shop_id: 31, success: 1 } },
      { code: 1, partner_id: 2000, data: { main_account_id: 500_002_000, shop_id_list: [31, 32] } },
    ]);
  });

  it('refuses a main account of another number', async () => {
    const back = await consent({ sandbox_main: '1' });
    const answer = await exchange({ code: back.searchParams.get('code'), main_account_id: 1 });
    expect(answer.body.error).toBe('invalid_main_acount_id');
  });

  it('spends a refresh token once, also when the answer was cut, and gives the pair again for a resend code', async () => {
    await client.steer('PUT', '/shopee/quirks', { refreshAnswersLost: 1 });
    await expect(refresh({ refresh_token: 'ref-1', shop_id: 31 })).rejects.toThrow();
    expect((await refresh({ refresh_token: 'ref-1', shop_id: 31 })).body).toMatchObject({
      error: 'error_auth',
      message: 'Invalid refresh_token.',
    });
    const { resendCode } = (await client.steer('POST', '/shopee/shops/31/resend-code')).body as { resendCode: string };
    const again = await client.shopee('POST /public/get_token_by_resend_code', { resend_code: resendCode }, PUBLIC);
    expect((await shopInfo('31', again.body.access_token as string)).body.error).toBe('');
    expect((await refresh({ refresh_token: again.body.refresh_token, shop_id: 31 })).body.error).toBe('');
    const spent = await client.shopee('POST /public/get_token_by_resend_code', { resend_code: resendCode }, PUBLIC);
    expect(spent.body.error).toBe('invalid_code');
  });

  it('ends a year after it was given', async () => {
    await client.steer('PUT', '/shopee/shops/31/face', { authorisedDays: 0 });
    expect((await shopInfo('31', 'tok-1')).body.error).toBe('shop_access_expired');
    expect((await refresh({ refresh_token: 'ref-1', shop_id: 31 })).body.error).toBe('shop_access_expired');
    expect((await shopInfo('32', 'tok-2')).body.error).toBe('');
    await consent({ sandbox_shop: '31' });
    expect((await shopInfo('31', 'tok-1')).body.error).toBe('');
  });
});
