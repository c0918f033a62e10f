import { setTimeout as delay } from 'node:timers/promises';
import { orderIdOf, positionIdOf, type SellerId, type ShopId } from '../src/domain';
import { totalOf } from './commands';
import { limitFigure, medianOf, spreadOf, sumOf, type Found } from './figures';
import { Line } from './line';
import { OldOrders } from './old-orders';
import type { Step } from './order-steps-in-hub';
import { requestOf } from './pushes';
import { onStack, type Stack } from './stack';
import { failed, tell } from './tell';
import type { BenchShop } from './world';

const SIZES = [1000, 10_000];
const MOST_ORDERS = 200_000;
const WORLD = { sellers: 1, shopsPerSeller: 3, skusPerSeller: 200, units: 1_000_000 };
/** Orders that are measured, each of a sku of its own. */
const MEASURED = 60;
const WARM = 3;
const MOST_RATIO = 2;
const GATHERED_MS = 20;
/** What is known for a while is asked for again now and then: so much of a call, on the average, is chance. */
const BY_CHANCE = 0.5;

const DEEDS = ['placed', 'cancelled'] as const;
const ROOMS = ['kept', 'read', 'brought', 'planned', 'written'] as const;
type StepName = `${(typeof DEEDS)[number]}.${(typeof ROOMS)[number]}`;
const NAMES = DEEDS.flatMap((deed) => ROOMS.map((room): StepName => `${deed}.${room}`));

/** One hub with so many orders of the past. */
interface Place {
  readonly orders: number;
  readonly stack: Stack;
  readonly line: Line;
  readonly steps: Map<StepName, Step[]>;
}

const USAGE = `npm run bench:growth [-- [--orders N] [--json FILE]]; N is ${MOST_ORDERS} where it is left out`;

function readArgs(args: readonly string[]): { readonly most: number; readonly file: string | undefined } {
  const valueOf = (name: string): string | undefined => args[args.indexOf(name) + 1];
  const most = args.includes('--orders') ? Number(valueOf('--orders')) : MOST_ORDERS;
  const isUsual = args.every((arg, at) => ['--orders', '--json'].includes(at % 2 === 0 ? arg : (args[at - 1] ?? '')));
  if (!isUsual || args.length % 2 !== 0 || !Number.isInteger(most) || most < 1000) throw new Error(USAGE);
  const isEmbedded = process.env['SLUICE_ENGINE_CMD'] !== undefined;
  if (most > MOST_ORDERS && isEmbedded) throw new Error(`more than ${MOST_ORDERS} orders need MONGO_URL`);
  return { most, file: args.includes('--json') ? valueOf('--json') : undefined };
}

type Filled = Pick<Place, 'orders' | 'stack'>;

/** Hubs side by side, one of each size, so that they are measured by turns: what else the machine does is the same for all. */
async function withHubs<Result>(
  sizes: readonly number[],
  work: (filled: readonly Filled[]) => Promise<Result>,
  filled: readonly Filled[] = [],
): Promise<Result> {
  const [orders, ...others] = sizes;
  if (orders === undefined) return work(filled);
  return onStack({ name: `growth-${orders}`, roles: 'api', world: WORLD }, async (stack) => {
    const began = performance.now();
    await OldOrders.fill(stack.db, stack.world, orders);
    const filledS = ((performance.now() - began) / 1000).toFixed(0);
    process.stderr.write(`bench: ${orders} orders are stored (${filledS} s)\n`);
    return withHubs(others, work, [...filled, { orders, stack }]);
  });
}

/** Connections are opened last: a hub lets go of one that says nothing while others are filled. */
async function openPlace({ orders, stack }: Filled): Promise<Place> {
  const line = await Line.open(stack.world.app.port);
  return { orders, stack, line, steps: new Map(NAMES.map((name) => [name, []])) };
}

/** An order of one unit is placed, and cancelled a moment later: every step of it, one after the other. */
async function live(place: Place, number: number): Promise<void> {
  const { shops } = place.stack.world;
  const shop = shops[number % shops.length] as BenchShop;
  const { itemId, sku } = shop.listings[number % shop.listings.length]!;
  const order = `N${number}`;
  for (const deed of DEEDS) {
    const updatedAt = Math.floor(Date.now() / 1000) + (deed === 'placed' ? -60 : 0);
    const sale = { order, itemId, units: 1, at: updatedAt, isCancelled: deed === 'cancelled' };
    await place.stack.load.ask('sellOne', sale);
    const rooms = await stepsOf(place, { shop, order, sku, updatedAt });
    ROOMS.forEach((room, at) => place.steps.get(`${deed}.${room}`)?.push(rooms[at] as Step));
  }
}

interface Told {
  readonly shop: BenchShop;
  readonly order: string;
  readonly sku: string;
  readonly updatedAt: number;
}

