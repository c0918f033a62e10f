import * as fc from 'fast-check';
import type { ListingId } from '../../src/domain';
import type { ListingRef, Prices, PriceWrite, ShopAccess } from '../kit';
import { jsonAnswer, scriptedCall } from '../kit/scripted-call';
import { aShop } from './a-shop';
import prices from './fixtures/prices.json';
import products from './fixtures/products.json';
import blocked from './fixtures/sale-price-blocked-422.json';
import { pushPrices, readPrices } from './prices';

const SALE = {
  price: 7990,
  startsAt: Date.parse('2023-11-24T16:00:00Z'),
  endsAt: Date.parse('2023-11-24T16:00:00Z') + 1,
};
const write = (written: Prices, productId = '55501'): PriceWrite => ({
  listing: 'L1' as ListingId,
  channelIds: { productId, sellerSku: 'JACKET-BLUE-M' },
  prices: written,
});

interface Answered {
  readonly answer?: unknown;
  readonly status?: number;
  readonly shop?: Partial<ShopAccess>;
}

async function push(written: Prices, { answer = {}, status = 200, shop = {} }: Answered = {}) {
  const { call, asked } = scriptedCall(aShop(shop), () => jsonAnswer(answer, status));
  const results = await pushPrices(call, [write(written)]);
  return { results, asked, body: JSON.parse(asked[0]?.body ?? 'null') as unknown };
}

describe('pushPrices', () => {
  it('writes every field of a sale, because what is left out is wiped', async () => {
    const { results, asked, body } = await push({ price: 9990, sale: SALE });
    expect(asked).toMatchObject([{ method: 'PUT', effect: 'write' }]);
    expect(new URL(asked[0]?.url ?? '').pathname).toBe('/v2/product/55501/prices/MY');
    expect(body).toEqual({
      price: 99.9,
      salePrice: 79.9,
      saleStartDate: '2023-11-24T16:00:00.000Z',
      saleEndDate: '2023-11-24T16:00:00.001Z',
      status: 'active',
    });
    expect(results).toEqual([{ listing: 'L1', kind: 'done' }]);
  });

  it('writes nulls for a sale that there is none of', async () => {
    const { body } = await push({ price: 9990 });
    expect(body).toEqual({ price: 99.9, salePrice: null, saleStartDate: null, saleEndDate: null, status: 'active' });
  });

  it('leaves the status out where the shop says that it is kept then', async () => {
    const { body } = await push({ price: 9990 }, { shop: { settings: { priceStatus: 'kept' } } });
    expect(body).toEqual({ price: 99.9, salePrice: null, saleStartDate: null, saleEndDate: null });
  });

  it("writes in the currency's own digits, to the country of the shop", async () => {
    const { body, asked } = await push({ price: 129_000 }, { shop: { region: 'tw', currency: 'TWD' } });
    expect(new URL(asked[0]?.url ?? '').pathname).toBe('/v2/product/55501/prices/TW');
    expect(body).toMatchObject({ price: 1290 });
  });

  it.each([
    [422, blocked, 'sale-price-block-period'],
    [422, { title: 'Unprocessable Entity', detail: 'salePrice must be lower' }, '422'],
    [403, {}, '403'],
    [404, {}, '404'],
    [400, {}, '400'],
  ])('takes a %i %j for the fault of its listing', async (status, answer, code) => {
    expect((await push({ price: 9990 }, { answer, status })).results).toMatchObject([
      { kind: 'refused', code, reading: 'listing' },
    ]);
  });

  it('does not send what is no product id, or in a currency that is not known', async () => {
    const { call, asked } = scriptedCall(aShop({ currency: 'XXX' }), () => jsonAnswer({}));
    expect(await pushPrices(call, [write({ price: 1 }, '../x'), write({ price: 1 })])).toMatchObject([
      { code: 'bad-id' },
      { code: 'currency' },
    ]);
    expect(asked).toHaveLength(0);
  });

  it.each([
    [401, 'unauthorized'],
    [429, 'throttled'],
    [503, 'unavailable'],
    [302, 'malformed'],
  ])('throws for %i', async (status, kind) => {
    await expect(push({ price: 1 }, { status })).rejects.toMatchObject({ failure: { kind } });
  });
});

