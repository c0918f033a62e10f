import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import axios, { type AxiosError, type AxiosInstance, type AxiosResponse } from 'axios';
import axiosRetry from 'axios-retry';
import { ChannelError, type ChannelAnswer, type ChannelHttp, type ChannelRequest } from '../../connectors/kit';
import type { Breakers } from './breaker';
import type { Budgets, Payer } from './budget';
import { isThrottled, whenThrottled } from './heed-throttling';
import { maskText } from './mask';
import type { Metrics } from './metrics';
import type { Urgency } from './meter';
import { mayBeNamed, NOT_PUBLIC_CODE, publicLookup } from './public-address';
import { retryAfterMs } from './retry-after';

/** Who calls: one budget per shop and one per app, one breaker per channel and host. */
export interface Caller extends Payer {
  /** A seller named the address: https to public addresses only, and small answers. */
  readonly namedBySeller?: boolean;
}

const CALL_MS = 10_000;
const READ_MS = 25_000;
const READ_RETRIES = 2;
const LONGEST_PAUSE_MS = 2000;
const MOST_BYTES = 8 * 1024 * 1024;
const MOST_BYTES_OF_A_SELLER = 2 * 1024 * 1024;
/** A server's own no; what a gateway says leaves open what the server behind it still does. */
const OWN_WORDS: ReadonlySet<number> = new Set([500, 501, 503]);
/** The connection was never made: the channel did not see the call. */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ERR_INVALID_URL',
]);

/** Calls to channels: within the shop's budget, through the host's breaker, reads repeated, writes never. */
export class ChannelCalls {
  readonly #axios: AxiosInstance;
  readonly #agents: readonly [HttpAgent, HttpsAgent, HttpsAgent];

  constructor(
    private readonly breakers: Breakers,
    private readonly budgets: Budgets,
    private readonly metrics: Metrics,
  ) {
    const keepAlive = { keepAlive: true, maxSockets: 64, maxFreeSockets: 16, scheduling: 'lifo' as const };
    this.#agents = [
      new HttpAgent(keepAlive),
      new HttpsAgent(keepAlive),
      new HttpsAgent({ ...keepAlive, lookup: publicLookup }),
    ];
    this.#axios = this.#makeAxios();
  }

  /** The function that a connector is handed for this caller, and for calls that are so urgent. */
  of(caller: Caller, urgency: Urgency): ChannelHttp {
    const takeTurn = (): Promise<void> => this.budgets.take(caller, urgency);
    const http: ChannelHttp = async (request) => {
      if (caller.namedBySeller === true && !mayBeNamed(request.url)) throw notForSellers();
      await takeTurn();
      const host = hostOf(request.url);
      const end = this.metrics.channelCalls.startTimer({ channel: caller.channel });
      try {
        const { channel, namedBySeller: isOwn, shop } = caller;
        const answer = await this.breakers.run({ channel, host, ...(isOwn === true && { shop }) }, () =>
          this.#call(request, caller, takeTurn),
        );
        end({ outcome: 'answered' });
        return answer;
      } catch (error) {
        end({ outcome: error instanceof ChannelError ? error.failure.kind : 'fault' });
        if (isThrottled(error)) await this.budgets.heed(caller, error.failure);
        throw error;
      }
    };
    return whenThrottled(http, (failure) => this.budgets.heed(caller, failure));
  }

  close(): void {
    for (const agent of this.#agents) agent.destroy();
  }

  #makeAxios(): AxiosInstance {
    const [httpAgent, httpsAgent] = this.#agents;
    const made = axios.create({
      httpAgent,
      httpsAgent,
      timeout: CALL_MS,
      transitional: { clarifyTimeoutError: true },
      maxRedirects: 0,
      maxContentLength: MOST_BYTES,
      responseType: 'text',
      transformResponse: (body: unknown) => body,
      transformRequest: (body: unknown) => body,
      proxy: false,
      validateStatus: (status) => status < 500 && status !== 429,
    });
    axiosRetry(made, {
      retries: 0,
      shouldResetTimeout: true,
      retryCondition: isWorthRepeating,
      retryDelay: (count, error) => pauseMsOf(error) ?? Math.random() * Math.min(200 * 2 ** count, LONGEST_PAUSE_MS),
    });
    return made;
  }

  async #call(
    request: ChannelRequest,
    { namedBySeller = false }: Caller,
    takeTurn: () => Promise<void>,
  ): Promise<ChannelAnswer> {
    const isRead = request.effect === 'read';
    const guarded = { httpsAgent: this.#agents[2], maxContentLength: MOST_BYTES_OF_A_SELLER };
    try {
      const response = await this.#axios.request<string>({
        method: request.method,
        url: request.url,
        headers: { ...request.headers },
        ...(request.body === undefined ? {} : { data: request.body }),
        signal: AbortSignal.timeout(isRead ? READ_MS : CALL_MS),
        'axios-retry': { retries: isRead ? READ_RETRIES : 0, onRetry: againWhere(takeTurn) },
        ...(namedBySeller && guarded),
      });
      return { status: response.status, headers: plainHeaders(response), body: response.data };
    } catch (error) {
      throw axios.isAxiosError(error) ? channelErrorOf(error) : error;
    }
  }
}

function channelErrorOf(error: AxiosError): ChannelError {
  const { response, code = '' } = error;
  if (code === NOT_PUBLIC_CODE) return notForSellers();
  const message = maskText(`${response === undefined ? code : `HTTP ${response.status}`}: ${error.message}`);
  const afterMs = response && retryAfterMs(plainHeaders(response)['retry-after'], Date.now());
  const after = afterMs === undefined ? {} : { afterMs };
  if (response?.status === 429) return new ChannelError({ kind: 'throttled', ...after }, message);
  if (isTooLong(error)) return new ChannelError({ kind: 'malformed' }, `the answer is too long: ${error.message}`);
  const over = response !== undefined && OWN_WORDS.has(response.status) ? { isOver: true as const } : {};
  return new ChannelError({ kind: 'unavailable', unanswered: !NEVER_SENT.has(code), ...over, ...after }, message);
}

/** A repetition is a call too; without a turn the first answer stands, so that the breaker hears of it. */
const againWhere =
  (takeTurn: () => Promise<void>) =>
  (_count: number, error: AxiosError): Promise<void> =>
    takeTurn().catch(() => Promise.reject(error));

const notForSellers = (): ChannelError =>
  new ChannelError({ kind: 'refused', reason: 'address' }, 'the address is not https, or leads to no public host');

const isTooLong = (error: AxiosError): boolean => error.message.startsWith('maxContentLength');

function isWorthRepeating(error: AxiosError): boolean {
  if (error.code === 'ERR_CANCELED' || error.code === NOT_PUBLIC_CODE || isTooLong(error)) return false;
  if (error.response === undefined) return true;
  return error.response.status >= 500 && (pauseMsOf(error) ?? 0) <= LONGEST_PAUSE_MS;
}

const pauseMsOf = ({ response }: AxiosError): number | undefined =>
  response && retryAfterMs(plainHeaders(response)['retry-after'], Date.now());

function plainHeaders({ headers }: AxiosResponse): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers as Record<string, unknown>).map(([name, value]) => [
      name.toLowerCase(),
      Array.isArray(value) ? value.join(', ') : String(value),
    ]),
  );
}

function hostOf(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    throw new ChannelError({ kind: 'unavailable', unanswered: false }, 'the address of the channel is no address');
  }
}
