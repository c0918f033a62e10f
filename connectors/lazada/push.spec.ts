import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ListingId } from '../../src/domain';
import type { CallContext, ChannelRequest, ShopAccess, StockWrite } from '../kit';
import { aShop } from './a-shop';
import { pushStock } from './push';

const SHOP = aShop();
const fixture = (name: string): string => readFileSync(join(__dirname, 'fixtures', name), 'utf8');

function write(sellerSku: string, sellable: number, ids: Record<string, string> = {}): StockWrite {
  const channelIds = { itemId: `70${sellerSku.length}`, skuId: `71${sellerSku.length}`, sellerSku, ...ids };
  return { listing: sellerSku as ListingId, channelIds, sellable, openUnits: 3 };
}
const CUP = write('CUP-RED', 9);
const PLATE = write('PLATE', 4);

async function push(body: string, writes: readonly StockWrite[], settings: ShopAccess['settings'] = {}) {
  const sent: ChannelRequest[] = [];
  const http: CallContext['http'] = (request) => {
    sent.push(request);
    return Promise.resolve({ status: 200, headers: {}, body });
  };
  const results = await pushStock({ http, shop: { ...SHOP, settings }, now: () => 1700000000000 }, writes);
  const form = new URLSearchParams(sent[0]?.body);
  /** `CUP-RED done`, `PLATE listing`. */
  const readings = results.map((result) => `${result.listing} ${result.kind === 'done' ? 'done' : result.reading}`);
  return { results, readings, sent, payload: form.get('payload') };
}

const answer = (code: string, detail?: unknown, message = ''): string =>
  JSON.stringify({ code, type: 'ISP', message, detail });

describe('the payload', () => {
  it('is XML with the ids, the seller sku and the sellable quantity, as a write', async () => {
    const { payload, sent } = await push(fixture('stock-update-success.json'), [CUP, write('A&B<"\u0001\'>', 0)]);
    expect(payload).toBe(
      '<Request><Product><Skus>' +
        '<Sku><ItemId>707</ItemId><SkuId>717</SkuId><SellerSku>CUP-RED</SellerSku><SellableQuantity>9</SellableQuantity></Sku>' +
        '<Sku><ItemId>708</ItemId><SkuId>718</SkuId><SellerSku>A&amp;B&lt;&quot;&apos;&gt;</SellerSku><SellableQuantity>0</SellableQuantity></Sku>' +
        '</Skus></Product></Request>',
    );
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({ method: 'POST', effect: 'write' });
    expect(sent[0]?.url).toBe('https://api.lazada.sg/rest/product/stock/sellable/update');
  });

  it('is JSON of the same tree by the setting, ids as text so that no digit is lost', async () => {
    const { payload } = await push(answer('0'), [write('CUP', 2, { skuId: '92604229001983631' })], {
      stockPayload: 'json',
    });
    expect(JSON.parse(payload!)).toEqual({
      Request: {
        Product: {
          Skus: {
            Sku: [{ ItemId: '703', SkuId: '92604229001983631', SellerSku: 'CUP', SellableQuantity: 2 }],
          },
        },
      },
    });
  });

  it('names the one warehouse of the setting, with the element that is read there', async () => {
    const settings = { warehouse: 'WH-2' };
    const { payload } = await push(answer('0'), [write('CUP', 2)], settings);
    expect(payload).toContain(
      '<MultiWarehouseInventories><MultiWarehouseInventory><WarehouseCode>WH-2</WarehouseCode><Quantity>2</Quantity>' +
        '</MultiWarehouseInventory></MultiWarehouseInventories></Sku>',
    );
    expect(payload).not.toContain('SellableQuantity');
    const json = await push(answer('0'), [write('CUP', 2)], { ...settings, stockPayload: 'json' });
    expect(JSON.parse(json.payload!)).toMatchObject({
      Request: {
        Product: {
          Skus: {
            Sku: [{ MultiWarehouseInventories: { MultiWarehouseInventory: { WarehouseCode: 'WH-2', Quantity: 2 } } }],
          },
        },
      },
    });
    const faulty = await push(answer('0'), [write('CUP', 2)], { warehouse: '<x>' });
    expect(faulty.payload).toContain('<SellableQuantity>2</SellableQuantity>');
  });

  it('carries what XML can carry and leaves out the rest', async () => {
    const { payload } = await push(answer('0'), [write('\u{1f600}\ud83dA\uffff', 1)]);
    expect(payload).toContain('<SellerSku>\u{1f600}A</SellerSku>');
  });

  it('leaves out an id that the listing does not have', async () => {
    const { payload } = await push(answer('0'), [write('CUP', 2, { sellerSku: '' })]);
    expect(payload).not.toContain('SellerSku');
  });
});