async function stepsOf({ stack, line }: Place, { shop, order, sku, updatedAt }: Told): Promise<readonly Step[]> {
  const { hub, world } = stack;
  const seller = shop.seller as SellerId;
  const kept = await keep(stack, line, requestOf(world.app, { shop: shop.channelShopId, order, updatedAt }));
  const read = await hub.ask('readStep', undefined);
  const brought = await hub.ask('bringStep', { order: orderIdOf(seller, shop.id as ShopId, order) });
  const planned = await hub.ask('planStep', { position: positionIdOf(seller, sku) });
  const written = await hub.ask('writeStep', { seller, shops: world.shops.map(({ id }) => id) });
  return [kept, read, brought, planned, written];
}

async function keep({ hub }: Stack, line: Line, request: Buffer): Promise<Step> {
  await hub.ask('commands', undefined);
  const began = performance.now();
  const status = await line.send(request);
  const tookMs = performance.now() - began;
  if (status >= 300) throw new Error(`a push was answered ${status}`);
  await delay(GATHERED_MS);
  const counts = await hub.ask('commands', undefined);
  return { tookMs, counts, calls: totalOf(counts, () => true) };
}

/** @throws when nothing was brought, or something is left to do. */
async function assertDone({ stack: { db }, orders }: Place): Promise<void> {
  const names = ['deliveries', 'orders', 'positions', 'targets'];
  const left = await Promise.all(names.map((name) => db.collection(name).countDocuments({ due: { $gt: 0 } })));
  const cancelled = await db.collection('orders').countDocuments({ status: 'cancelled' });
  const stored = await db.collection('orders').countDocuments({});
  if (left.some((count) => count > 0)) throw new Error(`beside ${orders} orders work is left: ${left.join(', ')}`);
  if (cancelled !== WARM + MEASURED || stored !== orders + cancelled) {
    throw new Error(`${cancelled} orders of ${stored} are cancelled`);
  }
}

const callsOf = (place: Place, name: StepName): number =>
  medianOf((place.steps.get(name) ?? []).map(({ calls }) => calls));

function foundOf(name: StepName, places: readonly Place[]): Found {
  const least = places[0] as Place;
  const spreads = places.map((place) => spreadOf((place.steps.get(name) ?? []).map(({ tookMs }) => tookMs)));
  const [small, large] = [spreads[0]!, spreads.at(-1)!];
  const against = { name: `p50 beside ${least.orders} orders`, value: small.p50 };
  const ok = large.p50 <= MOST_RATIO * small.p50;
  return {
    figure: limitFigure(name, { value: large.p50, unit: 'ms', spread: large }, { bar: MOST_RATIO, ok, against }),
    notes: [
      `store calls beside ${places.map(({ orders }) => orders).join(', ')} orders: ${places.map((each) => callsOf(each, name)).join(', ')}; p50 ${spreads.map(({ p50 }) => p50.toFixed(1)).join(', ')} ms`,
    ],
  };
}

/** How many commands of each kind an order's step sends, on the average. */
function meansOf(place: Place, name: StepName): ReadonlyMap<string, number> {
  const steps = place.steps.get(name) ?? [];
  const kinds = new Set(steps.flatMap(({ counts }) => Object.keys(counts)));
  return new Map([...kinds].map((kind) => [kind, sumOf(steps.map(({ counts }) => counts[kind] ?? 0)) / steps.length]));
}

/** Steps that send more commands of a kind beside more orders, in sentences. */
const grown = (places: readonly Place[]): readonly string[] =>
  NAMES.flatMap((name) => {
    const [least, ...larger] = places.map((place) => ({ orders: place.orders, means: meansOf(place, name) }));
    return larger.flatMap(({ orders, means }) =>
      [...means].flatMap(([kind, mean]) => {
        const known = least?.means.get(kind) ?? 0;
        const isMore = mean > known + BY_CHANCE;
        return isMore
          ? [`${name}: ${kind} ${mean.toFixed(2)} times beside ${orders} orders, not ${known.toFixed(2)}`]
          : [];
      }),
    );
  });

async function main(args: readonly string[]): Promise<number> {
  const { most, file } = readArgs(args);
  const sizes = [...SIZES.filter((size) => size < most), most];
  return withHubs(sizes, async (filled) => {
    const places = await Promise.all(filled.map(openPlace));
    for (let number = 0; number < WARM + MEASURED; number += 1) {
      if (number === WARM) for (const { steps } of places) for (const list of steps.values()) list.length = 0;
      for (const place of places) await live(place, number);
    }
    for (const place of places) {
      place.line.close();
      await assertDone(place);
    }
    tell(
      NAMES.map((name) => foundOf(name, places)),
      file,
    );
    const more = grown(places);
    for (const line of more) process.stderr.write(`bench: grows with stored orders: ${line}\n`);
    return more.length;
  });
}

main(process.argv.slice(2)).then((failures) => process.exit(failures === 0 ? 0 : 1), failed);
