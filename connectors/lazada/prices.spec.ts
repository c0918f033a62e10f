import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import type { ListingId } from '../../src/domain';
import { ChannelError, type ListingRef, type Prices, type PriceWrite, type ShopAccess } from '../kit';
import { jsonAnswer, scriptedCall } from '../kit/scripted-call';
import { pushPrices, readPrices } from './prices';

const SHOP: ShopAccess = {
  channelShopId: '1234567',
  region: 'id',
  currency: 'IDR',
  appKey: '123456',
  appSecret: 'test-secret',
  accessToken: 'test-token',
  settings: {},
};
const fixture = (name: string): string => readFileSync(join(__dirname, 'fixtures', name), 'utf8');
const ref = (sellerSku: string, skuId: string): ListingRef => ({
  listing: sellerSku as ListingId,
  channelIds: { itemId: '5758254690', skuId, sellerSku },
});
const ONE = ref('1pc', '11212296431');
const TWO = ref('2pc', '11212296432');
const SALE: Prices = {
  price: 850_000,
  sale: { price: 650_000, startsAt: Date.UTC(2026, 10, 10, 17), endsAt: Date.UTC(2026, 10, 12, 17) },
};

async function push(body: string, writes: readonly PriceWrite[], shop: Partial<ShopAccess> = {}) {
  const { call, asked } = scriptedCall({ ...SHOP, ...shop }, () => ({ status: 200, headers: {}, body }));
  const results = await pushPrices(call, writes);
  return { results, asked, payload: new URLSearchParams(asked[0]?.body).get('payload') };
}

const read = (body: string, listings: readonly ListingRef[], shop: Partial<ShopAccess> = {}) =>
  readPrices(scriptedCall({ ...SHOP, ...shop }, () => ({ status: 200, headers: {}, body })).call, listings);

describe('pushPrices', () => {
  it('sends a price and its sale with days of the country, and no quantity', async () => {
    const { asked, payload, results } = await push('{"code":"0"}', [{ ...ONE, prices: SALE }]);
    expect(asked[0]?.url).toBe('https://api.lazada.co.id/rest/product/price_quantity/update');
    expect(asked[0]).toMatchObject({ method: 'POST', effect: 'write' });
    expect(payload).toBe(
      '<Request><Product><Skus><Sku><ItemId>5758254690</ItemId><SkuId>11212296431</SkuId><SellerSku>1pc</SellerSku>' +
        '<Price>8500.00</Price><SalePrice>6500.00</SalePrice>' +
        '<SaleStartDate>2026-11-11</SaleStartDate><SaleEndDate>2026-11-12</SaleEndDate></Sku></Skus></Product></Request>',
    );
    expect(results).toEqual([{ listing: '1pc', kind: 'done' }]);
  });

  it('takes a sale away as the setting says', async () => {
    const write = { ...ONE, prices: { price: 850_000 } };
    expect((await push('{"code":"0"}', [write])).payload).toContain(
      '<Price>8500.00</Price><SalePrice>0.00</SalePrice></Sku>',
    );
    expect((await push('{"code":"0"}', [write], { settings: { saleRemovedBy: 'empty' } })).payload).toContain(
      '<Price>8500.00</Price><SalePrice></SalePrice><SaleStartDate></SaleStartDate><SaleEndDate></SaleEndDate></Sku>',
    );
  });

  it('writes whole dong, and the JSON of the same tree by the setting', async () => {
    const shop = { region: 'vn', currency: 'VND', settings: { stockPayload: 'json' } };
    const { payload } = await push('{"code":"0"}', [{ ...ONE, prices: { price: 12_000 } }], shop);
    expect(JSON.parse(payload!)).toMatchObject({
      Request: { Product: { Skus: { Sku: [{ SkuId: '11212296431', Price: '12000', SalePrice: '0' }] } } },
    });
  });

  it('reads refusals line by line', async () => {
    const writes = [
      { ...ONE, prices: SALE },
      { ...TWO, prices: SALE },
    ];
    const of = async (answer: object) =>
      (await push(JSON.stringify(answer), writes)).results.map((result) =>
        result.kind === 'done' ? 'done' : `${result.code} ${result.reading}`,
      );
    const rate = { seller_sku: '2pc', code: '4119', message: 'BIZ_CHECK_SPECIAL_PRICE_RATE_OUT_OF_RANGE' };
    expect(await of({ code: '0', detail: [rate] })).toEqual(['done', '4119 listing']);
    const locked = { seller_sku: '2pc', message: 'THD_IC_ERR_F_IC_ABILITY_PG_004' };
    expect(await of({ code: '501', detail: [locked] })).toEqual(['501 retry', '501 floor']);
    // A dropshipping warehouse: this call is not for such sellers. [L12 obs]
    expect(await of({ code: '501', message: 'SELLER_NOT_PERMITTED' })).toEqual(['501 authorize', '501 authorize']);
  });

  it('makes no call for no lines, for too many, and for a region without a clock', async () => {
    expect((await push('{"code":"0"}', [])).asked).toEqual([]);
    const many = Array.from({ length: 21 }, () => ({ ...ONE, prices: SALE }));
    await expect(push('{"code":"0"}', many)).rejects.toMatchObject({ failure: { reason: 'too-many-lines' } });
    await expect(push('{"code":"0"}', [{ ...ONE, prices: SALE }], { region: 'xx' })).rejects.toThrow(ChannelError);
  });
});

