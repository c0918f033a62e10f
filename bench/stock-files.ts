import { bulkSwapRate } from './ceilings';
import { limitFigure, medianOf, rateFigure, type Found } from './figures';
import { onStack } from './stack';

const SKUS = 50_000;
const ROWS = 20_000;
const ROUNDS = 3;
const ROUND_MS = 2000;
const SELLER = 'seller-1';
const HEAP_MB = 50;
const skuOf = (_: unknown, index: number): string => `SKU-${String(index + 1).padStart(4, '0')}`;

/** `stock.imported`: rows of a file until all are counted; `stock.exported`: what 50,000 skus take of the heap. */
export function benchStockFiles(): Promise<readonly Found[]> {
  const world = { sellers: 1, shopsPerSeller: 0, skusPerSeller: SKUS, units: 0 };
  return onStack({ name: 'stock-files', roles: 'api,worker', world }, async ({ hub, db }) => {
    const skus = Array.from({ length: ROWS }, skuOf);
    const about = { seller: SELLER, skus, format: 'xlsx' } as const;
    const first = await hub.ask('importStock', { ...about, onHand: 1 });
    const [imported, swaps] = [[] as (typeof first)[], [] as number[]];
    for (let round = 0; round < ROUNDS; round += 1) {
      imported.push(await hub.ask('importStock', { ...about, onHand: 100 + round }));
      swaps.push(await bulkSwapRate(db, { from: 'positions', count: 1000 }, ROUND_MS));
    }
    const wrong = await db.collection('positions').countDocuments({ onHand: { $ne: 99 + ROUNDS } });
    if (wrong > 0) throw new Error(`${wrong} counts are not those of the last file`);
    const value = medianOf(imported.map(({ rows, tookMs }) => (rows * 1000) / tookMs));
    const accepted = medianOf(imported.map(({ acceptedMs }) => acceptedMs));
    const against = { name: 'bulkWrite of 64 swaps, 4 at a time', value: medianOf(swaps), bar: null };
    const exported = await hub.ask('exportStock', { seller: SELLER, format: 'xlsx' });
    return [
      {
        figure: rateFigure('stock.imported', { value, unit: 'rows/s' }, against),
        notes: [
          `${ROWS} rows of XLSX from the call to the last count, planning included; median of ${ROUNDS} rounds, interleaved`,
          `read, checked and kept, and the call answered, after ${accepted.toFixed(0)} ms; first counts: ${rateOf(first)} rows/s`,
        ],
      },
      {
        figure: limitFigure('stock.exported', { value: exported.heapMb, unit: 'MB' }, { bar: HEAP_MB }),
        notes: [
          `the most the heap held while ${SKUS} skus were written as XLSX (${(exported.bytes / 1_048_576).toFixed(1)} MB) in ${exported.tookMs.toFixed(0)} ms`,
        ],
      },
    ];
  });
}

const rateOf = ({ rows, tookMs }: { readonly rows: number; readonly tookMs: number }): string =>
  ((rows * 1000) / tookMs).toFixed(0);
