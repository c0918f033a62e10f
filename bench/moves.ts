import { setTimeout as delay } from 'node:timers/promises';
import { swapRate } from './ceilings';
import type { Claimed, Offer } from './claims-in-hub';
import { medianOf, medianSpread, rateFigure, sumOf, type Found } from './figures';
import { onStack, type Stack } from './stack';

const PROCESSES = 2;
const SHOPS = 3;
const ROUNDS = 3;
const ROUND_MS = 5000;
const CEILING_MS = 2000;
const RACING = 512;
const UNITS = 10_000_000;
/** Of each sku for each shop. */
const QUANTITY = 1_000_000;
const QUIET_WITHIN_MS = 120_000;

interface MovesBench {
  readonly name: string;
  readonly skus: number;
  readonly bar: number;
}

/** What happened in one round, in all processes together. */
interface Round {
  readonly claims: number;
  readonly perSecond: number;
  readonly rounds: readonly Claimed[];
}

/** `moves.oneSku`: claims on one sku in two processes that plan and write too, beside the engine's own swaps. */
export const benchMovesOfOne = (): Promise<readonly Found[]> => bench({ name: 'moves.oneSku', skus: 1, bar: 0.4 });

/** `moves.manySkus`: the same over 1,000 skus. */
export const benchMovesOfMany = (): Promise<readonly Found[]> =>
  bench({ name: 'moves.manySkus', skus: 1000, bar: 0.25 });

function bench({ name, skus: count, bar }: MovesBench): Promise<readonly Found[]> {
  const world = { sellers: 1, shopsPerSeller: SHOPS, skusPerSeller: count, units: UNITS };
  const options = { name: name.replace('.', '-').toLowerCase(), roles: 'api,worker', world, processes: PROCESSES };
  return onStack(options, async (stack) => {
    const seller = stack.world.shops[0]?.seller ?? '';
    const offers = stack.world.shops.flatMap(({ id: shop, listings }) =>
      listings.map(({ sku, listing }): Offer => ({ sku, shop, listing })),
    );
    const filled = await stack.hub.ask('fill', { seller, skus: [...new Set(offers.map(({ sku }) => sku))] });
    await stack.hub.ask('hold', { seller, offers, quantity: QUANTITY });
    await untilPlanned(stack);
    const all = [await race(stack, seller, offers)];
    const [swaps, plannedMs] = [[] as number[], [] as number[]];
    for (let round = 0; round < ROUNDS; round += 1) {
      plannedMs.push(await untilPlanned(stack));
      swaps.push(await swapRate(stack.db, count, CEILING_MS));
      all.push(await race(stack, seller, offers));
    }
    const measured = all.slice(1);
    const value = medianOf(measured.map(({ perSecond }) => perSecond));
    const spread = medianSpread(measured.flatMap(({ rounds }) => rounds.map((each) => each.spread)));
    const claims = sumOf(all.map((round) => round.claims));
    await untilPlanned(stack);
    const archived = await assertKept(stack, { filled, claims });
    const against = { name: 'findOneAndUpdate, 64 connections', value: medianOf(swaps), bar };
    return [
      {
        figure: rateFigure(name, { value, spread }, against),
        notes: [
          `${RACING} askers race in ${PROCESSES} processes, which plan and write ${offers.length} listings meanwhile; every sku has ${SHOPS} quotas; median of ${ROUNDS} rounds, interleaved`,
          `all ${claims} claims drew from quotas, to the unit; ${archived} moves are in the archive; all was planned ${medianOf(plannedMs).toFixed(0)} ms after a round`,
        ],
      },
    ];
  });
}

async function race({ hubs }: Stack, seller: string, offers: readonly Offer[]): Promise<Round> {
  const about = { seller, offers, racing: RACING / PROCESSES, forMs: ROUND_MS };
  const rounds = await Promise.all(hubs.map((hub) => hub.ask('claims', about)));
  const claims = sumOf(rounds.map((each) => each.claims));
  return { claims, rounds, perSecond: (claims * 1000) / Math.max(...rounds.map(({ tookMs }) => tookMs)) };
}

/** No position waits to be planned; answers how long that took. */
async function untilPlanned({ db }: Stack): Promise<number> {
  const began = performance.now();
  for (;;) {
    const waiting = await db.collection('positions').countDocuments({ due: { $gt: 0 } });
    const tookMs = performance.now() - began;
    if (waiting === 0) return tookMs;
    if (tookMs > QUIET_WITHIN_MS) throw new Error(`${waiting} positions wait to be planned`);
    await delay(20);
  }
}

/** @throws when the positions do not hold exactly what was claimed, or quotas lost or won a unit. */
async function assertKept({ db }: Stack, { filled, claims }: { filled: number; claims: number }): Promise<number> {
  const positions = db.collection<{ committed: number; quotas: { remaining: number }[] }>('positions').find();
  let [committed, drawn] = [0, 0];
  for await (const position of positions) {
    committed += position.committed;
    drawn += sumOf(position.quotas.map(({ remaining }) => QUANTITY - remaining));
  }
  if (committed !== filled + claims) throw new Error(`${filled + claims} were claimed, ${committed} are committed`);
  if (drawn !== claims) throw new Error(`${claims} were claimed from quotas, ${drawn} are gone from them`);
  return db.collection('moves').estimatedDocumentCount();
}