describe('readPrices', () => {
  it('reads a sale with its instants, and none where its price is 0', async () => {
    await expect(read(fixture('product-item-get-sale.json'), [ONE, TWO, ref('3pc', '9')])).resolves.toEqual([
      {
        listing: '1pc',
        prices: {
          price: 850_000,
          sale: { price: 650_000, startsAt: Date.UTC(2022, 6, 11, 10, 43), endsAt: Date.UTC(2122, 6, 11, 10, 43) },
        },
      },
      { listing: '2pc', prices: { price: 10_200 } },
      { listing: '3pc', prices: undefined },
    ]);
  });

  it('reads back what was written', async () => {
    const answer = {
      code: '0',
      data: {
        skus: [
          {
            SkuId: '11212296431',
            price: '8500.00',
            special_price: '6500.00',
            special_from_time: '2026-11-11 00:00',
            special_to_time: '2026-11-12 00:00',
          },
        ],
      },
    };
    const { call } = scriptedCall(SHOP, () => jsonAnswer(answer));
    await expect(readPrices(call, [ONE])).resolves.toEqual([{ listing: '1pc', prices: SALE }]);
  });

  it('calls malformed a price or a sale that cannot be read', async () => {
    const faulty = [
      {},
      { price: null },
      { price: 'x' },
      { price: -1 },
      { price: '8500.00', special_price: '1', special_from_date: 'soon' },
    ];
    for (const sku of faulty) {
      const body = JSON.stringify({ code: '0', data: { skus: [{ SkuId: '11212296431', ...sku }] } });
      await expect(read(body, [ONE])).rejects.toMatchObject({ failure: { kind: 'malformed' } });
    }
  });

  it('gives prices or a ChannelError for any SKU', async () => {
    const price = fc.oneof(fc.jsonValue(), fc.double(), fc.constant('1.50'));
    const sku = fc.record({ price, special_price: price, special_from_time: fc.jsonValue(), special_to_date: price });
    await fc.assert(
      fc.asyncProperty(sku, async (fields) => {
        const body = JSON.stringify({ code: '0', data: { skus: [{ SkuId: '11212296431', ...fields }] } });
        const readings = await read(body, [ONE]).catch((error: unknown) => error);
        if (readings instanceof ChannelError) return;
        const { prices } = (readings as Awaited<ReturnType<typeof read>>)[0]!;
        expect(Number.isSafeInteger(prices?.price)).toBe(true);
      }),
    );
  });
});
