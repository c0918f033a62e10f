import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { ChannelError, type AppCall, type Connector, type TokenHolder, type Tokens } from '../../../connectors/kit';
import { TestChannel } from '../rooms/test-channel';

/** What the market does with the answer of the next refresh. */
export type NextAnswer = 'given' | 'cut';

interface Pair {
  readonly access: string;
  readonly refresh: string;
}

/** A marketplace over HTTP whose refresh tokens serve once, as Shopee's do. It counts what it is asked. */
export class TokenMarket {
  refreshes = 0;
  /** Refresh tokens that came a second time. */
  spentTwice = 0;
  recoveries = 0;
  /** Tokens given for the app's own key, each of which voids the one before. */
  issues = 0;
  nextAnswer: NextAnswer = 'given';
  /** So long a refresh takes. */
  slowMs = 100;
  readonly #server: Server;
  readonly #pairs = new Map<string, Pair>();
  readonly #spent = new Set<string>();
  #count = 0;

  constructor() {
    this.#server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        void this.#answer(request.url ?? '', body).then((answer) => {
          if (answer === 'cut') return response.destroy();
          response.writeHead(answer === undefined ? 401 : 200, { 'content-type': 'application/json' });
          return response.end(JSON.stringify(answer ?? {}));
        });
      });
    });
  }

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this.url;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** A consent: the shop has this pair, and every one before it is void. */
  grant(shop: string): Pair {
    this.#count += 1;
    const pair = { access: `access-${this.#count}`, refresh: `refresh-${this.#count}` };
    this.#pairs.set(shop, pair);
    return pair;
  }

  /** The seller took the right back. */
  revoke(shop: string): void {
    this.#pairs.delete(shop);
  }

  async #answer(path: string, body: string): Promise<unknown> {
    const { shop, token } = JSON.parse(body) as { shop: string; token: string };
    const pair = this.#pairs.get(shop);
    if (path === '/call') return pair?.access === token ? { token } : undefined;
    if (path === '/recover') {
      this.recoveries += 1;
      return this.#spent.has(token) ? pair : undefined;
    }
    if (path === '/issue') {
      this.issues += 1;
      const issued = this.grant(shop);
      await delay(this.slowMs);
      return issued;
    }
    this.refreshes += 1;
    const { nextAnswer } = this;
    this.nextAnswer = 'given';
    if (this.#spent.has(token)) this.spentTwice += 1;
    const isGood = pair?.refresh === token;
    const next = isGood ? this.grant(shop) : undefined;
    if (isGood) this.#spent.add(token);
    await delay(this.slowMs);
    return nextAnswer === 'cut' ? 'cut' : next;
  }
}

/** The connector of that marketplace. `recovers`: a pair whose answer was lost can be asked for again. */
export function tokenChannel(recovers = true): Connector {
  const pretend = new TestChannel('keyed').connector();
  return {
    ...pretend,
    readOrders: async ({ http, shop }, [externalId = '']) => {
      const body = { shop: shop.channelShopId, token: shop.accessToken };
      const payload = await post({ http, app: { key: '', secret: '', region: 'SG', ...base(shop) } }, '/call', body);
      return [{ externalId, payload }];
    },
    authorisation: {
      leadMs: 60_000,
      warnMs: 7 * 24 * 3_600_000,
      refreshTokenServes: 'once',
      consentUrl: (_app, { redirectUrl, state }) => `https://market.invalid/consent?to=${redirectUrl}&state=${state}`,
      exchange: async () => [],
      refresh: (call, holder) => tokensOf(call, '/refresh', holder),
      ...(recovers && { recover: (call: AppCall, holder: TokenHolder) => tokensOf(call, '/recover', holder) }),
    },
  };
}

/** A channel of the same marketplace that gives tokens for the app's own key, as Zalora does. */
export function issueChannel(): Connector {
  const { authorisation: _none, ...keyed } = tokenChannel();
  return {
    ...keyed,
    manifest: { ...keyed.manifest, code: 'issued' },
    issueToken: async ({ http, shop }) => {
      const app = { key: '', secret: '', region: 'SG', ...base(shop) };
      const { access } = (await post({ http, app }, '/issue', { shop: shop.channelShopId })) as Pair;
      return { accessToken: access, expiresInMs: 3_600_000 };
    },
  };
}

const base = ({ baseUrl }: { baseUrl?: string }) => (baseUrl === undefined ? {} : { baseUrl });

async function tokensOf(call: AppCall, path: string, holder: TokenHolder): Promise<Tokens> {
  const body = { shop: holder.channelShopId, token: holder.tokens.refreshToken };
  const { access, refresh } = (await post(call, path, body)) as Pair;
  const refreshTokenExpiresAt = holder.tokens.refreshTokenExpiresAt;
  return {
    accessToken: access,
    refreshToken: refresh,
    accessTokenExpiresAt: call.now() + 4 * 3_600_000,
    ...(refreshTokenExpiresAt !== undefined && { refreshTokenExpiresAt }),
  };
}

async function post({ http, app }: Pick<AppCall, 'http' | 'app'>, path: string, body: unknown): Promise<unknown> {
  const answer = await http({
    method: 'POST',
    url: `${app.baseUrl ?? ''}${path}`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    effect: 'write',
  });
  if (answer.status === 401) throw new ChannelError({ kind: 'unauthorized' }, 'the token is not good');
  return JSON.parse(answer.body);
}
