import * as fc from 'fast-check';
import type { ListingId } from '../../src/domain';
import { ChannelError, type ListingRef } from '../kit';
import { jsonAnswer, scriptedCall } from '../kit/scripted-call';
import { aShop } from './a-shop';
import baseInfo from './fixtures/item-base-info.json';
import promotions from './fixtures/item-promotion.json';
import modelList from './fixtures/model-list.json';
import { readStock } from './read-stock';

const listing = (itemId: string, modelId?: string): ListingRef => ({
  listing: `${itemId}/${modelId ?? ''}` as ListingId,
  channelIds: modelId === undefined ? { itemId } : { itemId, modelId },
});

async function read(listings: readonly ListingRef[], settings: Record<string, string> = {}) {
  const scripted = scriptedCall(aShop({ settings }), ({ url }) => {
    if (url.includes('get_item_promotion')) return jsonAnswer(promotions);
    return jsonAnswer(url.includes('get_model_list') ? modelList : baseInfo);
  });
  const readings = await readStock(scripted.call, listings);
  return { readings, sellable: readings.map((reading) => reading.sellable), asked: scripted.asked };
}

describe('readStock', () => {
  it("reads the seller's number where it may be sold, of items and of models, Shopee's own stock apart", async () => {
    const { sellable, asked } = await read([
      listing('800101'),
      listing('800100', '900200'),
      listing('800100', '900200'),
    ]);
    expect(sellable).toEqual([80, 40, 40]);
    expect(asked.map(({ url }) => new URL(url).pathname)).toEqual([
      '/api/v2/product/get_item_base_info',
      '/api/v2/product/get_model_list',
      '/api/v2/product/get_item_promotion',
    ]);
    expect(new URL(asked[0]?.url ?? '').searchParams.get('item_id_list')).toBe('800101');
    expect(new URL(asked[1]?.url ?? '').searchParams.get('item_id')).toBe('800100');
  });

  it("adds the promotion's reserve where the shop says that it lies beside the number", async () => {
    const { sellable } = await read([listing('800101'), listing('800100', '900200')], { reservedStock: 'beside' });
    expect(sellable).toEqual([83, 45]);
  });

  it('reads the reserve as the lock, until the last of its promotions ends', async () => {
    const { readings, asked } = await read([listing('800101'), listing('800100', '900200')]);
    expect(readings.map(({ lock }) => lock)).toEqual([{ units: 3 }, { units: 5, until: 1_700_010_800_000 }]);
    expect(new URL(asked.at(-1)?.url ?? '').searchParams.get('item_id_list')).toBe('800101,800100');
  });

  it('makes no call for promotions where nothing is reserved', async () => {
    const { call, asked } = scriptedCall(aShop(), () =>
      jsonAnswer({
        error: '',
        response: { item_list: [{ item_id: 1, stock_info_v2: { seller_stock: [{ stock: 4 }] } }] },
      }),
    );
    expect(await readStock(call, [listing('1')])).toEqual([{ listing: '1/', sellable: 4 }]);
    expect(asked).toHaveLength(1);
  });

  it.each([
    ['has no right to', { error: 'error_api_permission', message: 'No permission' }, { units: 3 }],
    ['cannot read', { error: '', response: 7 }, { units: 3 }],
    [
      'is told of without an end',
      { error: '', response: { success_list: [{ item_id: 800101, promotion: [{ model_id: 0, end_time: 0 }] }] } },
      { units: 3 },
    ],
    [
      'is told of for the whole item',
      { error: '', response: { success_list: [{ item_id: 800101, promotion: [{ end_time: '1700010800' }] }] } },
      { units: 3, until: 1_700_010_800_000 },
    ],
  ])('has a lock whose end it %s', async (_name, answer, lock) => {
    const { call } = scriptedCall(aShop(), ({ url }) => jsonAnswer(url.includes('promotion') ? answer : baseInfo));
    expect(await readStock(call, [listing('800101')])).toMatchObject([{ sellable: 80, lock }]);
  });

  it('reads nothing while the promotions cannot be asked for', async () => {
    const { call } = scriptedCall(aShop(), ({ url }) =>
      jsonAnswer(url.includes('promotion') ? { error: 'error_rate_limit', message: '' } : baseInfo),
    );
    await expect(readStock(call, [listing('800101')])).rejects.toMatchObject({ failure: { kind: 'throttled' } });
  });

  it('reads the one location that the shop names', async () => {
    const { sellable } = await read([listing('800101'), listing('800100', '900200')], { locationId: 'SGZ' });
    expect(sellable).toEqual([80, 0]);
  });

  it('knows the others where one unknown item spoils their answer', async () => {
    const { call, asked } = scriptedCall(aShop(), ({ url }) => {
      const ids = (new URL(url).searchParams.get('item_id_list') ?? '').split(',');
      if (ids.includes('13')) return jsonAnswer({ error: 'product.error_item_not_found', message: '', response: {} });
      const stock_info_v2 = { seller_stock: [{ stock: 4 }] };
      return jsonAnswer({ error: '', response: { item_list: ids.map((id) => ({ item_id: id, stock_info_v2 })) } });
    });
    const readings = await readStock(call, [listing('11'), listing('12'), listing('13'), listing('14')]);
    expect(readings.map(({ sellable }) => sellable)).toEqual([4, 4, undefined, 4]);
    expect(asked).toHaveLength(5);
  });

  it('reads absurd numbers as they are, and less than nothing as nothing', async () => {
    const stock = (own: unknown) => ({ seller_stock: [{ stock: own }] });
    const answer = {
      error: '',
      response: {
        item_list: [
          { item_id: 1, stock_info_v2: stock(1.37e12) },
          { item_id: 2, stock_info_v2: stock(-4) },
          { item_id: 3, stock_info_v2: stock('7') },
        ],
      },
    };
    const { call } = scriptedCall(aShop(), () => jsonAnswer(answer));
    const readings = await readStock(call, [listing('1'), listing('2'), listing('3')]);
    expect(readings.map((reading) => reading.sellable)).toEqual([1.37e12, 0, 7]);
  });

  it('knows nothing of models and items that are not there, or of an item that has models now', async () => {
    const { sellable } = await read([listing('800100', '1'), listing('800102'), listing('800100'), listing('', 'x')]);
    expect(sellable).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('asks for at most 50 items at once', async () => {
    const { asked } = await read(Array.from({ length: 101 }, (_, index) => listing(String(index + 1))));
    expect(asked).toHaveLength(3);
  });

  it('takes an unknown item for no failure of the call', async () => {
    const answer = { error: 'product.error_item_not_found', message: 'Item_id is not found.' };
    const { call } = scriptedCall(aShop(), () => jsonAnswer(answer));
    expect(await readStock(call, [listing('1', '2')])).toEqual([{ listing: '1/2', sellable: undefined }]);
  });

  it('goes by what can be sold where there is no seller stock', async () => {
    const info = { summary_info: { total_reserved_stock: 0, total_available_stock: 9 } };
    const answer = { error: '', response: { item_list: [{ item_id: 1, stock_info_v2: info }] } };
    const { call } = scriptedCall(aShop(), () => jsonAnswer(answer));
    expect(await readStock(call, [listing('1')])).toEqual([{ listing: '1/', sellable: 9 }]);
  });

  it.each([
    [{ error: 'error_auth', message: 'Invalid access_token.' }, 'unauthorized'],
    [{ error: '', response: { item_list: 7 } }, 'malformed'],
    [{ error: '' }, 'malformed'],
  ])('throws for %j', async (answer, kind) => {
    const { call } = scriptedCall(aShop(), () => jsonAnswer(answer));
    await expect(readStock(call, [listing('1')])).rejects.toMatchObject({ failure: { kind } });
  });

  it('answers or throws a ChannelError, whatever comes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.jsonValue(), async (response, inner) => {
        const lists = { item_list: [inner], model: [inner] };
        for (const answer of [
          { error: '', response },
          { error: '', response: lists },
        ]) {
          const { call } = scriptedCall(aShop(), () => jsonAnswer(answer));
          const result = await readStock(call, [listing('1'), listing('1', '2')]).catch((error: unknown) => error);
          if (result instanceof Error) expect(result).toBeInstanceOf(ChannelError);
        }
      }),
    );
  });
});
