import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ListingId } from '../../src/domain';
import type { ShopAccess, StockChange } from '../kit';
import { scriptedCall } from '../kit/scripted-call';
import { aShop } from './a-shop';
import { adjustStock } from './push';

const SHOP = aShop();
const fixture = (name: string): string => readFileSync(join(__dirname, 'fixtures', name), 'utf8');

const change = (sellerSku: string, units: number): StockChange => ({
  listing: sellerSku as ListingId,
  channelIds: { itemId: `70${sellerSku.length}`, skuId: `71${sellerSku.length}`, sellerSku },
  units,
});

async function adjust(body: string, changes: readonly StockChange[], settings: ShopAccess['settings'] = {}) {
  const { call, asked } = scriptedCall({ ...SHOP, settings }, () => ({ status: 200, headers: {}, body }));
  const results = await adjustStock(call, changes);
  const readings = results.map((result) => `${result.listing} ${result.kind === 'done' ? 'done' : result.reading}`);
  return { readings, asked, payload: new URLSearchParams(asked[0]?.body).get('payload') };
}

const answer = (code: string, detail?: unknown): string => JSON.stringify({ code, type: 'ISP', message: '', detail });

describe('adjustStock', () => {
  it('sends changes as deltas, also below zero', async () => {
    const { asked, payload, readings } = await adjust(fixture('stock-update-success.json'), [
      change('CUP-RED', -3),
      change('PLATE', 2),
    ]);
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ method: 'POST', effect: 'write' });
    expect(asked[0]?.url).toBe('https://api.lazada.sg/rest/product/stock/sellable/adjust');
    expect(payload).toContain('<SellerSku>CUP-RED</SellerSku><SellableQuantity>-3</SellableQuantity>');
    expect(payload).toContain('<SellerSku>PLATE</SellerSku><SellableQuantity>2</SellableQuantity>');
    expect(readings).toEqual(['CUP-RED done', 'PLATE done']);
  });

  it('does not send a change by nothing', async () => {
    const { asked, readings } = await adjust(answer('0'), [change('CUP-RED', 0)]);
    expect(asked).toEqual([]);
    expect(readings).toEqual(['CUP-RED done']);
    const some = await adjust(answer('0'), [change('CUP-RED', 0), change('PLATE', 1)]);
    expect(some.readings).toEqual(['PLATE done', 'CUP-RED done']);
    expect(some.payload).not.toContain('CUP-RED');
  });

  it('reads what is said of a line', async () => {
    const changes = [change('CUP-RED', 1), change('PLATE', -9)];
    const below = answer('0', [{ seller_sku: 'PLATE', code: '212', message: 'negative sellable' }]);
    expect((await adjust(below, changes)).readings).toEqual(['CUP-RED done', 'PLATE retry']);
    expect((await adjust(answer('E0212'), [change('PLATE', -9)])).readings).toEqual(['PLATE retry']);
    expect((await adjust(answer('4170'), [change('PLATE', -9)])).readings).toEqual(['PLATE floor']);
  });

  it('counts as unanswered where it is not told which lines were changed', async () => {
    const changes = [change('CUP-RED', 1), change('PLATE', -9)];
    const failure = { kind: 'unavailable', unanswered: true };
    const untold = [answer('501'), fixture('stock-update-501.json'), fixture('stock-update-unattributed.json')];
    for (const body of untold) await expect(adjust(body, changes)).rejects.toMatchObject({ failure });
    const partial = fixture('stock-update-partial.json');
    expect((await adjust(partial, changes)).readings).toEqual(['CUP-RED done', 'PLATE listing']);
    await expect(adjust(partial, changes, { unlistedOn0: 'failed' })).rejects.toMatchObject({ failure });
    await expect(adjust(answer('513'), changes)).rejects.toMatchObject({ failure });
  });

  it('makes no call for more lines than a call takes', async () => {
    const many = Array.from({ length: 21 }, (_, at) => change(`S${at}`, 1));
    await expect(adjust(answer('0'), many)).rejects.toMatchObject({ failure: { kind: 'refused' } });
  });
});
