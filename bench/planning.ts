import { bulkSwapRate } from './ceilings';
import { limitFigure, medianOf, spreadOf, type Found } from './figures';
import { onStack } from './stack';

const LISTINGS = 1000;
const SHOPS = 10;
const WARM = 5;
const CHANGES = 40;
const CEILINGS = 3;
const CEILING_MS = 1500;
const SELLER = 'seller-1';
const SKU = 'SKU-0001';
const FIRST = 1000;

/** `planning.listings`: one count of a sku until all its 1,000 listings are planned, beside as many bare swaps. */
export function benchPlanning(): Promise<readonly Found[]> {
  const world = { sellers: 1, shopsPerSeller: SHOPS, skusPerSeller: 1, units: FIRST, listingsPerSku: LISTINGS / SHOPS };
  return onStack({ name: 'planning', roles: 'api', world }, async ({ hub, db }) => {
    const tookMs: number[] = [];
    const swaps: number[] = [];
    for (let change = 1; change <= WARM + CHANGES; change += 1) {
      tookMs.push(await hub.ask('plan', { seller: SELLER, sku: SKU, onHand: FIRST + change }));
    }
    const units = FIRST + WARM + CHANGES;
    const planned = await db.collection('targets').countDocuments({ 'wanted.units': units });
    if (planned !== LISTINGS) throw new Error(`${planned} of ${LISTINGS} listings are planned to show ${units}`);
    for (let round = 0; round < CEILINGS; round += 1) {
      swaps.push(await bulkSwapRate(db, { from: 'targets', count: LISTINGS }, CEILING_MS));
    }
    const spread = spreadOf(tookMs.slice(WARM));
    const against = { name: `${LISTINGS} bare swaps in bulk`, value: (LISTINGS * 1000) / medianOf(swaps) };
    return [
      {
        figure: limitFigure('planning.listings', { value: spread.p50, unit: 'ms', spread }, { bar: null, against }),
        notes: [
          `${CHANGES} changes, each of the number that ${LISTINGS} listings in ${SHOPS} shops show: all read, shared out and swapped`,
        ],
      },
    ];
  });
}
