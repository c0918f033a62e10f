import type { InjectOptions } from 'fastify';
import type { Connector, GrantedShop } from '../../connectors/kit';
import { ChannelError } from '../../connectors/kit';
import { tokenChannel } from '../support/races/token-market';
import { HandClock } from '../support/rooms/hand-clock';
import { ROOT_KEY, startTestHub, type TestHub } from '../support/test-hub';

const HOUR = 3_600_000;
const clock = new HandClock();
/** What the next codes buy, and how often they were exchanged. */
let granted: readonly GrantedShop[] = [];
let exchanges = 0;
let apps = 0;
let hub: TestHub;

const channel = (): Connector => {
  const keyed = tokenChannel();
  const authorisation = keyed.authorisation as NonNullable<Connector['authorisation']>;
  return {
    ...keyed,
    authorisation: {
      ...authorisation,
      exchange: async (_call, query) => {
        exchanges += 1;
        if (query['code'] !== 'good') throw new ChannelError({ kind: 'refused', reason: 'invalid_code' }, 'spent');
        return granted;
      },
    },
  };
};
const silent = (): Connector => {
  const { authorisation: _none, ...rest } = tokenChannel();
  return { ...rest, manifest: { ...rest.manifest, code: 'quiet' } };
};

const shopOf = (channelShopId: string): GrantedShop => ({
  channelShopId,
  name: `Shop ${channelShopId}`,
  region: 'sg',
  currency: 'SGD',
  timeZone: 'Asia/Singapore',
  tokens: {
    accessToken: `access-of-${channelShopId}-${exchanges}`,
    refreshToken: 'the-refresh-token-nobody-sees',
    accessTokenExpiresAt: clock.now() + HOUR,
    refreshTokenExpiresAt: clock.now() + 100 * 24 * HOUR,
  },
});

beforeAll(async () => {
  hub = await startTestHub({ clock, connectors: [channel(), silent()] });
  for (const id of ['acme', 'other']) await seller(id);
}, 60_000);
afterAll(() => hub.stop());

const send = async (
  method: NonNullable<InjectOptions['method']>,
  url: string,
  options: Partial<InjectOptions> = {},
) => {
  const headers = { host: '127.0.0.1', ...(options.payload !== undefined && { 'content-type': 'application/json' }) };
  const answer = await hub.app.inject({ method, url, ...options, headers: { ...headers, ...options.headers } });
  return { status: answer.statusCode, headers: answer.headers, text: answer.body };
};
const asRoot = (forSeller?: string) => ({
  authorization: `Bearer ${ROOT_KEY}`,
  ...(forSeller !== undefined && { 'sluice-seller': forSeller }),
});
const api = async (
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  url: string,
  { body, as }: { body?: unknown; as: object },
) => {
  const answer = await send(method, url, {
    headers: as as never,
    ...(body !== undefined && { payload: body as never }),
  });
  return { ...answer, body: JSON.parse(answer.text || 'null') };
};

async function seller(id: string): Promise<void> {
  const body = { id, name: id, timeZone: 'Asia/Singapore', currency: 'SGD' };
  await api('POST', '/v1/sellers', { as: asRoot(), body });
}

async function anApp(owner?: string, code = 'keyed'): Promise<string> {
  apps += 1;
  const body = { channel: code, region: 'SG', key: `key-${apps}`, secret: 'secret' };
  return (await api('POST', '/v1/apps', { as: asRoot(owner), body })).body.id;
}

/** Begins a consent; answers the state that the channel hands back. */
async function begin(app: string, owner: string): Promise<string> {
  const { status, body } = await api('POST', `/v1/apps/${app}/authorize`, { as: asRoot(owner) });
  expect(status).toBe(201);
  return new URL(body.authorizeUrl).searchParams.get('state') ?? '';
}
const back = (query: Record<string, string>, code = 'keyed') =>
  send('GET', `/oauth/${code}/callback?${new URLSearchParams(query).toString()}`);
const shops = async (owner: string) => (await api('GET', '/v1/shops', { as: asRoot(owner) })).body.items;
const problems = async (owner: string) =>
  (await api('GET', '/v1/problems?open=true', { as: asRoot(owner) })).body.items;

describe('a consent that is begun', () => {
  it('leads to the channel and back to the hub, is good for half an hour, and its state is not stored', async () => {
    const { body } = await api('POST', `/v1/apps/${await anApp()}/authorize`, { as: asRoot('acme') });
    const url = new URL(body.authorizeUrl);
    expect(url.searchParams.get('to')).toBe(`${hub.settings.HUB_PUBLIC_URL}/oauth/keyed/callback`);
    expect(Date.parse(body.expiresAt)).toBe(clock.now() + HOUR / 2);
    const state = url.searchParams.get('state') ?? '';
    expect(Buffer.from(state, 'base64url').length * 8).toBeGreaterThanOrEqual(128);
    expect(JSON.stringify(await hub.db.collection('consents').find().toArray())).not.toContain(state);
  });

  it("needs a seller, and an app that is his or the hub's own, of a channel that asks for consent", async () => {
    const begin = async (app: string, as: object) => (await api('POST', `/v1/apps/${app}/authorize`, { as })).status;
    expect(await begin(await anApp(), asRoot())).toBe(403);
    expect(await begin(await anApp('other'), asRoot('acme'))).toBe(404);
    expect(await begin(await anApp('other'), asRoot('other'))).toBe(201);
    expect(await begin(await anApp(undefined, 'quiet'), asRoot('acme'))).toBe(409);
    expect(await begin('none', asRoot('acme'))).toBe(404);
  });
});

