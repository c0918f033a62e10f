import type { ListingId } from '../../src/domain';
import type { ListingRef } from '../kit';
import { jsonAnswer, scriptedCall } from '../kit/scripted-call';
import { aShop } from './a-shop';
import stock from './fixtures/stock.json';
import { readStock } from './read-stock';

const listing = (name: string, productId: string): ListingRef => ({
  listing: name as ListingId,
  channelIds: { productId, sellerSku: name },
});

describe('readStock', () => {
  it('reads what is available, once per product; none of a product that is not there', async () => {
    const { call, asked } = scriptedCall(aShop(), ({ url }) =>
      url.endsWith('/55501') ? jsonAnswer(stock) : jsonAnswer({}, 404),
    );
    const listings = [listing('a', '55501'), listing('b', '55501'), listing('c', '9'), listing('d', '../x')];
    expect(await readStock(call, listings)).toEqual([
      { listing: 'a', sellable: 40 },
      { listing: 'b', sellable: 40 },
      { listing: 'c', sellable: undefined },
      { listing: 'd', sellable: undefined },
    ]);
    expect(asked.map(({ url }) => new URL(url).pathname)).toEqual(['/v2/stock/product/55501', '/v2/stock/product/9']);
  });

  it('shows no less than nothing', async () => {
    const { call } = scriptedCall(aShop(), () => jsonAnswer({ ...stock, available: -3 }));
    expect(await readStock(call, [listing('a', '1')])).toEqual([{ listing: 'a', sellable: 0 }]);
  });

  it.each([
    [401, {}, 'unauthorized'],
    [200, { available: 'many' }, 'malformed'],
    [200, [], 'malformed'],
  ])('throws for %i %j', async (status, body, kind) => {
    const { call } = scriptedCall(aShop(), () => jsonAnswer(body, status));
    await expect(readStock(call, [listing('a', '1')])).rejects.toMatchObject({ failure: { kind } });
  });
});
