import { ChannelError, type ChannelHttp } from '../../connectors/kit';

const LONGEST_MS = 10_000;

/** The wire of a connector, as its contract has it and with nothing else: no retries, no budget, no breaker. */
export const fetchHttp: ChannelHttp = async ({ method, url, headers = {}, body }) => {
  const response = await send(url, {
    method,
    headers,
    redirect: 'manual',
    signal: AbortSignal.timeout(LONGEST_MS),
    ...(body === undefined ? {} : { body }),
  });
  const waitS = Number(response.headers.get('retry-after') ?? Number.NaN);
  const after = Number.isFinite(waitS) ? { afterMs: waitS * 1000 } : {};
  if (response.status === 429) throw new ChannelError({ kind: 'throttled', ...after }, 'HTTP 429');
  if (response.status >= 500) {
    throw new ChannelError({ kind: 'unavailable', unanswered: true, ...after }, `HTTP ${response.status}`);
  }
  return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
};

async function send(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch {
    throw new ChannelError({ kind: 'unavailable', unanswered: true }, 'the connection was cut');
  }
}
