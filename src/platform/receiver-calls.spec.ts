import dns from 'node:dns';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import nock from 'nock';
import { ReceiverCalls } from './receiver-calls';

const URL_OF_A_SELLER = 'https://shop.example/hook';

describe('a call to an address that a seller named', () => {
  const options = { publicUrl: 'https://hub.example', hosts: ['hub.internal'], webhooksToLoopback: false };
  let calls: ReceiverCalls;

  beforeAll(() => nock.disableNetConnect());
  beforeEach(() => {
    calls = new ReceiverCalls(options);
  });
  afterEach(() => {
    nock.cleanAll();
    calls.close();
  });
  afterAll(() => nock.enableNetConnect());

  it('takes the body and the headers as they are, and tells the status', async () => {
    const body = '{"a": 1}';
    nock('https://shop.example', { reqheaders: { 'webhook-id': 'evt_1', 'content-type': 'application/json' } })
      .post('/hook', body)
      .reply(202, 'thanks');
    const headers = { 'content-type': 'application/json', 'webhook-id': 'evt_1' };
    expect(await calls.post(URL_OF_A_SELLER, headers, body)).toEqual({ kind: 'answered', status: 202 });
  });

  it.each([
    ...['http://shop.example/', 'ftp://shop.example/', 'https://me:word@shop.example/', 'shop.example', ''],
    ...['https://127.0.0.1/', 'https://127.1/', 'https://0x7f.1/', 'https://2130706433/', 'https://0/'],
    ...['https://10.0.0.1/', 'https://172.31.0.1/', 'https://192.168.0.1/', 'https://100.64.0.1/'],
    ...['https://169.254.169.254/latest/meta-data', 'https://[fd00:ec2::254]/', 'https://[fe80::1]/', 'https://[::1]/'],
    ...['https://[::ffff:127.0.0.1]/', 'https://[::ffff:a9fe:a9fe]/', 'https://[64:ff9b::a00:1]/', 'https://[::]/'],
    ...[
      'https://localhost/',
      'https://hub.example/hooks',
      'https://HUB.example:8443/',
      'https://hub.internal/',
      'https://hub.example./',
    ],
    'http://127.0.0.1:80/',
  ])('is not made to %s', async (url) => {
    expect(calls.mayCall(url)).toBe(false);
    expect(await calls.post(url, {}, '{}')).toEqual({ kind: 'forbidden' });
  });

  it.each([
    ['10.0.0.1', 4],
    ['::ffff:169.254.169.254', 6],
  ])('is not made where a name leads to %s, also beside a public address', async (address, family) => {
    nock.enableNetConnect('shop.example:443');
    const found = [
      { address: '1.1.1.1', family: 4 },
      { address, family },
    ];
    const lookup = jest.spyOn(dns, 'lookup').mockImplementation((...args: unknown[]) => {
      (args.at(-1) as (error: null, all: typeof found) => void)(null, found);
    });
    expect(await calls.post(URL_OF_A_SELLER, {}, '{}')).toEqual({ kind: 'forbidden' });
    expect(lookup).toHaveBeenCalledTimes(1);
    lookup.mockRestore();
    nock.disableNetConnect();
  });

  it('follows no redirect', async () => {
    nock('https://shop.example').post('/hook').reply(307, '', { location: 'https://shop.example/elsewhere' });
    const elsewhere = nock('https://shop.example').post('/elsewhere').reply(200);
    expect(await calls.post(URL_OF_A_SELLER, {}, '{}')).toEqual({ kind: 'answered', status: 307 });
    expect(elsewhere.isDone()).toBe(false);
  });

  it('is made once, whatever comes of it', async () => {
    const twice = nock('https://shop.example').post('/hook').times(2).reply(503, '', { 'retry-after': '7' });
    expect(await calls.post(URL_OF_A_SELLER, {}, '{}')).toEqual({ kind: 'answered', status: 503, afterMs: 7000 });
    expect(twice.isDone()).toBe(false);
  });

  it('reads little of an answer', async () => {
    nock('https://shop.example')
      .post('/hook')
      .reply(200, 'x'.repeat(64 * 1024 + 1));
    expect(await calls.post(URL_OF_A_SELLER, {}, '{}')).toEqual({
      kind: 'unanswered',
      why: 'an answer of more than 65536 bytes',
    });
  });

  it('goes to this machine by the setting for tests only, and then by its plain number only', () => {
    const loopback = new ReceiverCalls({ ...options, webhooksToLoopback: true });
    expect(loopback.mayCall('http://127.0.0.1:1234/hook')).toBe(true);
    for (const url of ['https://127.0.0.1:1234/', 'http://localhost:1234/', 'http://10.0.0.1/', 'http://[::1]:1/']) {
      expect([url, loopback.mayCall(url)]).toEqual([url, false]);
    }
    loopback.close();
  });
});

describe('a host that many sellers name', () => {
  beforeAll(() => nock.restore());
  afterAll(() => nock.activate());

  it('answers one of them while it keeps others waiting', async () => {
    const server = createServer(({ url }, response) => {
      if (url !== '/slow') response.end();
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const calls = new ReceiverCalls({ publicUrl: 'https://hub.example', hosts: [], webhooksToLoopback: true });
    const slow = Array.from({ length: 40 }, () => calls.post(`${host}/slow`, {}, '{}'));
    const first = await Promise.race([calls.post(`${host}/quick`, {}, '{}'), ...slow]);
    calls.close();
    server.closeAllConnections();
    server.close();
    expect(first).toEqual({ kind: 'answered', status: 200 });
  });

  it('cuts the connection, which is told without the address', async () => {
    const server = createServer(({ socket }) => socket.destroy());
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const calls = new ReceiverCalls({ publicUrl: 'https://hub.example', hosts: [], webhooksToLoopback: true });
    const { port } = server.address() as AddressInfo;
    const answer = await calls.post(`http://127.0.0.1:${port}/hook`, {}, '{}');
    calls.close();
    server.close();
    expect(answer).toEqual({ kind: 'unanswered', why: 'ECONNRESET' });
  });
});