describe('the callback', () => {
  it('makes every shop of the consent, with tokens that nobody can read', async () => {
    const app = await anApp();
    granted = [shopOf('101'), shopOf('102')];
    const { status, headers, text } = await back({ state: await begin(app, 'acme'), code: 'good' });
    expect([status, text]).toEqual([200, expect.stringContaining('The shop is authorised')]);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    });
    const made = (await shops('acme')).filter((shop: { app: string }) => shop.app === app);
    expect(made).toHaveLength(2);
    const first = made.find((shop: { channelShopId: string }) => shop.channelShopId === '101');
    expect(first).toMatchObject({
      ...{ channel: 'keyed', channelShopId: '101', name: 'Shop 101', region: 'SG', currency: 'SGD' },
      ...{ timeZone: 'Asia/Singapore', restock: 'confirm', paused: false },
      health: { state: 'well', isAuthorized: true, tokens: 'good', authorizeBy: expect.any(String) },
    });
    const stored = JSON.stringify(await hub.db.collection('shops').find().toArray());
    expect(stored).not.toMatch(/access-of|nobody-sees/);
  });

  it('authorises the shop that is there again, and leaves what its seller set', async () => {
    const app = await anApp();
    granted = [shopOf('103')];
    await back({ state: await begin(app, 'acme'), code: 'good' });
    const [shop] = (await shops('acme')).filter((one: { app: string }) => one.app === app);
    await api('PATCH', `/v1/shops/${shop.id}`, { as: asRoot('acme'), body: { name: 'Mine' } });
    const stored = () => hub.db.collection('shops').findOne({ app });
    const before = await stored();
    expect((await back({ state: await begin(app, 'acme'), code: 'good' })).status).toBe(200);
    const after = await stored();
    expect(after).toMatchObject({ name: 'Mine', catchUpDue: clock.now() });
    expect(after?.['tokenState'].pair).not.toBe(before?.['tokenState'].pair);
  });

  it("leaves a shop that is another seller's with him, and says so to the one who asked", async () => {
    const app = await anApp();
    granted = [shopOf('104')];
    await back({ state: await begin(app, 'acme'), code: 'good' });
    granted = [shopOf('104'), shopOf('105')];
    const before = await hub.db.collection('shops').findOne({ app, channelShopId: '104' });
    const { status, text } = await back({ state: await begin(app, 'other'), code: 'good' });
    expect([status, text]).toEqual([409, expect.stringContaining('belongs to another account')]);
    expect(await hub.db.collection('shops').findOne({ app, channelShopId: '104' })).toEqual(before);
    expect((await shops('other')).map((shop: { channelShopId: string }) => shop.channelShopId)).toContain('105');
    expect(await problems('other')).toEqual([
      expect.objectContaining({ kind: 'refused', detail: expect.stringMatching(/^root authorised the shop 104/) }),
    ]);
    expect(await problems('acme')).toEqual([]);
  });

  it('takes a state once, also from many at one moment', async () => {
    granted = [shopOf('106')];
    const state = await begin(await anApp(), 'acme');
    const before = exchanges;
    const all = await Promise.all(Array.from({ length: 8 }, () => back({ state, code: 'good' })));
    expect(all.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400, 400, 400, 400, 400]);
    expect(exchanges - before).toBe(1);
  });

  it('takes no state of another channel, that is over, or that nobody gave out', async () => {
    const before = exchanges;
    const state = await begin(await anApp(), 'acme');
    expect((await back({ state, code: 'good' }, 'quiet')).status).toBe(404);
    clock.advance(HOUR / 2);
    expect((await back({ state, code: 'good' })).status).toBe(400);
    expect((await back({ state: 'x'.repeat(43), code: 'good' })).status).toBe(400);
    expect((await back({ code: 'good' })).status).toBe(400);
    expect(exchanges).toBe(before);
  });

  it('takes no state of a key that was removed since', async () => {
    const roles = { name: 'k', person: 'ann', roles: ['admin'] };
    const { body: key } = await api('POST', '/v1/sellers/acme/keys', { as: asRoot(), body: roles });
    const asAnn = { authorization: `Bearer ${key.key}` };
    const begun = await api('POST', `/v1/apps/${await anApp('acme')}/authorize`, { as: asAnn });
    const state = new URL(begun.body.authorizeUrl).searchParams.get('state') ?? '';
    await api('DELETE', `/v1/sellers/acme/keys/${key.id}`, { as: asRoot() });
    const before = exchanges;
    expect((await back({ state, code: 'good' })).status).toBe(400);
    expect(exchanges).toBe(before);
  });

  it('says what a seller said no to, a spent code and nothing of what was sent', async () => {
    const app = await anApp();
    const sent = '<script>alert(1)</script>';
    const denied = await back({ state: await begin(app, 'acme'), error: 'access_denied', error_description: sent });
    expect([denied.status, denied.text]).toEqual([200, expect.stringContaining('was not given')]);
    const spent = await back({ state: await begin(app, 'acme'), code: sent });
    expect([spent.status, spent.text]).toEqual([502, expect.stringContaining('did not give')]);
    expect(denied.text + spent.text).not.toContain('script');
  });

  it('is not for whoever tries again and again', async () => {
    const all = await Promise.all(Array.from({ length: 130 }, () => back({ state: 'y'.repeat(43) })));
    expect(all.filter(({ status }) => status === 429).length).toBeGreaterThan(0);
    expect(all.at(-1)?.headers['retry-after']).toBe('60');
  });
});
