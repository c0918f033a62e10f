import * as fc from 'fast-check';
import { ChannelError, type CataloguePage } from '../kit';
import { jsonAnswer, scriptedCall } from '../kit/scripted-call';
import { aShop } from './a-shop';
import items from './fixtures/catalogue-items.json';
import models from './fixtures/catalogue-models.json';
import itemList from './fixtures/item-list.json';
import { listCatalogue } from './list-catalogue';

interface Answers {
  readonly list?: unknown;
  readonly items?: unknown;
  readonly models?: unknown;
}

function scene(answers: Answers = {}, settings: Readonly<Record<string, string>> = {}) {
  return scriptedCall(aShop({ settings }), ({ url }) => {
    if (url.includes('get_item_list')) return jsonAnswer(answers.list ?? itemList);
    return jsonAnswer(url.includes('get_model_list') ? (answers.models ?? models) : (answers.items ?? items));
  });
}
const listOf = (...rows: readonly object[]) => ({ error: '', response: { item: rows, has_next_page: false } });
const itemsOf = (...rows: readonly object[]) => ({ error: '', response: { item_list: rows } });

describe('listCatalogue', () => {
  it('makes a row of an item without variations, and one of each model of the others', async () => {
    const { call } = scene();
    expect(await listCatalogue(call)).toEqual({
      items: [
        { channelIds: { itemId: '800101' }, sellerSku: 'UMBRELLA', name: 'Umbrella', isLive: true, sellable: 80 },
        {
          channelIds: { itemId: '800100', modelId: '900200' },
          sellerSku: 'JACKET-BLUE-M',
          name: 'Rain jacket, Blue,M',
          isLive: false,
          sellable: 40,
        },
        {
          channelIds: { itemId: '800100', modelId: '900201' },
          sellerSku: 'JACKET',
          name: 'Rain jacket, Red,M',
          isLive: false,
          sellable: 1.37e12,
        },
      ],
      next: '2~3',
    });
  });

  it('loses no item that moves forward because another one was deleted between two pages', async () => {
    const shop = Array.from({ length: 120 }, (_, at) => 800_000 + at);
    const { call } = scriptedCall(aShop(), ({ url }) => {
      const query = new URL(url).searchParams;
      if (!url.includes('get_item_list')) {
        const ids = (query.get('item_id_list') ?? '').split(',');
        return jsonAnswer(itemsOf(...ids.map((id) => ({ item_id: Number(id) }))));
      }
      const from = Number(query.get('offset'));
      const page = shop.slice(from, from + 50).map((item_id) => ({ item_id, item_status: 'NORMAL' }));
      const more = { has_next_page: from + 50 < shop.length, next_offset: from + 50, total_count: shop.length };
      shop.splice(0, from === 0 ? 3 : 0);
      return jsonAnswer({ error: '', response: { item: page, ...more } });
    });
    const seen = new Set<string | undefined>();
    let cursor: string | undefined;
    do {
      const page: CataloguePage = await listCatalogue(call, cursor);
      page.items.forEach(({ channelIds }) => seen.add(channelIds.itemId));
      cursor = page.next;
    } while (cursor !== undefined);
    expect(seen.size).toBe(120);
  });

  it('asks for fifty of every status that is not deleted, then what they are, then models of those that have some', async () => {
    const { call, asked } = scene();
    await listCatalogue(call, '1');
    const urls = asked.map(({ url }) => new URL(url));
    expect(urls.map(({ pathname }) => pathname.replace('/api/v2/product/', ''))).toEqual([
      'get_item_list',
      'get_item_base_info',
      'get_model_list',
    ]);
    expect(urls[0]?.searchParams.getAll('item_status')).toEqual(['NORMAL', 'BANNED', 'UNLIST', 'REVIEWING']);
    expect([urls[0]?.searchParams.get('offset'), urls[0]?.searchParams.get('page_size')]).toEqual(['1', '50']);
    expect(urls[1]?.searchParams.get('item_id_list')).toBe('800101,800100');
    expect(urls[2]?.searchParams.get('item_id')).toBe('800100');
  });

  it.each([
    ['NORMAL', true],
    ['BANNED', false],
    ['UNLIST', false],
    ['REVIEWING', false],
    ['SELLER_DELETE', false],
    ['SHOPEE_DELETE', false],
  ])('says whether buyers see an item that is %s', async (item_status, isLive) => {
    const { call } = scene({ list: listOf({ item_id: 800101, item_status }) });
    const { items: rows } = await listCatalogue(call);
    expect(rows).toMatchObject([{ isLive }]);
    expect(rows[0]).not.toHaveProperty('unknownStatus');
  });

  it('guesses at no status that no page names, of an item or of a model', async () => {
    const item = scene({ list: listOf({ item_id: 800101, item_status: 'HAUNTED' }) });
    expect((await listCatalogue(item.call)).items).toMatchObject([{ isLive: false, unknownStatus: 'HAUNTED' }]);
    const [first] = models.response.model;
    const odd = { error: '', response: { model: [{ ...first, model_status: 'constructor' }] } };
    const model = scene({ list: listOf({ item_id: 800100, item_status: 'NORMAL' }), models: odd });
    expect((await listCatalogue(model.call)).items).toMatchObject([{ isLive: false, unknownStatus: 'constructor' }]);
  });

  it('leaves out an item that is gone between the calls, and one whose models are', async () => {
    const gone = { error: 'product.error_item_not_found', message: 'Product not found' };
    const { call } = scene({ items: itemsOf({ item_id: 800100, has_model: true }), models: gone });
    expect((await listCatalogue(call)).items).toEqual([]);
  });

  it('ends where there is no next page, and never turns in a circle', async () => {
    const last = scene({ list: listOf() });
    expect(await listCatalogue(last.call)).toEqual({ items: [] });
    expect(last.asked).toHaveLength(1);
    const circle = { error: '', response: { ...itemList.response, next_offset: 2 } };
    await expect(listCatalogue(scene({ list: circle }).call, '2')).rejects.toMatchObject({
      failure: { kind: 'malformed' },
    });
    await expect(listCatalogue(scene().call, '-1')).rejects.toMatchObject({ failure: { kind: 'refused' } });
  });

  it('reads every item of a catalogue that is longer than the offset may be', async () => {
    const catalogue = Array.from({ length: 400 }, (_, index) => ({
      item_id: index + 1,
      item_status: 'NORMAL',
      at: 1_600_000_000 + index * 3600,
    }));
    const { call } = scriptedCall(aShop(), ({ url }) => {
      const query = new URL(url).searchParams;
      if (!url.includes('get_item_list')) {
        const ids = (query.get('item_id_list') ?? '').split(',');
        return jsonAnswer(itemsOf(...ids.map((id) => ({ item_id: Number(id), item_sku: `SKU-${id}` }))));
      }
      const offset = Number(query.get('offset'));
      const message = 'get items offset over limit, please use the next field';
      if (offset > 100) return jsonAnswer({ error: 'product.error_param', message });
      const [from, to] = [Number(query.get('update_time_from') ?? 0), Number(query.get('update_time_to') ?? Infinity)];
      const inside = catalogue.filter(({ at }) => at >= from && at <= to);
      const next_offset = offset + 50;
      const item = inside.slice(offset, next_offset);
      return jsonAnswer({ error: '', response: { item, has_next_page: next_offset < inside.length, next_offset } });
    });
    const seen = new Set<string>();
    let cursor: string | undefined = '0';
    let pages = 0;
    while (cursor !== undefined && pages < 200) {
      const page: CataloguePage = await listCatalogue(call, cursor);
      for (const { sellerSku } of page.items) seen.add(sellerSku);
      cursor = page.next;
      pages += 1;
    }
    expect(cursor).toBeUndefined();
    expect(seen.size).toBe(400);
  });

  it('gives up where a span cannot be halved any more', async () => {
    const error = { error: 'error_param', message: 'get items offset over limit' };
    await expect(listCatalogue(scene({ list: error }).call, '5-6@500')).rejects.toMatchObject({
      failure: { kind: 'refused' },
    });
  });

  it.each(['-1', '1-2', 'x@1', '1-2@', '@1'])('takes "%s" for no cursor', async (cursor) => {
    await expect(listCatalogue(scene().call, cursor)).rejects.toMatchObject({ failure: { reason: 'bad-cursor' } });
  });

  it('tells what buyers can buy by the settings of the shop', async () => {
    const beside = scene({}, { reservedStock: 'beside' });
    expect((await listCatalogue(beside.call)).items.map(({ sellable }) => sellable)).toEqual([83, 45, 1.37e12]);
    const elsewhere = scene({}, { locationId: 'SGX' });
    expect((await listCatalogue(elsewhere.call)).items.map(({ sellable }) => sellable)).toEqual([0, 0, 0]);
  });

  it('reads the models of a page a few items at a time', async () => {
    const ids = Array.from({ length: 20 }, (_, index) => index + 1);
    let running = 0;
    let most = 0;
    const { call } = scene({
      list: listOf(...ids.map((id) => ({ item_id: id, item_status: 'NORMAL' }))),
      items: itemsOf(...ids.map((id) => ({ item_id: id, has_model: true }))),
    });
    const http: typeof call.http = async (request) => {
      most = Math.max(most, (running += 1));
      const answer = await call.http(request);
      running -= 1;
      return answer;
    };
    expect((await listCatalogue({ ...call, http })).items).toHaveLength(40);
    expect(most).toBeLessThanOrEqual(4);
    expect(most).toBeGreaterThan(1);
  });

  it('gives a page or throws a ChannelError, whatever comes', async () => {
    const wrap = (response: unknown) => ({ error: '', response });
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), async (...[list, info, model]) => {
        for (const answers of [
          { list: wrap(list) },
          { items: wrap(info) },
          { models: wrap(model) },
          { models: wrap({ model: [model] }), items: wrap({ item_list: [info] }) },
        ]) {
          const result = await listCatalogue(scene(answers).call).catch((error: unknown) => error);
          if (result instanceof Error) expect(result).toBeInstanceOf(ChannelError);
        }
      }),
    );
  });
});
