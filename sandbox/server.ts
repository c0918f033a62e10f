import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Refusal, emptyCall, json, problem, type Call, type Reply } from './http/call';
import type { Router } from './http/router';
import { gate } from './gate';
import { CHANNELS, type Channel } from './shop';
import { steering } from './steering';
import { createWorld, type World } from './world';

export interface SandboxOptions {
  port: number;
  host: string;
  clockFactor?: number;
}

export interface Sandbox {
  url: string;
  port: number;
  world: World;
  close: () => Promise<void>;
}

const STEERING_BODY_BYTES = 64 * 1024 * 1024;
const CHANNEL_BODY_BYTES = 8 * 1024 * 1024;

/** Starts the pretend marketplaces on one port: each channel under its name, `/_sandbox`, `/health`. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const world = createWorld(options.clockFactor);
  const steer = steering(world);
  const server = createServer((request, response) => void serve({ world, steer, server }, request, response));
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    world.pushes().close();
    world.clock.clear();
    steer.stop();
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  };
  return { url: `http://${options.host}:${port}`, port, world, close };
}

interface House {
  world: World;
  steer: { routes: Router; stop: () => void };
  server: Server;
}

async function serve(house: House, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://sandbox');
  const [, first = ''] = url.pathname.split('/');
  const channel = CHANNELS.find((name) => name === first);
  try {
    const reply =
      channel === undefined
        ? await serveOther(house, request, url)
        : await serveChannel(house.world, channel, { request, url });
    send(response, reply);
  } catch (error) {
    if (!response.headersSent) send(response, asReply(error));
  }
}

async function serveChannel(
  world: World,
  channel: Channel,
  { request, url }: { request: IncomingMessage; url: URL },
): Promise<Reply> {
  const empty = emptyCall();
  const raw = await readBody(request, CHANNEL_BODY_BYTES);
  const call: Call = {
    ...empty,
    method: request.method ?? 'GET',
    path: url.pathname.slice(channel.length + 1),
    query: url.searchParams,
    headers: request.headers,
    raw,
  };
  return gate(world, channel, call);
}

async function serveOther(house: House, request: IncomingMessage, url: URL): Promise<Reply> {
  if (url.pathname === '/health') return json(200, { status: 'ok' });
  if (!url.pathname.startsWith('/_sandbox/')) throw problem(404, 'no such route');
  refuseStrangers(house.server, request);
  const method = request.method ?? 'GET';
  const raw = await readBody(request, STEERING_BODY_BYTES);
  if (raw.length > 0 && !/^application\/json\b/.test(request.headers['content-type'] ?? '')) {
    throw problem(415, 'the body must be application/json');
  }
  const path = url.pathname.slice('/_sandbox'.length);
  const found = house.steer.routes.find(method, path);
  if (found.kind === 'none') throw problem(404, 'no such steering route');
  if (found.kind === 'method') throw problem(405, `${method} is not for this route`);
  const { params } = found;
  return found.handler({
    ...emptyCall(),
    method,
    path,
    query: url.searchParams,
    headers: request.headers,
    raw,
    params,
  });
}

/** Only programs on this machine that name this server steer it: no rebound host name, no page of another origin. */
function refuseStrangers(server: Server, request: IncomingMessage): void {
  const { port, address } = server.address() as AddressInfo;
  const names = ['127.0.0.1', 'localhost', '[::1]', address.includes(':') ? `[${address}]` : address, 'sandbox'];
  const own = names.flatMap((name) => [`${name}:${port}`, ...(port === 80 ? [name] : [])]);
  if (!own.includes((request.headers.host ?? '').toLowerCase())) throw problem(421, 'this host is not served here');
  const { origin } = request.headers;
  if (origin !== undefined && !own.includes(origin.replace(/^https?:\/\//, ''))) throw problem(403, 'foreign origin');
}

async function readBody(request: IncomingMessage, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > most) throw problem(413, 'the body is too big');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

function asReply(error: unknown): Reply {
  if (error instanceof Refusal) return error.reply;
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return json(500, { type: 'about:blank', title: 'the sandbox itself failed', status: 500, detail });
}

function send(response: ServerResponse, reply: Reply): void {
  if (reply.cut) {
    response.socket?.destroy();
    return;
  }
  const text = reply.text ?? (reply.body === undefined ? '' : JSON.stringify(reply.body));
  const type = reply.text === undefined ? 'application/json' : 'text/html; charset=utf-8';
  response.writeHead(reply.status, {
    ...(text === '' ? {} : { 'content-type': type }),
    'content-length': Buffer.byteLength(text),
    ...reply.headers,
  });
  response.end(text);
}
