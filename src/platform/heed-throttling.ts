import { ChannelError, type ChannelHttp, type Connector } from '../../connectors/kit';
import { NoTurn, type Throttled } from './budget';

type Heed = (failure: Throttled) => Promise<void>;

/** Who hears of a throttling answer to a call over this wire. */
const heeds = new WeakMap<ChannelHttp, Heed>();

/** Most channels tell of throttling in an answer that only their connector can read: it is heard of through its wire. */
export function whenThrottled(http: ChannelHttp, heed: Heed): ChannelHttp {
  heeds.set(http, heed);
  return http;
}

/** The channel's own word; not ours, of a call that was never made. */
export const isThrottled = (error: unknown): error is ChannelError & { readonly failure: Throttled } =>
  error instanceof ChannelError && !(error instanceof NoTurn) && error.failure.kind === 'throttled';

async function hear(call: unknown, error: unknown): Promise<void> {
  if (!isThrottled(error)) return;
  const http = typeof call === 'object' && call !== null && 'http' in call ? call.http : undefined;
  if (typeof http === 'function') await heeds.get(http as ChannelHttp)?.(error.failure);
}

type Method = (call: unknown, ...rest: readonly unknown[]) => unknown;

function listening<Part extends object>(part: Part): Part {
  const wrapped = Object.entries(part).map(([name, value]: [string, unknown]) => {
    if (typeof value !== 'function') return [name, value] as const;
    const method: Method = (call, ...rest) => {
      const answer = (value as Method).call(part, call, ...rest);
      if (!(answer instanceof Promise)) return answer;
      return answer.catch(async (error: unknown) => {
        await hear(call, error);
        throw error;
      });
    };
    return [name, method] as const;
  });
  return Object.fromEntries(wrapped) as unknown as Part;
}

/** The same connector; a call of it that the channel throttles makes all callers of that shop, or app, wait. */
export function heedThrottling(connector: Connector): Connector {
  const { authorisation } = connector;
  return {
    ...listening(connector),
    manifest: connector.manifest,
    ...(authorisation === undefined ? {} : { authorisation: listening(authorisation) }),
  };
}
