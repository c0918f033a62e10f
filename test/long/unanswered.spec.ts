import { Shelf } from '../support/stack/goods';
import { Api } from '../support/stack/http';
import { Market } from '../support/stack/market';
import { makeSeller } from '../support/stack/seller';
import { Stack } from '../support/stack/stack';
import { until } from '../support/until';

const all = (units: number) => ({ lazada: units, shopee: units, zalora: units });
/** A call that nobody answered is read back after this long. */
const UNANSWERED_MS = 31_000;

describe('a marketplace', () => {
  let stack: Stack;
  let market: Market;
  const sku = 'U-1';

  beforeAll(async () => {
    stack = await Stack.start();
    const seller = await makeSeller(stack, { id: 'unanswered' });
    market = new Market(stack.sandbox, seller);
    const hub = new Api(stack.places.hubUrl).withKey(seller.key);
    await new Shelf({ hub, sandbox: stack.sandbox }, seller).stock([{ sku, onHand: 40 }]);
    await until('every shop has said yes to its first number', async () => {
      const { published } = await hub.must('GET', `/v1/stock/${sku}`);
      const said = (published as { acknowledged?: number }[]).filter(({ acknowledged }) => acknowledged === 40);
      return said.length === 3;
    });
  });
  afterAll(() => stack.stop());

  it('that takes a write and never answers is read back, and then shows the present number', async () => {
    await market.faults('lazada', { unansweredRate: 1 });
    const after = await market.lastCall();
    await market.order('shopee', [{ sku, units: 1 }]);
    await market.untilShown(sku, all(39));
    await market.heal();
    await market.order('zalora', [{ sku, units: 1 }]);
    await market.untilShown(sku, { shopee: 38, zalora: 38 }, 1000);
    await market.untilShown(sku, all(38), UNANSWERED_MS + 10_000);
    expect(await market.writes('lazada', sku, after)).toEqual([39, 38]);
    const calls = await market.calls(after, '&channel=lazada');
    const firstWrite = calls.findIndex(({ writes }) => writes?.some((write) => write.sku === sku));
    const nextWrite = calls.findIndex(
      ({ writes }, at) => at > firstWrite && writes?.some((write) => write.sku === sku),
    );
    const between = calls.slice(firstWrite + 1, nextWrite);
    expect(between.some(({ path }) => path.includes('/product'))).toBe(true);
  });
});
