import { setTimeout as delay } from 'node:timers/promises';
import { limitFigure, type Found } from './figures';
import { onStack, type Stack } from './stack';

/** Deliveries of orders that the channel does not tell are read again for a minute: these name none, and are settled. */
const WORLD = { sellers: 1, shopsPerSeller: 1, skusPerSeller: 1, units: 0 };
const DELIVERIES = 100_000;
const WARM = 5000;
const AT_ONCE = 64;
const REST_MS = 3000;
const COMES_BACK_WITHIN_MS = 30_000;
const GROWTH = 1.25;
const MARGIN_MB = 30;

/** `memory.idle` and `memory.after`: what the hub holds at rest, before and after 100,000 deliveries. */
export function benchMemory(): Promise<readonly Found[]> {
  return onStack({ name: 'memory', roles: 'api,worker', world: WORLD }, async (stack) => {
    await take(stack, 'warm', WARM);
    await delay(REST_MS);
    const idle = await stack.hub.ask('use', undefined);
    const began = performance.now();
    const peak = await take(stack, 'many', DELIVERIES);
    const tookS = (performance.now() - began) / 1000;
    const bar = idle.residentMb * GROWTH + MARGIN_MB;
    const { after, waitedMs } = await cameBack(stack, bar);
    return [
      {
        figure: limitFigure('memory.idle', { value: idle.residentMb, unit: 'MB' }, { bar: null }),
        notes: [
          `resident, api and worker in one process, at rest after ${WARM} deliveries; heap ${idle.heapMb.toFixed(0)} MB`,
        ],
      },
      {
        figure: limitFigure(
          'memory.after',
          { value: after.residentMb, unit: 'MB' },
          { bar, against: { name: 'memory.idle', value: idle.residentMb } },
        ),
        notes: [
          `after ${DELIVERIES} deliveries, all read and settled, in ${tookS.toFixed(0)} s; peak ${peak.toFixed(0)} MB`,
          `${(waitedMs / 1000).toFixed(0)} s after the last; heap ${after.heapMb.toFixed(0)} MB; the bar is idle x ${GROWTH} + ${MARGIN_MB} MB`,
        ],
      },
    ];
  });
}

/** Sends so many and waits until all of them are settled; answers the most that was resident meanwhile. */
async function take({ hub, load, world, db }: Stack, round: string, deliveries: number): Promise<number> {
  const shop = world.shops[0]?.channelShopId ?? '';
  let peak = 0;
  const look = setInterval(() => {
    void hub.ask('use', undefined).then(({ residentMb }) => (peak = Math.max(peak, residentMb)));
  }, 500);
  const pushed = await load.ask('flood', {
    app: world.app,
    shop,
    round,
    connections: AT_ONCE,
    most: deliveries,
    code: 5,
  });
  if (pushed.accepted !== deliveries) throw new Error(`${pushed.accepted} of ${deliveries} deliveries were accepted`);
  while ((await db.collection('deliveries').countDocuments({ due: { $gt: 0 } })) > 0) await delay(100);
  clearInterval(look);
  return peak;
}

/** Looks until it is back under the bar, or for half a minute. */
async function cameBack(
  { hub }: Stack,
  bar: number,
): Promise<{ after: { residentMb: number; heapMb: number }; waitedMs: number }> {
  const began = performance.now();
  for (;;) {
    await delay(REST_MS);
    const after = await hub.ask('use', undefined);
    const waitedMs = performance.now() - began;
    if (after.residentMb < bar || waitedMs > COMES_BACK_WITHIN_MS) return { after, waitedMs };
  }
}
