import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import axios, { type AxiosError, type AxiosInstance } from 'axios';
import { hostNameOf, ownHosts } from './hosts';
import type { HubOptions } from './options';
import { mayBeNamed, NOT_PUBLIC_CODE, publicLookup } from './public-address';
import { retryAfterMs } from './retry-after';

/** What a receiver said. `forbidden`: the address is none that a seller may name; nothing was sent. */
export type ReceiverAnswer =
  | { readonly kind: 'answered'; readonly status: number; readonly afterMs?: number }
  | { readonly kind: 'unanswered'; readonly why: string }
  | { readonly kind: 'forbidden' };

const CALL_MS = 5000;
const MOST_BYTES = 64 * 1024;

/**
 * Calls to addresses that sellers named: https only, the name resolved once with all its addresses public, no redirects,
 * five seconds, and little of the answer. Nothing here is repeated, and no receiver shares anything with another.
 */
export class ReceiverCalls {
  readonly #axios: AxiosInstance;
  readonly #agents: readonly [HttpAgent, HttpsAgent];
  readonly #own: ReadonlySet<string>;

  constructor(private readonly options: Pick<HubOptions, 'publicUrl' | 'hosts' | 'webhooksToLoopback'>) {
    this.#own = ownHosts(options.publicUrl, options.hosts);
    // No maxSockets: a call that waits for another seller's at the same host would lose its five seconds.
    const keepAlive = { keepAlive: true, maxFreeSockets: 4 };
    this.#agents = [new HttpAgent(keepAlive), new HttpsAgent({ ...keepAlive, lookup: publicLookup })];
    this.#axios = axios.create({
      httpAgent: this.#agents[0],
      httpsAgent: this.#agents[1],
      maxRedirects: 0,
      maxContentLength: MOST_BYTES,
      responseType: 'text',
      transformResponse: (body: unknown) => body,
      transformRequest: (body: unknown) => body,
      proxy: false,
      validateStatus: () => true,
    });
  }

  /** Whether a seller may name this address. Where its name leads is looked at with each connection. */
  mayCall(url: string): boolean {
    if (!URL.canParse(url)) return false;
    const { protocol, hostname, host, username } = new URL(url);
    if (this.options.webhooksToLoopback && protocol === 'http:' && hostname === '127.0.0.1' && username === '')
      return true;
    return mayBeNamed(url) && !this.#own.has(hostNameOf(host).replace(/\.$/, ''));
  }

  async post(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<ReceiverAnswer> {
    if (!this.mayCall(url)) return { kind: 'forbidden' };
    try {
      const signal = AbortSignal.timeout(CALL_MS);
      const { status, headers: said } = await this.#axios.post<string>(url, body, { headers: { ...headers }, signal });
      const afterMs = retryAfterMs(textOf(said['retry-after']), Date.now());
      return { kind: 'answered', status, ...(afterMs !== undefined && { afterMs }) };
    } catch (error) {
      if (!axios.isAxiosError(error)) throw error;
      return error.code === NOT_PUBLIC_CODE ? { kind: 'forbidden' } : { kind: 'unanswered', why: whyOf(error) };
    }
  }

  close(): void {
    for (const agent of this.#agents) agent.destroy();
  }
}

/** Never the address: its path may be a secret of the seller's. */
function whyOf({ code, message }: AxiosError): string {
  if (code === 'ERR_CANCELED') return `no answer within ${CALL_MS} ms`;
  if (message.startsWith('maxContentLength')) return `an answer of more than ${MOST_BYTES} bytes`;
  return code ?? 'the call failed';
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
