import { setTimeout as pause } from 'node:timers/promises';
import { delaysOf, percentile, type Sale } from '../support/stack/latency';
import { Market } from '../support/stack/market';
import { Shelf } from '../support/stack/goods';
import { Api } from '../support/stack/http';
import { makeSeller } from '../support/stack/seller';
import { Stack } from '../support/stack/stack';
import { until } from '../support/until';

const PAIRS = 3;
const SALES = 40;
const EVERY_MS = 150;
/** Ten calls open the breaker, and one tries every ten seconds from then on. */
const CALLS_TO_OPEN = 10;
const TRY_EVERY_MS = 10_000;
/** Calls that were made side by side before the breaker had heard of the first. */
const IN_FLIGHT = 16;
/** The breaker looks back so far: calls that worked a moment ago would let as many more fail. */
const WINDOW_MS = 10_500;

describe('a marketplace that is down', () => {
  let stack: Stack;
  let market: Market;
  let shelf: Shelf;
  let made = 0;

  beforeAll(async () => {
    stack = await Stack.start();
    const seller = await makeSeller(stack, { id: 'down' });
    market = new Market(stack.sandbox, seller);
    shelf = new Shelf({ hub: new Api(stack.places.hubUrl).withKey(seller.key), sandbox: stack.sandbox }, seller);
  });
  afterAll(() => stack.stop());

  async function newSkus(): Promise<readonly string[]> {
    made += 1;
    const skus = Array.from({ length: SALES }, (_, index) => `D-${made}-${index + 1}`);
    await shelf.stock(skus.map((sku) => ({ sku, onHand: 50 })));
    for (const sku of skus) await market.untilShown(sku, { lazada: 50, shopee: 50, zalora: 50 }, 30_000);
    return skus;
  }

  /** Buyers at one marketplace; how long the third, which is up in any case, took to show it. */
  async function run(skus: readonly string[]): Promise<readonly number[]> {
    const after = await market.lastCall();
    const sales: Sale[] = [];
    for (const sku of skus) {
      sales.push({ order: await market.order('lazada', [{ sku, units: 1 }]), sku });
      await pause(EVERY_MS);
    }
    return delaysOf(market, sales, { after, without: ['shopee'] });
  }

  it('slows no other one, is called no more than its breaker allows, and is told one number per listing after', async () => {
    const usual: number[] = [];
    const beside: number[] = [];
    await run(await newSkus());
    for (let pair = 0; pair < PAIRS; pair += 1) {
      usual.push(...(await run(await newSkus())));
      const skus = await newSkus();
      await pause(WINDOW_MS);
      const after = await market.lastCall();
      const downAt = performance.now();
      await market.faults('shopee', { down: true });
      beside.push(...(await run(skus)), ...(await run(skus)));
      const downMs = performance.now() - downAt;
      const dead = (await market.calls(after, '&channel=shopee')).length;
      expect(dead).toBeGreaterThan(0);
      expect(dead).toBeLessThanOrEqual(CALLS_TO_OPEN + IN_FLIGHT + Math.ceil(downMs / TRY_EVERY_MS));
      const back = await market.lastCall();
      await market.heal();
      for (const sku of skus) await market.untilShown(sku, { lazada: 48, shopee: 48, zalora: 48 }, 60_000);
      for (const sku of skus) expect(await market.writes('shopee', sku, back)).toEqual([48]);
      await until('the breaker is closed', async () => (await run(skus.slice(0, 1))).length > 0, 20_000);
    }
    const [plain, loaded] = [percentile(usual, 95), percentile(beside, 95)];
    console.info(`channel down: p95 ${plain} ms usually, ${loaded} ms beside one that is down`);
    expect(loaded).toBeLessThan(1000);
    expect(loaded).toBeLessThanOrEqual(1.5 * plain);
  });
});
