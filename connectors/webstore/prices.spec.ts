import type { ListingId } from '../../src/domain';
import { jsonAnswer, scriptedCall } from '../kit/scripted-call';
import { aShop } from './a-shop';
import prices from './fixtures/prices.json';
import { pushPrices, readPrices } from './prices';

const ref = (sku: string) => ({ listing: `l-${sku}` as ListingId, channelIds: { sku } });
const SALE = { startsAt: Date.parse('2023-11-24T00:00:00Z'), endsAt: Date.parse('2023-11-25T00:00:00Z') };

describe('prices', () => {
  it('are written whole: a sale that is left out goes away', async () => {
    const { call, asked } = scriptedCall(aShop(), () => jsonAnswer({ results: [{ sku: 'TEA-GREEN', done: true }] }));
    const written = await pushPrices(call, [
      { ...ref('TEA-GREEN'), prices: { price: 890, sale: { price: 700, ...SALE } } },
      { ...ref('MUG-BLUE'), prices: { price: 1490 } },
    ]);
    expect(written).toMatchObject([{ kind: 'done' }, { kind: 'refused', reading: 'retry' }]);
    expect(JSON.parse(asked[0]?.body ?? '')).toEqual({ currency: 'SGD', lines: prices.items });
  });

  it('are read back as they were written', async () => {
    const { call } = scriptedCall(aShop(), () => jsonAnswer(prices));
    expect(await readPrices(call, [ref('TEA-GREEN'), ref('MUG-BLUE'), ref('NO-SUCH')])).toEqual([
      { listing: 'l-TEA-GREEN', prices: { price: 890, sale: { price: 700, ...SALE } } },
      { listing: 'l-MUG-BLUE', prices: { price: 1490 } },
      { listing: 'l-NO-SUCH', prices: undefined },
    ]);
  });

  it("are in the shop's currency, with no more digits than it has", async () => {
    const { call } = scriptedCall(aShop({ currency: 'MYR' }), () => jsonAnswer(prices));
    await expect(readPrices(call, [ref('A')])).rejects.toMatchObject({ failure: { kind: 'malformed' } });
    const fine = scriptedCall(aShop(), () =>
      jsonAnswer({ currency: 'SGD', items: [{ sku: 'A', price: '1.234', sale: null }] }),
    );
    await expect(readPrices(fine.call, [ref('A')])).rejects.toMatchObject({ failure: { kind: 'malformed' } });
  });
});