describe('answers line by line', () => {
  it('is done for every line of a clean success', async () => {
    const { results } = await push(fixture('stock-update-success.json'), [CUP, PLATE]);
    expect(results).toEqual([
      { listing: 'CUP-RED', kind: 'done' },
      { listing: 'PLATE', kind: 'done' },
    ]);
    for (const detail of [[], null, '', {}]) {
      expect((await push(answer('0', detail), [CUP])).readings).toEqual(['CUP-RED done']);
    }
  });

  it('reads code 0 with a detail as a failure of the SKUs it names', async () => {
    const { results } = await push(fixture('stock-update-partial.json'), [CUP, PLATE]);
    expect(results).toEqual([
      { listing: 'CUP-RED', kind: 'done' },
      {
        listing: 'PLATE',
        kind: 'refused',
        code: 'E0501',
        message: 'SELLER_SKU_NOT_FOUND',
        reading: 'listing',
      },
    ]);
  });

  it('reads the other SKUs of code 0 as failed by the setting', async () => {
    const { readings } = await push(fixture('stock-update-partial.json'), [CUP, PLATE], { unlistedOn0: 'failed' });
    expect(readings).toEqual(['CUP-RED retry', 'PLATE listing']);
  });

  it('repeats no secret of a detail', async () => {
    const detail = [{ seller_sku: 'CUP-RED', message: 'test-token of test-secret is bad' }];
    const { results } = await push(answer('501', detail), [CUP]);
    expect(results).toMatchObject([{ message: '*** of *** is bad' }]);
  });

  it('reads code 501 as a failure of all, with the causes in the detail', async () => {
    const { results } = await push(fixture('stock-update-501.json'), [CUP, PLATE]);
    expect(results).toMatchObject([
      { listing: 'CUP-RED', code: '501', reading: 'retry' },
      { listing: 'PLATE', code: '501', message: 'SELLER_SKU_NOT_FOUND', reading: 'listing' },
    ]);
  });

  it('reads the other SKUs of code 501 as done by the setting, never without any detail', async () => {
    const settings = { unlistedOn501: 'done' };
    expect((await push(fixture('stock-update-501.json'), [CUP, PLATE], settings)).readings).toEqual([
      'CUP-RED done',
      'PLATE listing',
    ]);
    expect((await push(answer('501'), [CUP, PLATE], settings)).readings).toEqual(['CUP-RED retry', 'PLATE retry']);
  });

  it('calls no line done when a failure cannot be attributed', async () => {
    const { readings } = await push(fixture('stock-update-unattributed.json'), [CUP, PLATE]);
    expect(readings).toEqual(['CUP-RED retry', 'PLATE retry']);
    for (const entry of [{}, null, 'x', 7, [], { seller_sku: 'OTHER' }, { seller_sku: {} }, { message: 'PLATE' }]) {
      expect((await push(answer('0', [entry]), [CUP, PLATE])).readings).toEqual(['CUP-RED retry', 'PLATE retry']);
    }
    const both = [{ seller_sku: 'PLATE', message: 'ITEM_NOT_FOUND' }, { field: 'SkuId' }];
    expect((await push(answer('0', both), [CUP, PLATE])).readings).toEqual(['CUP-RED retry', 'PLATE listing']);
  });

  it('gives to a line that was sent alone whatever is said', async () => {
    const { readings } = await push(fixture('stock-update-unattributed.json'), [CUP]);
    expect(readings).toEqual(['CUP-RED listing']);
    expect((await push(answer('501'), [CUP])).readings).toEqual(['CUP-RED listing']);
    expect((await push(answer('501', { message: 'system busy, try again' }), [CUP])).readings).toEqual([
      'CUP-RED retry',
    ]);
  });

  it('attributes an entry by its sku id, its seller sku, its item id, or a field that is a sku', async () => {
    const entries = [
      { sku_id: 715, message: 'x' },
      { SellerSku: 'PLATE', message: 'x' },
      { item_id: '705', message: 'x' },
      { field: 'PLATE', message: 'x' },
    ];
    for (const entry of entries) {
      expect((await push(answer('0', [entry]), [CUP, PLATE])).readings).toEqual(['CUP-RED done', 'PLATE listing']);
    }
  });

  it('attributes no entry that two lines answer to', async () => {
    const twin = { ...write('PLATE', 1), listing: 'twin' as ListingId };
    const entry = { seller_sku: 'PLATE', message: 'SELLER_SKU_NOT_FOUND' };
    expect((await push(answer('0', [entry]), [CUP, PLATE, twin])).readings).toEqual([
      'CUP-RED retry',
      'PLATE retry',
      'twin retry',
    ]);
  });

  it('reads locks of campaigns as a floor, busy as retry, a seller who may not as authorize', async () => {
    const cases: readonly (readonly [entry: object, reading: string])[] = [
      [{ code: '4170', message: 'stock may only go up' }, 'floor'],
      [{ code: 'E4170' }, 'floor'],
      [{ message: 'THD_IC_F_IC_INFRA_0001 locked by campaign' }, 'floor'],
      [{ message: 'quantity is below the campaign-locked part' }, 'floor'],
      [{ message: 'ITEM_NOT_FOUND' }, 'listing'],
      [{ code: '4136' }, 'listing'],
      [{ code: '212', message: 'negative sellable' }, 'listing'],
      [{ message: 'The product is busy, please try again' }, 'retry'],
      [{ code: '901' }, 'retry'],
      [{ code: '506', message: 'Get product failed' }, 'retry'],
      [{ message: 'SELLER_NOT_PERMITTED' }, 'authorize'],
      [{ code: '4225', message: 'Your product participated in semi-hosted program' }, 'listing'],
      [{ code: '4136', message: 'SELLER_SKU_NOT_FOUND' }, 'listing'],
      [{ code: 'E0137', message: 'x' }, 'listing'],
      [{ message: 'THD_IC_F_IC_INFRA_PRODUCT_036' }, 'listing'],
      [{ message: 'THD_IC_F_IC_DOMAIN_ACTOR_006' }, 'authorize'],
      [{ message: 'THD_IC_ERR_F_IC_ABILITY_PG_004' }, 'floor'],
      [{ code: '4119', message: 'BIZ_CHECK_SPECIAL_PRICE_RATE_OUT_OF_RANGE' }, 'listing'],
      [{ code: '513' }, 'retry'],
      [{ code: '1002' }, 'retry'],
      [{ code: '998' }, 'retry'],
    ];
    for (const [entry, reading] of cases) {
      expect((await push(answer('501', [entry]), [CUP])).readings).toEqual([`CUP-RED ${reading}`]);
    }
  });

  it('tells the least quantity that would be taken, where a refusal below a lock names it', async () => {
    const message = 'sellable quantity cannot be below the campaign locked quantity 30';
    const { results } = await push(answer('0', [{ seller_sku: 'CUP-RED', code: '4170', message }]), [CUP, PLATE]);
    expect(results).toMatchObject([{ listing: 'CUP-RED', reading: 'floor', floor: 30 }, { kind: 'done' }]);
    const [unnamed] = (await push(answer('501', [{ code: '4170' }]), [CUP])).results;
    expect(unnamed).not.toHaveProperty('floor');
  });

  it('reads a whole answer about a SKU for a line alone, and sends several again', async () => {
    expect((await push(answer('4170'), [CUP])).readings).toEqual(['CUP-RED floor']);
    expect((await push(answer('THD_IC_001'), [CUP])).readings).toEqual(['CUP-RED floor']);
    expect((await push(answer('4137'), [CUP])).readings).toEqual(['CUP-RED listing']);
    expect((await push(answer('4225'), [CUP])).readings).toEqual(['CUP-RED listing']);
    expect((await push(answer('4170'), [CUP, PLATE])).readings).toEqual(['CUP-RED retry', 'PLATE retry']);
    expect((await push(answer('7777', [{ seller_sku: 'PLATE' }]), [CUP, PLATE])).readings).toEqual([
      'CUP-RED retry',
      'PLATE listing',
    ]);
  });
});

