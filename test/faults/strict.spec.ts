import { CautiousSale, makeLate, openSalePlace, type SalePlace } from '../support/stack/cautious-sale';

const LATE_MS = 2000;

describe('a strict sku at marketplaces whose news and answers are late', () => {
  let place: SalePlace;

  beforeAll(async () => {
    place = await openSalePlace();
  });
  afterAll(() => place.close());

  it('is never sold twice, and the same buyers oversell an open one', async () => {
    const seed = Number(process.env['SALE_SEED'] ?? Date.now() % 1_000_000);
    const pace = { everyMs: 60, mostUnits: 12, withinMs: 40_000, quietMs: 6000 };
    const plan = { policies: [{ policy: 'strict' }, { policy: 'open' }] as const, units: 600, seed, ...pace };
    const sale = await CautiousSale.open(place, plan);
    await makeLate(place.stack.sandbox, LATE_MS);
    const [strict, open] = await sale.run();
    console.info(JSON.stringify({ strict, open }));
    expect(strict).toMatchObject({ seed, oversold: 0 });
    expect(strict?.sold).toBeGreaterThan(300);
    expect(open?.oversold).toBeGreaterThan(0);
  });
});