const listing = (name: string, productId: string, sellerSku = name): ListingRef => ({
  listing: name as ListingId,
  channelIds: { productId, sellerSku },
});

async function read(listings: readonly ListingRef[], rows: unknown = prices, found: unknown = { items: products }) {
  const { call, asked } = scriptedCall(aShop(), ({ url }) => jsonAnswer(url.includes('/seller-skus?') ? found : rows));
  return { readings: await readPrices(call, listings), asked };
}

describe('readPrices', () => {
  it('finds the product sets by seller sku, and reads the prices of the shop’s country', async () => {
    const { readings, asked } = await read([
      listing('a', '55501', 'JACKET-BLUE-M'),
      listing('b', '55502', 'JACKET-BLUE-L'),
      listing('c', '9', 'GONE'),
    ]);
    expect(readings).toEqual([
      {
        listing: 'a',
        prices: {
          price: 9990,
          sale: {
            price: 7990,
            startsAt: Date.parse('2023-11-24T16:00:00Z'),
            endsAt: Date.parse('2023-11-25T16:00:00Z'),
          },
        },
      },
      { listing: 'b', prices: { price: 9990 } },
      { listing: 'c', prices: undefined },
    ]);
    const { pathname, searchParams } = new URL(asked[0]?.url ?? '');
    expect(pathname).toBe('/v2/product/seller-skus');
    expect(searchParams.getAll('sellerSkus[]')).toEqual(['JACKET-BLUE-M', 'JACKET-BLUE-L', 'GONE']);
    expect([searchParams.get('limit'), searchParams.get('offset')]).toEqual(['100', '0']);
    expect(asked.slice(1).map(({ url }) => new URL(url).pathname)).toEqual(['/v2/product-set/7865/prices']);
  });

  it('takes the products it looked up as a page or as a bare list', async () => {
    const { readings } = await read([listing('b', '55502', 'JACKET-BLUE-L')], prices, products);
    expect(readings).toEqual([{ listing: 'b', prices: { price: 9990 } }]);
  });

  it('looks up a hundred seller skus at a time', async () => {
    const many = Array.from({ length: 101 }, (_, at) => listing(`s${at}`, String(at + 1)));
    const { asked } = await read(many, prices, { items: [] });
    expect(asked.map(({ url }) => new URL(url).searchParams.getAll('sellerSkus[]').length)).toEqual([100, 1]);
  });

  it('reads a sale without dates as one that is always on', async () => {
    const rows = [{ ...prices[0], saleStartDate: null, saleEndDate: null }];
    const { readings } = await read([listing('a', '55501', 'JACKET-BLUE-M')], rows);
    expect(readings[0]?.prices?.sale).toEqual({ price: 7990, startsAt: 0, endsAt: 8.64e15 });
  });

  it('knows no price where none is set, in the country', async () => {
    for (const rows of [[{ ...prices[0], price: null }], [prices[1]], []]) {
      const { readings } = await read([listing('a', '55501', 'JACKET-BLUE-M')], rows);
      expect(readings).toEqual([{ listing: 'a', prices: undefined }]);
    }
  });

  it('reads readings, or throws a ChannelError, whatever the answers', async () => {
    const changes = fc.dictionary(fc.constantFrom(...Object.keys(prices[0] ?? {})), fc.jsonValue());
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), changes, async (answer, changed) => {
        const ref = [listing('a', '55501', 'JACKET-BLUE-M')];
        for (const answered of [read(ref, answer), read(ref, [{ ...prices[0], ...changed }]), read(ref, [], answer)]) {
          const readings = await answered.catch((error: unknown) => error);
          if (readings instanceof Error) expect(readings.name).toBe('ChannelError');
          else expect(readings).toMatchObject({ readings: [{ listing: 'a' }] });
        }
      }),
    );
  });
});
