import { setTimeout as delay } from 'node:timers/promises';
import { isOnTheWay, isSweep, totalOf, type CommandCounts } from './commands';
import { limitFigure, spreadOf, type Found } from './figures';
import type { Committed } from './hub';
import type { Told } from './load';
import type { Written } from './market';
import { onStack, type Stack } from './stack';
import type { World } from './world';

/** Three shops a seller, so many that no shop's budget of calls at its channel is what is measured. */
const WORLD = { sellers: 30, shopsPerSeller: 3, skusPerSeller: 20, units: 1_000_000 };
const PER_S = 100;
const WARM = 600;
const MEASURED = 2000;
const RESERVED_P95_MS = 250;
const ISSUED_P95_MS = 150;
const ROUND_TRIPS = 4;
const QUIET_WITHIN_MS = 120_000;

/** `order.reserved` and `stock.issued`, from the same orders. */
export function benchOrders(): Promise<readonly Found[]> {
  return onStack({ name: 'orders', roles: 'api,worker', world: WORLD }, async (stack) => {
    await untilQuiet(stack);
    await stack.load.ask('sell', { world: stack.world, round: 'W', perSecond: PER_S, most: WARM });
    await untilQuiet(stack);
    await Promise.all([
      stack.hub.ask('takeCommitted', undefined),
      stack.hub.ask('commands', undefined),
      stack.load.ask('written', undefined),
    ]);
    const before = await stack.hub.ask('use', undefined);
    const told = await stack.load.ask('sell', { world: stack.world, round: 'M', perSecond: PER_S, most: MEASURED });
    await untilCommitted(stack, told);
    const commands = await stack.hub.ask('commands', undefined);
    const after = await stack.hub.ask('use', undefined);
    await untilQuiet(stack);
    const committed = await stack.hub.ask('takeCommitted', undefined);
    const { written, reads } = await stack.load.ask('written', undefined);
    const cpu = (after.cpuMs - before.cpuMs) / told.length;
    return [
      reservedOf(told, committed, [`the hub used ${cpu.toFixed(1)} ms of processor an order, all rooms together`]),
      roundTripsOf(commands, told.length),
      issuedOf(stack.world, { told, committed, written }, reads),
    ];
  });
}

function reservedOf(told: readonly Told[], committed: readonly Committed[], notes: readonly string[]): Found {
  const commits = new Map(committed.map((commit) => [commit.order.slice(commit.order.lastIndexOf('|') + 1), commit]));
  const latencies = told.map(({ order, at }) => {
    const commit = commits.get(order);
    if (commit === undefined) throw new Error(`the order ${order} moved no stock`);
    return commit.toldAt - at;
  });
  if (commits.size !== told.length) throw new Error(`${told.length} orders were told, ${commits.size} moved stock`);
  const spread = spreadOf(latencies);
  return {
    figure: limitFigure('order.reserved', { value: spread.p95, unit: 'ms p95', spread }, { bar: RESERVED_P95_MS }),
    notes: [
      `${told.length} orders at ${PER_S}/s, from when a push was meant to leave to its stock durably committed`,
      ...notes,
    ],
  };
}

function roundTripsOf(commands: CommandCounts, orders: number): Found {
  const onTheWay = totalOf(commands, isOnTheWay) / orders;
  const rest = totalOf(commands, (name) => !isOnTheWay(name) && !isSweep(name)) / orders;
  const most = Object.entries(commands).sort(([, left], [, right]) => right - left);
  const shown = most.slice(0, 16).map(([name, count]) => `${name} ${(count / orders).toFixed(2)}`);
  const figure = limitFigure('order.roundTrips', { value: onTheWay, unit: 'an order' }, { bar: null });
  return {
    figure: {
      ...figure,
      against: { name: 'aim', value: ROUND_TRIPS },
      ratio: Math.round((onTheWay / ROUND_TRIPS) * 1000) / 1000,
      ok: onTheWay <= ROUND_TRIPS,
    },
    notes: [
      `commands to the store between a push and its committed stock; another ${rest.toFixed(2)} plan and write the listings`,
      shown.join(', '),
    ],
  };
}

/** Every sale must be told to the two other shops of its seller: from the ledger's decision to the call's arrival. */
function issuedOf(
  world: World,
  seen: {
    readonly told: readonly Told[];
    readonly committed: readonly Committed[];
    readonly written: readonly Written[];
  },
  reads: number,
): Found {
  const shopsBySku = new Map<string, { shop: string; itemId: string }[]>();
  for (const shop of world.shops) {
    for (const { sku, itemId } of shop.listings) {
      const key = `${shop.seller}|${sku}`;
      shopsBySku.set(key, [...(shopsBySku.get(key) ?? []), { shop: shop.channelShopId, itemId }]);
    }
  }
  const calls = new Map<string, number[]>();
  for (const { itemId, at } of seen.written) calls.set(itemId, [...(calls.get(itemId) ?? []), at]);
  const soldIn = new Map(seen.told.map(({ order, itemId }) => [order, itemId]));
  const latencies: number[] = [];
  let missing = 0;
  for (const { order, sku, decidedAt } of seen.committed) {
    const own = soldIn.get(order.slice(order.lastIndexOf('|') + 1));
    for (const { itemId } of shopsBySku.get(sku) ?? []) {
      if (itemId === own) continue;
      const at = calls.get(itemId)?.find((call) => call >= decidedAt);
      if (at === undefined) missing += 1;
      else latencies.push(at - decidedAt);
    }
  }
  if (missing > 0) throw new Error(`${missing} listings were never told of a sale`);
  const spread = spreadOf(latencies);
  return {
    figure: limitFigure('stock.issued', { value: spread.p95, unit: 'ms p95', spread }, { bar: ISSUED_P95_MS }),
    notes: [
      `from the ledger's decision to the arrival of the call at the channel, ${latencies.length} listings, none left out`,
      `${seen.written.length} numbers written and ${reads} reads of orders by the channel's count`,
    ],
  };
}

/** Every order was read and its stock brought; what follows from that may still wait. */
async function untilCommitted({ db }: Stack, told: readonly Told[]): Promise<void> {
  const endsAt = performance.now() + QUIET_WITHIN_MS;
  for (;;) {
    const waiting = await Promise.all(
      ['deliveries', 'orders'].map((name) => db.collection(name).countDocuments({ due: { $gt: 0 } })),
    );
    if (waiting.every((count) => count === 0)) return;
    if (performance.now() > endsAt) throw new Error(`not all of ${told.length} orders moved stock in time`);
    await delay(50);
  }
}

/** Nothing waits to be read, brought, planned or written. */
async function untilQuiet({ hub, db }: Stack): Promise<void> {
  const endsAt = performance.now() + QUIET_WITHIN_MS;
  for (;;) {
    const waiting = await Promise.all(
      ['deliveries', 'orders', 'positions', 'targets'].map((name) =>
        db.collection(name).countDocuments({ due: { $gt: 0 } }),
      ),
    );
    const jobs = await hub.ask('backlog', undefined);
    if (jobs === 0 && waiting.every((count) => count === 0)) return;
    if (performance.now() > endsAt) throw new Error(`work is left: ${waiting.join(', ')} documents, ${jobs} jobs`);
    await delay(100);
  }
}
