import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ListingId } from '../../src/domain';
import type { CallContext, ListingRef, ShopAccess } from '../kit';
import { aShop } from './a-shop';
import { readStock } from './stock';

const SHOP = aShop();
const fixture = (name: string): string => readFileSync(join(__dirname, 'fixtures', name), 'utf8');

function channel(answer: (path: string, params: URLSearchParams) => string) {
  const asked: string[] = [];
  const http: CallContext['http'] = ({ url, effect }) => {
    const { pathname, searchParams } = new URL(url);
    asked.push(`${effect} ${pathname} ${searchParams.get('item_id') ?? searchParams.get('sku_seller_list') ?? ''}`);
    return Promise.resolve({ status: 200, headers: {}, body: answer(pathname, searchParams) });
  };
  const call = (settings: ShopAccess['settings'] = {}): CallContext => ({
    http,
    shop: { ...SHOP, settings },
    now: () => 1700000000000,
  });
  return { call, asked };
}

const ref = (listing: string, itemId: string, skuId: string): ListingRef => ({
  listing: listing as ListingId,
  channelIds: { itemId, skuId, sellerSku: listing },
});
const CUP = ref('CUP-RED', '700000001', '710000001');
const BLUE = ref('CUP-BLUE', '700000001', '710000003');
const PLATE = ref('PLATE', '700000002', '710000002');

describe('readStock', () => {
  it('reads one item and sums what is sellable in the seller warehouses', async () => {
    const { call, asked } = channel(() => fixture('product-item-get.json'));
    await expect(readStock(call(), [CUP, BLUE])).resolves.toEqual([
      { listing: 'CUP-RED', sellable: 9 },
      { listing: 'CUP-BLUE', sellable: 1_370_000_000_000 },
    ]);
    expect(asked).toEqual(['read /rest/product/item/get 700000001']);
  });

  it('reads several items by their seller skus, and one by one what that list does not show', async () => {
    const { call, asked } = channel((path) =>
      fixture(path.endsWith('/products/get') ? 'products-get.json' : 'product-item-get.json'),
    );
    await expect(readStock(call(), [PLATE, CUP])).resolves.toEqual([
      { listing: 'PLATE', sellable: 3 },
      { listing: 'CUP-RED', sellable: 9 },
    ]);
    expect(asked).toEqual(['read /rest/products/get ["PLATE","CUP-RED"]', 'read /rest/product/item/get 700000001']);
  });

  it('says undefined for a listing that Lazada does not know', async () => {
    const gone = channel(() => '{"code":"4137","type":"ISV","message":"ITEM_NOT_FOUND"}');
    await expect(readStock(gone.call(), [CUP])).resolves.toEqual([{ listing: 'CUP-RED', sellable: undefined }]);
    const named = channel(() => '{"code":"E0501","message":"ITEM_NOT_FOUND"}');
    await expect(readStock(named.call(), [CUP])).resolves.toEqual([{ listing: 'CUP-RED', sellable: undefined }]);
    const other = channel(() => fixture('product-item-get.json'));
    const [reading] = await readStock(other.call(), [ref('X', '700000001', '5')]);
    expect(reading).toEqual({ listing: 'X', sellable: undefined });
    await expect(readStock(other.call(), [])).resolves.toEqual([]);
  });

  it('throws what is about the call, and an answer without skus or numbers', async () => {
    const intermittent = channel(() => '{"code":"506","message":"Get product failed"}');
    await expect(readStock(intermittent.call(), [CUP])).rejects.toMatchObject({
      failure: { kind: 'unavailable', unanswered: false },
    });
    for (const data of [null, {}, { skus: {} }, { skus: [{ SkuId: '710000001' }] }]) {
      const odd = channel(() => JSON.stringify({ code: '0', data }));
      await expect(readStock(odd.call(), [CUP])).rejects.toMatchObject({ failure: { kind: 'malformed' } });
    }
  });

  it('is not stopped by SKUs of the same item that cannot be read', async () => {
    const { call } = channel(
      () => '{"code":"0","data":{"skus":[7,{"SkuId":"x"},{"sku_id":"710000001","quantity":"4"}]}}',
    );
    await expect(readStock(call(), [CUP])).resolves.toEqual([{ listing: 'CUP-RED', sellable: 4 }]);
  });

  it('leaves out a listing whose line is faulty beside others that are not', async () => {
    const { call } = channel(
      () => '{"code":"0","data":{"skus":[{"SkuId":"710000001"},{"SkuId":"710000003","quantity":4}]}}',
    );
    await expect(readStock(call(), [CUP, BLUE])).resolves.toEqual([{ listing: 'CUP-BLUE', sellable: 4 }]);
  });

  it('reads what a campaign locks of it', async () => {
    const { call } = channel(
      () =>
        '{"code":"0","data":{"skus":[{"SkuId":"710000001","quantity":9,"channelInventories":[{"CampaignName":"9.9","quantity":6}]}]}}',
    );
    await expect(readStock(call(), [CUP])).resolves.toEqual([{ listing: 'CUP-RED', sellable: 9, lock: { units: 6 } }]);
  });

  it('never says less than nothing', async () => {
    const { call } = channel(() => '{"code":"0","data":{"skus":[{"SkuId":710000001,"quantity":-3}]}}');
    await expect(readStock(call(), [CUP])).resolves.toEqual([{ listing: 'CUP-RED', sellable: 0 }]);
  });

  it('takes the top-level quantity as sellable, or by the setting not', async () => {
    const { call } = channel(() => '{"code":"0","data":{"skus":[{"SkuId":710000001,"quantity":8,"Available":5}]}}');
    await expect(readStock(call(), [CUP])).resolves.toMatchObject([{ sellable: 8 }]);
    await expect(readStock(call({ quantityMeans: 'total' }), [CUP])).resolves.toMatchObject([{ sellable: 5 }]);
  });
});

describe('sellable units', () => {
  const of = async (sku: object, settings: ShopAccess['settings'] = {}): Promise<number | undefined> => {
    const { call } = channel(() => JSON.stringify({ code: '0', data: { skus: [{ SkuId: '710000001', ...sku }] } }));
    return (await readStock(call(settings), [CUP]))[0]?.sellable;
  };

  it('come from the warehouses before the top-level number', async () => {
    const multiWarehouseInventories = [
      { sellableQuantity: 2 },
      { totalQuantity: '9', occupyQuantity: 3, withholdQuantity: 1 },
    ];
    await expect(of({ quantity: 99, multiWarehouseInventories }, { quantityMeans: 'total' })).resolves.toBe(7);
  });

  it('come from the top-level number where one warehouse does not say', async () => {
    const multiWarehouseInventories = [{ sellableQuantity: 2 }, { totalQuantity: 9 }];
    await expect(of({ quantity: 11, multiWarehouseInventories })).resolves.toBe(11);
    await expect(of({ quantity: 11, multiWarehouseInventories }, { quantityMeans: 'total' })).rejects.toMatchObject({
      failure: { kind: 'malformed' },
    });
    await expect(of({ Available: 6 })).resolves.toBe(6);
  });
});
