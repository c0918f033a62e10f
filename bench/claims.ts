import { swapRate } from './ceilings';
import { unlisted, type Claimed } from './claims-in-hub';
import { medianOf, medianSpread, rateFigure, sumOf, type Found } from './figures';
import { onStack, type Stack } from './stack';

const ROUNDS = 4;
const ROUND_MS = 2000;
const RACING = 512;

interface ClaimsBench {
  readonly name: string;
  readonly skus: number;
  readonly bar: number;
}

/** `claims.oneSku`: racing claims on one sku, beside the engine's own swaps of a hot document of that size. */
export const benchOneSku = (): Promise<readonly Found[]> => bench({ name: 'claims.oneSku', skus: 1, bar: 0.4 });

/** `claims.manySkus`: racing claims over 1,000 skus, beside the engine's own swaps of 1,000 such documents. */
export const benchManySkus = (): Promise<readonly Found[]> => bench({ name: 'claims.manySkus', skus: 1000, bar: 0.25 });

function bench({ name, skus: count, bar }: ClaimsBench): Promise<readonly Found[]> {
  const world = { sellers: 1, shopsPerSeller: 1, skusPerSeller: count, units: 10_000_000 };
  return onStack({ name: name.replace('.', '-').toLowerCase(), roles: 'api', world }, async (stack) => {
    const seller = stack.world.shops[0]?.seller ?? '';
    const skus = stack.world.shops[0]?.listings.map(({ sku }) => sku) ?? [];
    const filled = await stack.hub.ask('fill', { seller, skus });
    const offers = skus.map(unlisted);
    const claim = (forMs: number): Promise<Claimed> =>
      stack.hub.ask('claims', { seller, offers, racing: RACING, forMs });
    const all = [await claim(ROUND_MS)];
    const swaps: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      all.push(await claim(ROUND_MS));
      swaps.push(await swapRate(stack.db, count, ROUND_MS));
    }
    const measured = all.slice(1);
    const value = medianOf(measured.map(({ claims, tookMs }) => (claims * 1000) / tookMs));
    const spread = medianSpread(measured.map((round) => round.spread));
    const claims = filled + sumOf(all.map((round) => round.claims));
    await assertCommitted(stack, claims);
    const against = { name: 'findOneAndUpdate, 64 connections', value: medianOf(swaps), bar };
    return [
      {
        figure: rateFigure(name, { value, spread }, against),
        notes: [
          `${RACING} askers race in the hub's process; p50, p95 and p99 in ms; median of ${ROUNDS} rounds, interleaved`,
          `all ${claims} claims are committed, to the unit`,
        ],
      },
    ];
  });
}

/** @throws when the positions do not hold exactly what was claimed. */
async function assertCommitted({ db }: Stack, claims: number): Promise<void> {
  const positions = await db
    .collection('positions')
    .find({}, { projection: { committed: 1 } })
    .toArray();
  const committed = sumOf(positions.map((position) => Number(position['committed'])));
  if (committed !== claims) throw new Error(`${claims} units were claimed, ${committed} are committed`);
}
