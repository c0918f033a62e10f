import { Day } from '../support/stack/day';

const ORDERS = 10_000;
const FACTOR = 144;
const AGREED_MS = 180_000;

describe('a day of trade at marketplaces that lose, double and shuffle news, fail calls and let tokens end', () => {
  it('leaves hub and marketplaces with the same orders, money and numbers', async () => {
    const seed = Number(process.env['DAY_SEED'] ?? Date.now() % 1_000_000);
    const day = await Day.begin({ factor: FACTOR, hours: 24, orders: ORDERS, seed });
    try {
      const began = performance.now();
      await day.trade();
      const traded = Math.round((performance.now() - began) / 1000);
      expect({ seed, differences: await day.differences(AGREED_MS) }).toEqual({ seed, differences: [] });
      const agreed = Math.round((performance.now() - began) / 1000) - traded;
      const ordered = await day.trial.ordered();
      console.info(`day: ${ordered} orders in ${traded} s, agreed after ${agreed} s more; seed ${seed}`);
      expect(ordered).toBeGreaterThanOrEqual(ORDERS);
    } finally {
      await day.end();
    }
  });
});
