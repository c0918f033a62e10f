import type { Db, Filter } from 'mongodb';
import { limitFigure, spreadOf, type Found } from './figures';
import { onStack } from './stack';

const MOVES = 100_000;
/** Claims that are asked for at a time: as many as one swap takes. */
const PER_FILL = 64;
const ASKS = 100;
const BAR_MS = 100;
const SELLER = 'seller-1';
const SKU = 'SKU-0001';
/** As many moves as are read to know a state of the past. */
const PER_READ = 320;

/** `why.past`: why a sku showed its numbers at instants spread over 100,000 moves, beside the engine's own reads. */
export function benchWhy(): Promise<readonly Found[]> {
  const world = { sellers: 1, shopsPerSeller: 3, skusPerSeller: 1, units: 10_000_000 };
  return onStack({ name: 'why', roles: 'api', world }, async ({ hub, db }) => {
    const fills = Math.ceil(MOVES / PER_FILL);
    for (let fill = 0; fill < fills; fill += 1) await hub.ask('fill', { seller: SELLER, skus: [SKU] });
    const kept = await db.collection('moves').countDocuments({ seller: SELLER, sku: SKU });
    const balances = await db.collection('balances').countDocuments({ seller: SELLER, sku: SKU });
    const [first, last] = await Promise.all([instantOf(db, 1), instantOf(db, -1)]);
    const ats = Array.from({ length: ASKS }, (_, at) => Math.round(first + ((last - first) * at) / ASKS));
    await hub.ask('why', { seller: SELLER, sku: SKU, ats: ats.slice(0, 10) });
    const found = await hub.ask('why', { seller: SELLER, sku: SKU, ats });
    const against = { name: `find of ${PER_READ} moves`, value: await readMs(db) };
    const limit = { bar: BAR_MS, against, ok: found.p95 < BAR_MS };
    return [
      {
        figure: limitFigure('why.past', { value: found.p50, unit: 'ms', spread: found }, limit),
        notes: [
          `${kept} moves in the archive, ${balances} balances; ${ASKS} instants from the first to the last, one after the other`,
          'the bar is for p95: state, rules, three listings and the last 20 moves, as the API answers them',
        ],
      },
    ];
  });
}

async function instantOf(db: Db, order: 1 | -1): Promise<number> {
  const [move] = await db.collection('moves').find({ seller: SELLER, sku: SKU }).sort({ v: order }).limit(1).toArray();
  return Number(move?.['at']);
}

/** How long the driver alone takes for what is read of moves, at the median. */
async function readMs(db: Db): Promise<number> {
  const latencies: number[] = [];
  for (let round = 0; round < ASKS; round += 1) {
    const filter: Filter<Record<string, unknown>> = { seller: SELLER, sku: SKU, v: { $gt: round * 10 } };
    const began = performance.now();
    await db.collection('moves').find(filter).sort({ v: 1 }).limit(PER_READ).toArray();
    latencies.push(performance.now() - began);
  }
  return spreadOf(latencies).p50;
}
