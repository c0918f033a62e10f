import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { signCall as signLazada } from '../lazada/sign';
import { startSandbox, type Sandbox } from '../server';
import { signCall as signShopee } from '../shopee/sign';

/** An answer with its JSON, loosely typed: specs look into it freely. */
export interface Answer {
  status: number;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  body: any;
}

export interface Heard {
  body: string;
  headers: IncomingHttpHeaders;
}

/** A seller's system that keeps what it hears and answers as told. */
export interface Hook {
  url: string;
  heard: Heard[];
  answer: { status: number; body?: string; delayMs?: number };
  close: () => Promise<void>;
}

export async function openHook(status = 200): Promise<Hook> {
  const heard: Heard[] = [];
  const hook = { url: '', heard, answer: { status } as Hook['answer'], close: () => Promise.resolve() };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')));
    request.on('end', () => {
      heard.push({ body, headers: request.headers });
      const { answer } = hook;
      setTimeout(() => response.writeHead(answer.status).end(answer.body ?? ''), answer.delayMs ?? 0);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  hook.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  hook.close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return hook;
}

/** Calls a running sandbox: steers it, and speaks the three protocols to it. A route is `GET /order/get`. */
export class Client {
  constructor(readonly sandbox: Sandbox) {}

  static async start(clockFactor = 1): Promise<Client> {
    return new Client(await startSandbox({ port: 0, host: '127.0.0.1', clockFactor }));
  }

  async send(
    method: string,
    path: string,
    request: { body?: string; headers?: Record<string, string> } = {},
  ): Promise<Answer> {
    const response = await fetch(this.sandbox.url + path, {
      method,
      redirect: 'manual',
      headers: request.headers ?? {},
      ...(request.body === undefined ? {} : { body: request.body }),
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, body: isJson ? (JSON.parse(text) as unknown) : text };
  }

  steer(method: string, path: string, body?: unknown): Promise<Answer> {
    const request =
      body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    return this.send(method, `/_sandbox${path}`, request);
  }

  lazada(route: string, parameters: Record<string, string>, as: LazadaCaller): Promise<Answer> {
    const [method = '', path = ''] = route.split(' ');
    const all = new Map<string, string>([
      ['app_key', as.key],
      ['timestamp', String(as.atMs ?? Date.now())],
      ['sign_method', 'sha256'],
      ...(as.token === undefined ? [] : [['access_token', as.token] as [string, string]]),
      ...Object.entries(parameters),
    ]);
    all.set('sign', as.sign ?? signLazada(path, all, { secret: as.secret }));
    const form = new URLSearchParams([...all]).toString();
    if (method === 'GET') return this.send('GET', `/lazada/rest${path}?${form}`);
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return this.send('POST', `/lazada/rest${path}`, { body: form, headers });
  }

  shopee(route: string, fields: Record<string, unknown>, as: ShopeeCaller): Promise<Answer> {
    const [method = '', path = ''] = route.split(' ');
    const full = `/api/v2${path}`;
    const timestamp = String(as.atS ?? Math.floor(Date.now() / 1000));
    const scope = as.shop === undefined ? [] : [as.token ?? '', as.shop];
    const query = new URLSearchParams({
      partner_id: as.partner,
      timestamp,
      sign: as.sign ?? signShopee(as.key, [as.partner, full, timestamp, ...scope]),
      ...(as.shop === undefined ? {} : { access_token: as.token ?? '', shop_id: as.shop }),
      ...(method === 'GET' ? (fields as Record<string, string>) : {}),
    });
    const request =
      method === 'GET' ? {} : { body: JSON.stringify(fields), headers: { 'content-type': 'application/json' } };
    return this.send(method, `/shopee${full}?${query.toString()}`, request);
  }

  zalora(route: string, token: string, body?: unknown): Promise<Answer> {
    const [method = '', path = ''] = route.split(' ');
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    return this.send(
      method,
      `/zalora${path}`,
      body === undefined ? { headers } : { headers, body: JSON.stringify(body) },
    );
  }

  close(): Promise<void> {
    return this.sandbox.close();
  }
}

export interface LazadaCaller {
  key: string;
  secret: string;
  token?: string;
  atMs?: number;
  sign?: string;
}

export interface ShopeeCaller {
  partner: string;
  key: string;
  shop?: string;
  token?: string;
  atS?: number;
  sign?: string;
}

/** Polls until a condition holds; fails after a deadline. */
export async function eventually(holds: () => boolean | Promise<boolean>, withinMs = 5000): Promise<void> {
  const end = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('it did not come true in time');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
