import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AppCall, CallContext, ChannelIds, InboundPush, ListingRef, ShopAccess } from '../../connectors/kit';
import { parseMoney, type ListingId } from '../../src/domain';
import { startSandbox, type Sandbox } from '../../sandbox/server';
import { until } from '../support/until';
import { fetchHttp } from './fetch-http';
import type { Subject } from './suite';

/** A listing of the sandbox's shop, by its sku. */
export interface Listed extends ListingRef {
  readonly sku: string;
  /** Minor units. */
  readonly price: number;
}

interface SetUp {
  readonly shops: readonly {
    readonly id: string;
    readonly region: string;
    readonly currency: string;
    readonly accessToken: string;
    readonly refreshToken: string;
    readonly accessTokenExpiresAt: string;
    readonly refreshTokenExpiresAt: string;
    readonly listings: readonly { readonly sku: string; readonly channelIds: ChannelIds; readonly price: string }[];
  }[];
}

type Json = Record<string, unknown>;

/** One channel of the sandbox with one shop, an address that hears its pushes, and a connector's way to it. */
export class Room {
  readonly heard: InboundPush[] = [];
  /** What the address answers its pushes with; as its channel wants it when undefined. */
  answer: number | undefined;
  shop!: SetUp['shops'][number];
  listings: readonly Listed[] = [];

  private constructor(
    readonly subject: Subject,
    private readonly sandbox: Sandbox,
    private readonly hook: Server,
  ) {}

  static async open(subject: Subject): Promise<Room> {
    const sandbox = await startSandbox({ port: 0, host: '127.0.0.1' });
    const hook = createServer();
    const room = new Room(subject, sandbox, hook);
    hook.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        room.heard.push({ bytes: Buffer.concat(chunks), headers: plain(request.headers) });
        const { status, body } = subject.connector.manifest.accepted;
        response.writeHead(room.answer ?? status).end(room.answer === undefined ? body : '');
      });
    });
    await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
    await room.setUp();
    return room;
  }

  get hookUrl(): string {
    return `http://127.0.0.1:${(this.hook.address() as AddressInfo).port}/hook`;
  }

  get baseUrl(): string {
    return `${this.sandbox.url}/${this.subject.code}`;
  }

  /** The sandbox's app as intake has it. */
  get appAccess(): { readonly key: string; readonly secrets: readonly string[]; readonly hookUrl: string } {
    const { key, secret } = this.subject.data.sandbox.app;
    return { key, secrets: [secret], hookUrl: this.hookUrl };
  }

  /** Makes the shop anew, with what the channel's data says or with these listings. */
  async setUp(listings: unknown = this.subject.data.sandbox.listings): Promise<void> {
    const { app, shopId } = this.subject.data.sandbox;
    const { region, currency } = this.subject.data.shop;
    const shops = [{ id: shopId, region: region.toUpperCase(), currency, listings }];
    const channel = this.subject.code;
    const made = (await this.steer('POST', '/setup', { channel, app, hookUrl: this.hookUrl, shops })) as never as SetUp;
    this.shop = made.shops[0]!;
    this.listings = this.shop.listings.map(({ sku, channelIds, price }) => {
      return { sku, listing: sku as ListingId, channelIds, price: parseMoney(price, currency)!.minor };
    });
    this.heard.length = 0;
    this.answer = undefined;
  }

  /** The connector's call for the shop; `changes` to the access it is given. */
  call(changes: Partial<ShopAccess> = {}): CallContext {
    const { app, shopId } = this.subject.data.sandbox;
    const { region, currency, settings } = this.subject.data.shop;
    const shop: ShopAccess = {
      channelShopId: shopId,
      ...{ region, currency, settings },
      ...{ appKey: app.key, appSecret: app.secret, accessToken: this.shop.accessToken, baseUrl: this.baseUrl },
      ...changes,
    };
    return { http: fetchHttp, shop, now: () => Date.now() };
  }

  appCall(): AppCall {
    const { app } = this.subject.data.sandbox;
    const { region } = this.subject.data.shop;
    return { http: fetchHttp, app: { ...app, region, baseUrl: this.baseUrl }, now: () => Date.now() };
  }

  async steer(method: string, path: string, body?: unknown): Promise<Json> {
    const response = await fetch(`${this.sandbox.url}/_sandbox${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text) as Json;
  }

  steerChannel(method: string, path: string, body?: unknown): Promise<Json> {
    return this.steer(method, `/${this.subject.code}${path}`, body);
  }

  steerShop(method: string, path: string, body?: unknown): Promise<Json> {
    return this.steerChannel(method, `/shops/${this.subject.data.sandbox.shopId}${path}`, body);
  }

  async place(lines: readonly { sku: string; units: number }[], terms: Json = {}): Promise<string> {
    const { orderId } = await this.steerShop('POST', '/orders', { ...terms, lines });
    return orderId as string;
  }

  /** Many orders of one unit of the first listing. */
  async placeMany(count: number): Promise<readonly string[]> {
    const [first] = this.listings;
    await this.steerShop('PUT', `/listings/${encodeURIComponent(first!.sku)}`, { quantity: count });
    return Promise.all(Array.from({ length: count }, () => this.place([{ sku: first!.sku, units: 1 }])));
  }

  /** What a buyer sees of a listing. */
  async shown(sku: string): Promise<{ readonly quantity: number }> {
    const { items } = await this.steerShop('GET', `/listings?sku=${encodeURIComponent(sku)}`);
    return (items as { quantity: number }[])[0]!;
  }

  async hears(count: number): Promise<readonly InboundPush[]> {
    await until(`${count} pushes at the address`, () => this.heard.length >= count, 3000);
    return this.heard;
  }

  async close(): Promise<void> {
    await until('no push is on its way', async () => {
      const { counts } = (await this.steer('GET', '/pushes?limit=0')) as { counts: Record<string, number> };
      return counts['waiting'] === undefined;
    });
    this.hook.closeAllConnections();
    await new Promise((resolve) => this.hook.close(resolve));
    await this.sandbox.close();
  }
}

const plain = (headers: IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
