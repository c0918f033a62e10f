import type { ExposurePolicy } from '../../src/domain';
import {
  CautiousSale,
  makeLate,
  openSalePlace,
  summarise,
  type SaleOutcome,
  type SalePlace,
} from '../support/stack/cautious-sale';

const RUNS = 20;
const UNITS = 2000;
const LATE_MS = 5000;
const BOUND = 100;
const POLICIES: readonly ExposurePolicy[] = [
  { policy: 'strict' },
  { policy: 'bounded', units: BOUND },
  { policy: 'open' },
];

describe('two thousand units at three marketplaces whose news and answers are five seconds late', () => {
  let place: SalePlace;

  beforeAll(async () => {
    place = await openSalePlace();
  });
  afterAll(() => place.close());

  it('are never sold twice under strict, whatever buyers do', async () => {
    const first = Number(process.env['SALE_SEED'] ?? Date.now() % 1_000_000);
    const sales: CautiousSale[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      const plan = { policies: POLICIES, units: UNITS, seed: first + run };
      const pace = { everyMs: 700, mostUnits: 24, withinMs: 480_000, quietMs: 30_000 };
      sales.push(await CautiousSale.open(place, { ...plan, ...pace }));
    }
    await makeLate(place.stack.sandbox, LATE_MS);
    const outcomes = (await Promise.all(sales.map((sale) => sale.run()))).flat();
    const of = (policy: string): readonly SaleOutcome[] => outcomes.filter((each) => each.policy === policy);
    const sums = POLICIES.map(({ policy }) => ({ policy, ...summarise(of(policy)) }));
    console.info(`strict, bounded 100, open; seeds ${first} to ${first + RUNS - 1}\n${JSON.stringify(sums, null, 2)}`);
    expect(of('strict').map(({ seed, oversold }) => ({ seed, oversold }))).toEqual(
      Array.from({ length: RUNS }, (_, run) => ({ seed: first + run, oversold: 0 })),
    );
    expect(summarise(of('bounded'))['oversoldMost']).toBeLessThanOrEqual(BOUND);
    expect(Math.min(...of('strict').map(({ sold }) => sold))).toBeGreaterThan(UNITS * 0.95);
    expect(summarise(of('open'))['oversoldRuns']).toBeGreaterThan(RUNS / 2);
  });
});