describe('a seller who may not', () => {
  it('has every line refused, whatever else the answer says', async () => {
    const answers = [
      answer('501', undefined, 'SELLER_NOT_PERMITTED'),
      answer('Mp3SellerApiLimit'),
      answer('SellerNotVerified', undefined, 'Seller not verified,please check seller status'),
      answer('4128'),
    ];
    for (const body of answers) {
      expect((await push(body, [CUP, PLATE])).readings).toEqual(['CUP-RED authorize', 'PLATE authorize']);
    }
  });
});

describe('calls that fail as a whole', () => {
  it('throws throttling, tokens, outages and final refusals', async () => {
    const failures: readonly (readonly [body: string, failure: object])[] = [
      [answer('901'), { kind: 'throttled' }],
      [answer('ApiCallLimit', undefined, 'ban lasts 1 seconds'), { kind: 'throttled', afterMs: 1000 }],
      [answer('IllegalAccessToken', [{ seller_sku: 'PLATE' }]), { kind: 'unauthorized' }],
      [answer('513', undefined, 'ServiceTimeout'), { kind: 'unavailable', unanswered: true }],
      [answer('998'), { kind: 'unavailable', unanswered: false }],
      [answer('E0204'), { kind: 'refused', reason: '204' }],
      [answer('4171'), { kind: 'refused', reason: '4171' }],
      [answer('E005'), { kind: 'refused', reason: '5' }],
      [answer('1001'), { kind: 'refused', reason: '1001' }],
      [answer('UnsupportedHTTPMethod'), { kind: 'refused', reason: 'UnsupportedHTTPMethod' }],
      ['<html>', { kind: 'malformed' }],
    ];
    for (const [body, failure] of failures) await expect(push(body, [CUP, PLATE])).rejects.toMatchObject({ failure });
  });

  it('makes no call for no lines, and none for more lines than a call takes', async () => {
    expect((await push(answer('0'), [])).sent).toEqual([]);
    const many = Array.from({ length: 21 }, (_, at) => write(`S${at}`, 1));
    await expect(push(answer('0'), many)).rejects.toMatchObject({ failure: { kind: 'refused' } });
  });
});
