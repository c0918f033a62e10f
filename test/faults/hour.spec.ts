import { Day } from '../support/stack/day';

const ORDERS = 500;
const AGREED_MS = 60_000;

describe('an hour of trade at marketplaces that lose, double and shuffle news and fail calls', () => {
  it('leaves hub and marketplaces with the same orders, money and numbers', async () => {
    const seed = Number(process.env['DAY_SEED'] ?? Date.now() % 1_000_000);
    const day = await Day.begin({ factor: 150, hours: 1, orders: ORDERS, seed });
    try {
      await day.trade();
      expect({ seed, differences: await day.differences(AGREED_MS) }).toEqual({ seed, differences: [] });
      expect(await day.trial.ordered()).toBeGreaterThanOrEqual(ORDERS);
    } finally {
      await day.end();
    }
  });
});
