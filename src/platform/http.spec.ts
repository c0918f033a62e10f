import nock from 'nock';
import { ChannelError, type ChannelRequest } from '../../connectors/kit';
import { Breakers } from './breaker';
import type { Budgets } from './budget';
import { ChannelCalls } from './http';
import { Metrics } from './metrics';
import { retryAfterMs } from './retry-after';

const HOST = 'http://channel.example';
const read: ChannelRequest = { method: 'GET', url: `${HOST}/x?access_token=hunter2`, effect: 'read' };
const write: ChannelRequest = { method: 'POST', url: `${HOST}/x`, body: '{"a":1}', effect: 'write' };

describe('a call to a channel', () => {
  const metrics = new Metrics();
  const heeded: unknown[] = [];
  let turns = 0;
  const noBudget = {
    take: () =>
      turns === Infinity && nock.isDone() ? Promise.reject(new Error('no turn')) : Promise.resolve(void (turns += 1)),
    heed: (_payer: unknown, failure: unknown) => Promise.resolve(heeded.push(failure)),
  } as unknown as Budgets;
  let breakers: Breakers;
  let calls: ChannelCalls;
  let call: ReturnType<ChannelCalls['of']>;

  beforeAll(() => nock.disableNetConnect());
  beforeEach(() => {
    turns = 0;
    metrics.registry.removeSingleMetric('sluice_breaker_state');
    breakers = new Breakers(metrics);
    calls = new ChannelCalls(breakers, noBudget, metrics);
    call = calls.of({ channel: 'shopee', app: 'a', shop: 's|1', callsPerSecond: 10 }, 'read');
  });
  afterEach(() => {
    nock.cleanAll();
    calls.close();
    breakers.close();
  });
  afterAll(() => nock.enableNetConnect());

  const failureOf = (request: ChannelRequest) =>
    call(request).then(
      () => undefined,
      (error: unknown) => (error instanceof ChannelError ? error.failure : error),
    );

  it('answers with text and lower-case headers, whatever the status below 500', async () => {
    nock(HOST).get('/x?access_token=hunter2').reply(404, '{"big":12345678901234567890}', { 'X-Id': '7' });
    expect(await call(read)).toMatchObject({
      status: 404,
      body: '{"big":12345678901234567890}',
      headers: { 'x-id': '7' },
    });
  });

  it('repeats a read, never a write', async () => {
    nock(HOST)
      .get(/x/)
      .reply(502)
      .get(/x/)
      .replyWithError(Object.assign(new Error('cut'), { code: 'ECONNRESET' }))
      .get(/x/)
      .reply(200, 'ok');
    expect((await call(read)).body).toBe('ok');
    const once = nock(HOST).post('/x').reply(502).post('/x').reply(200);
    expect(await failureOf(write)).toEqual({ kind: 'unavailable', unanswered: true });
    expect(once.pendingMocks()).toHaveLength(1);
  });

  it("tells a server's own no, after which nothing of the call is on its way, from a gateway's", async () => {
    for (const status of [500, 501, 503]) {
      nock(HOST).post('/x').reply(status);
      expect(await failureOf(write)).toEqual({ kind: 'unavailable', unanswered: true, isOver: true });
    }
    for (const status of [502, 504]) {
      nock(HOST).post('/x').reply(status);
      expect(await failureOf(write)).toEqual({ kind: 'unavailable', unanswered: true });
    }
  });

  it('follows no redirect and sends the body as it is', async () => {
    nock(HOST)
      .post('/x', '{"a":1}')
      .reply(302, '', { location: `${HOST}/elsewhere` });
    expect((await call(write)).status).toBe(302);
  });

  it('tells throttling with the time to wait', async () => {
    nock(HOST).post('/x').reply(429, '', { 'retry-after': '7' });
    expect(await failureOf(write)).toEqual({ kind: 'throttled', afterMs: 7000 });
    expect(heeded).toEqual([{ kind: 'throttled', afterMs: 7000 }]);
  });

  it('takes a turn for each repetition of a read, and without one leaves it at the first answer', async () => {
    nock(HOST).get(/x/).reply(502).get(/x/).reply(200, 'ok');
    await call(read);
    expect(turns).toBe(2);
    turns = Infinity;
    nock(HOST).get(/x/).reply(502);
    expect(await failureOf(read)).toEqual({ kind: 'unavailable', unanswered: true });
  });

  it('calls an address that a seller named only over https, and only where its name leads to public hosts', async () => {
    call = calls.of({ channel: 'own', app: 'a', shop: 's|1', callsPerSecond: 10, namedBySeller: true }, 'read');
    nock('https://shop.example').get('/x').reply(200, 'ok');
    expect(await call({ ...read, url: 'https://shop.example/x' })).toMatchObject({ status: 200, body: 'ok' });
    nock.enableNetConnect('localhost:1');
    for (const url of [`${HOST}/x`, 'https://169.254.169.254/latest', 'https://[::1]/x', 'https://localhost:1/x']) {
      expect([url, await failureOf({ ...read, url })]).toEqual([url, { kind: 'refused', reason: 'address' }]);
    }
    nock.disableNetConnect();
  });

  it('knows a call that never left', async () => {
    nock(HOST)
      .post('/x')
      .replyWithError(Object.assign(new Error('no'), { code: 'ECONNREFUSED' }));
    expect(await failureOf(write)).toEqual({ kind: 'unavailable', unanswered: false });
  });

  it('refuses an answer of more than 8 MiB', async () => {
    nock(HOST)
      .post('/x')
      .reply(200, 'x'.repeat(8 * 1024 * 1024 + 1));
    expect(await failureOf(write)).toEqual({ kind: 'malformed' });
  });

  it('shows no token in its message', async () => {
    nock(HOST).get(/x/).times(3).reply(500);
    const error = await call(read).catch((reason: unknown) => reason);
    expect(JSON.stringify([String(error), (error as Error).stack])).not.toContain('hunter2');
  });

  it('opens the breaker for outages, and never for throttling or refusals', async () => {
    nock(HOST).post('/x').times(15).reply(429).post('/x').times(15).reply(403);
    for (let count = 0; count < 30; count += 1) await call(write).catch(() => undefined);
    expect(breakers.stateOf('shopee', 's|1')).toBe('closed');
    nock(HOST).post('/x').times(40).reply(503);
    for (let count = 0; count < 40; count += 1) await call(write).catch(() => undefined);
    expect(breakers.stateOf('shopee', 's|1')).toBe('open');
    expect(breakers.stateOf('shopee', 's|2')).toBe('open');
    expect(await failureOf(write)).toEqual({ kind: 'unavailable', unanswered: false, afterMs: 10_000 });
    expect(await metrics.registry.metrics()).toContain(
      'sluice_breaker_state{channel="shopee",host="channel.example"} 2',
    );
    expect(breakers.stateOf('lazada', 's|1')).toBe('closed');
  });

  it("counts an outage of a seller's own host for his shop alone, and names it to nobody else", async () => {
    const own = { channel: 'webstore', app: 'a', callsPerSecond: 10, namedBySeller: true };
    const [mine, other] = ['mine|1', 'other|1'].map((shop) => calls.of({ ...own, shop }, 'read'));
    nock('https://shop.example').post('/x').times(20).reply(503).get('/x').reply(200, 'ok');
    const url = 'https://shop.example/x';
    for (let count = 0; count < 20; count += 1) await mine?.({ ...write, url }).catch(() => undefined);
    expect(breakers.stateOf('webstore', 'mine|1')).toBe('open');
    expect(breakers.stateOf('webstore', 'other|1')).toBe('closed');
    expect(await other?.({ ...read, url })).toMatchObject({ status: 200 });
    const figures = await metrics.registry.metrics();
    expect(figures).toContain('sluice_breaker_state{channel="webstore",host="of a seller"} 2');
    expect(figures).not.toContain('shop.example');
  });
});

describe('Retry-After', () => {
  it.each([
    ['3', 3000],
    ['0.5', 500],
    ['Thu, 01 Jan 1970 00:00:10 GMT', 9000],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
    ['soon', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%j is %j ms', (header, expected) => {
    expect(retryAfterMs(header, 1000)).toBe(expected);
  });
});
