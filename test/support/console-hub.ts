import { Writable } from 'node:stream';
import type { InjectOptions } from 'fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { MongoClient, type Db } from 'mongodb';
import { CHANNELS } from '../../connectors';
import { startHub, stopHub } from '../../src/main';
import { createLog } from '../../src/platform/logger';
import type { Clock } from '../../src/platform/clock';
import { ROOT_KEY, testSettings } from './test-hub';

/** One call to the API. `as` is a key; none with undefined. */
export interface Call {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly as?: string | undefined;
  readonly body?: unknown;
  /** The body as it is, instead of JSON. */
  readonly raw?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface CallAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | number | undefined>>;
  readonly text: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test says what it expects of an answer
  readonly body: any;
}

/** A hub whose API is called without a socket, and whose log is kept. */
export interface ConsoleHub {
  readonly app: NestFastifyApplication;
  readonly db: Db;
  readonly lines: readonly string[];
  call(call: Call): Promise<CallAnswer>;
  /** As the root key, for a seller. */
  root(call: Call & { seller?: string }): Promise<CallAnswer>;
  stop(): Promise<void>;
}

/** A whole hub, alone with its database, in the role api: nothing is read or pushed behind a test's back. */
export async function startConsoleHub(
  options: { clock?: Clock; env?: Record<string, string> } = {},
): Promise<ConsoleHub> {
  const settings = testSettings(options.env ?? {});
  const lines: string[] = [];
  const keep = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const log = createLog('debug', keep);
  const app = await startHub({ settings, connectors: CHANNELS, log, ...(options.clock && { clock: options.clock }) });
  const client = await MongoClient.connect(settings.MONGO_URL);
  const call = (one: Call) => inject(app, one);
  return {
    app,
    db: client.db(),
    lines,
    call,
    root: ({ seller, headers, ...rest }) =>
      call({
        ...rest,
        as: ROOT_KEY,
        headers: { ...headers, ...(seller !== undefined && { 'sluice-seller': seller }) },
      }),
    stop: async () => {
      await stopHub(app, log);
      await client.db().dropDatabase();
      await client.close();
    },
  };
}

async function inject(app: NestFastifyApplication, call: Call): Promise<CallAnswer> {
  const hasBody = call.raw !== undefined || call.body !== undefined;
  const request: InjectOptions = {
    method: call.method ?? 'GET',
    url: call.path,
    headers: {
      host: '127.0.0.1',
      ...(call.as !== undefined && { authorization: `Bearer ${call.as}` }),
      ...(hasBody && { 'content-type': 'application/json' }),
      ...call.headers,
    },
    ...(hasBody && { payload: call.raw ?? JSON.stringify(call.body) }),
  };
  const answer = await app.inject(request);
  const text = answer.body;
  return { status: answer.statusCode, headers: answer.headers, text, body: text === '' ? undefined : parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export interface SeededSeller {
  readonly id: string;
  /** A key for each role, and `all` with every role but approver. */
  readonly keys: Readonly<Record<string, string>>;
}

const ROLES = ['viewer', 'editor', 'approver', 'operator', 'storefront', 'prices', 'admin'];

/** A seller with a key for each role. */
export async function seedSeller(hub: ConsoleHub, id: string): Promise<SeededSeller> {
  const body = { id, name: `Seller ${id}`, timeZone: 'Asia/Singapore', currency: 'SGD' };
  await expectStatus(hub.root({ method: 'POST', path: '/v1/sellers', body }), 201);
  const keys: Record<string, string> = {};
  for (const [name, roles] of [...ROLES.map((role) => [role, [role]] as const), ['all', ROLES] as const]) {
    const key = { name, person: `${name} of ${id}`, roles };
    const made = await expectStatus(hub.root({ method: 'POST', path: `/v1/sellers/${id}/keys`, body: key }), 201);
    keys[name] = made.body.key;
  }
  return { id, keys };
}

/** The answer, if it has this status. */
export async function expectStatus(answer: Promise<CallAnswer>, status: number): Promise<CallAnswer> {
  const { status: got, text, ...rest } = await answer;
  if (got !== status) throw new Error(`${got} instead of ${status}: ${text}`);
  return { status: got, text, ...rest };
}

export const SGD = (amount: string) => ({ amount, currency: 'SGD' });
