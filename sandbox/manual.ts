/** One thing that can be asked of the sandbox, as an example that works on the demo shops. */
export interface Example {
  says: string;
  method: 'PUT' | 'PATCH' | 'POST' | 'GET' | 'DELETE';
  path: string;
  body?: Record<string, unknown>;
}

const LAZADA = '/lazada/shops/500100';
const ZALORA = '/zalora/shops/ZSG-700';

function fault(channel: string, says: string, body: Record<string, unknown>): Example {
  return { says, method: 'PUT', path: `/${channel}/faults`, body };
}

/** The faults of calls and pushes: `PUT` sets exactly what it names, `PATCH` adds, `DELETE` heals. */
export const FAULTS: readonly Example[] = [
  fault('lazada', 'answers come late; a write takes effect half-way', { latencyMs: 800 }),
  fault('shopee', 'calls fail with 502, 503 or the documented busy answer', { errorRate: 0.2, errorKind: 'mixed' }),
  fault('zalora', 'more calls a second than this are throttled: 429 and Retry-After', {
    throttlePerS: 5,
    retryAfterS: 2,
  }),
  fault('lazada', 'a burst of ApiCallLimit and 901 for five seconds', {
    ...{ throttleRate: 0.5, throttleKind: 'mixed', forMs: 5000 },
  }),
  fault('lazada', 'the app has so many calls a day, to 00:00 UTC+8', { dailyCalls: 100 }),
  fault('lazada', 'the 998 window of a mega campaign, on product calls only', {
    ...{ maintenance: true, paths: ['/product'], forMs: 60_000 },
  }),
  fault('zalora', 'maintenance: 503 with Retry-After', { maintenance: true, retryAfterS: 30, forMs: 60_000 }),
  fault('shopee', 'every connection is cut', { down: true }),
  fault('lazada', 'a call takes effect and is never answered', { unansweredRate: 0.1 }),
  fault('lazada', 'a token is refreshed and the answer is lost', { refreshUnansweredRate: 1 }),
  fault('zalora', 'every access token ends now', { expireTokens: true }),
  fault('lazada', 'signatures are refused now and then', { signErrorRate: 0.1 }),
  fault('lazada', "the marketplace's clock is two hours and a bit ahead", { clockSkewS: 7300 }),
  fault('lazada', 'rows of writes are refused inside HTTP 200, by chance and by sku', {
    ...{ partialFailureRate: 0.1, refuseSkus: ['KETTLE'] },
  }),
  fault('lazada', 'stock is read as 1.37e12', { absurdStock: true }),
  fault('lazada', 'a campaign locks units of every listing; 0 gives back what is left', { lockUnits: 20 }),
  fault('shopee', 'pushes come late, twice or never; the same seed, the same choices', {
    ...{ newsDelayMs: 3000, duplicateRate: 0.3, loseRate: 0.05, seed: 7 },
  }),
  fault('shopee', 'pushes overtake each other', { reorder: 0.5, reorderHoldMs: 2000 }),
];

/** What is done to one shop, app or order, and the pretend world's own settings. */
export const STEPS: readonly Example[] = [
  {
    says: 'a buyer orders (the answer has the orderId for pay, pack, ready, ship, deliver, cancel, return)',
    method: 'POST',
    path: `${LAZADA}/orders`,
    body: { lines: [{ sku: 'TEA-GREEN', units: 2 }] },
  },
  { says: 'buyers come by themselves', method: 'POST', path: '/buyers', body: { perMinute: 30 } },
  {
    says: '500 buyers want the last ones at once',
    method: 'POST',
    path: '/race',
    body: { sku: 'CANDLE', buyers: 500 },
  },
  { says: 'a listing drifts', method: 'PUT', path: `${ZALORA}/listings/KETTLE`, body: { quantity: 7 } },
  { says: "one shop's access token ends", method: 'POST', path: `${LAZADA}/tokens`, body: { expire: true } },
  {
    says: 'a seller takes the authorisation back; his pushes stop',
    method: 'POST',
    path: `${LAZADA}/tokens`,
    body: { revoke: true },
  },
  { says: 'a seller gives it again', method: 'POST', path: `${LAZADA}/tokens`, body: {} },
  {
    says: 'the next tokens live an hour',
    method: 'PUT',
    path: '/lazada/token-life',
    body: { accessS: 3600, refreshS: 7200 },
  },
  {
    says: 'an authorisation is about to end',
    method: 'POST',
    path: `${LAZADA}/notices`,
    body: { kind: 'authorisation-expiring' },
  },
  {
    says: 'a seller changes a product',
    method: 'POST',
    path: `${ZALORA}/notices`,
    body: { kind: 'onProductUpdated', sku: 'KETTLE' },
  },
  { says: 'an hour passes in a minute', method: 'PUT', path: '/clock', body: { factor: 60 } },
  {
    says: 'pushing stops at an address that fails too often',
    method: 'PUT',
    path: '/readings',
    body: { autoDisable: true },
  },
  { says: 'was anything sold that did not exist?', method: 'GET', path: '/report?active=true' },
  { says: 'which calls came, and which fault they met', method: 'GET', path: '/calls?limit=20' },
  { says: 'what became of the pushes', method: 'GET', path: '/pushes?limit=20' },
  { says: 'all is well again', method: 'DELETE', path: '/lazada/faults' },
];

/** The same as a command to type. */
export function curlOf(url: string, { method, path, body }: Example): string {
  const data = body === undefined ? '' : ` -H 'content-type: application/json' -d '${JSON.stringify(body)}'`;
  const verb = method === 'GET' ? '' : ` -X ${method}`;
  return `curl -s${verb} '${url}/_sandbox${path}'${data}`;
}

/** The whole list, for a terminal. */
export function manualOf(url: string): string {
  const write = (example: Example): string => `  ${example.says}\n    ${curlOf(url, example)}\n`;
  return [
    'Faults (PUT sets exactly what it names, PATCH adds to it, DELETE heals; any channel takes any of them):\n',
    ...FAULTS.map(write),
    'Steps:\n',
    ...STEPS.map(write),
  ].join('\n');
}
