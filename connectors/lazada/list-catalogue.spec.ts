import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { type CatalogueItem, type ChannelAnswer, ChannelError } from '../kit';
import { jsonAnswer, type Script, scriptedCall } from '../kit/scripted-call';
import { aShop } from './a-shop';
import { readItems } from './catalogue-items';
import { listCatalogue } from './list-catalogue';

const SHOP = aShop();
const fixture = (name: string): string => readFileSync(join(__dirname, 'fixtures', name), 'utf8');
const NOW = Date.UTC(2026, 10, 21);

async function one(body: unknown, cursor?: string) {
  const { call, asked } = scriptedCall(SHOP, () =>
    typeof body === 'string' ? { status: 200, headers: {}, body } : jsonAnswer(body),
  );
  return { page: await listCatalogue(call, cursor), asked };
}

/** Reads the whole catalogue: every SKU's id, as often as it came. */
async function listAll(script: Script) {
  const { call, asked } = scriptedCall(SHOP, script, NOW);
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listCatalogue(call, cursor);
    ids.push(...page.items.map(({ channelIds }) => channelIds['skuId'] ?? ''));
    cursor = page.next;
  } while (cursor !== undefined && asked.length < 2000);
  expect(cursor).toBeUndefined();
  return { ids, queries: asked.map(({ url }) => new URL(url).searchParams) };
}

interface Product {
  readonly id: number;
  readonly madeAt: number;
}

/** `/products/get` as it is documented: no more than 50, no `offset` above 10,000, made "on or" both bounds. */
function answerOf(products: readonly Product[], query: URLSearchParams): ChannelAnswer {
  const [offset, limit] = [Number(query.get('offset')), Number(query.get('limit'))];
  if (limit > 50) return jsonAnswer({ code: '19', type: 'ISV', message: 'E019: Invalid Limit' });
  if (offset > 10_000) return jsonAnswer({ code: 'E014', type: 'ISV', message: 'E014: Invalid Offset' });
  const bound = (name: string, none: number): number => {
    const text = query.get(name);
    return text === null ? none : Date.parse(text.replace(/(\d\d)(\d\d)$/, '$1:$2'));
  };
  const [after, before] = [bound('create_after', 0), bound('create_before', Infinity)];
  const all = products.filter(({ madeAt }) => madeAt >= after && madeAt <= before);
  const page = all.slice(offset, offset + limit).map(({ id }) => ({
    item_id: id,
    status: 'Active',
    attributes: { name: 'x' },
    skus: [{ SkuId: id, SellerSku: `S${id}`, Status: 'active' }],
  }));
  return jsonAnswer({ code: '0', data: { total_products: all.length, products: page } });
}

const many = (count: number, madeAt: (n: number) => number): Product[] =>
  Array.from({ length: count }, (_, n) => ({ id: n + 1, madeAt: madeAt(n) }));
const search = (url: string): URLSearchParams => new URL(url).searchParams;

describe('one page of the catalogue', () => {
  it('has every SKU of its products, with what buyers see of it', async () => {
    const { page, asked } = await one(fixture('products-get-catalogue.json'));
    expect(page.next).toBeUndefined();
    expect(page.items).toEqual([
      {
        channelIds: { itemId: '700000001', skuId: '710000001', sellerSku: 'CUP-RED' },
        sellerSku: 'CUP-RED',
        name: 'Cup',
        isLive: true,
        sellable: 9,
      },
      {
        channelIds: { itemId: '700000001', skuId: '710000003', sellerSku: 'CUP-BLUE' },
        sellerSku: 'CUP-BLUE',
        name: 'Cup',
        isLive: false,
        sellable: 1_370_000_000_000,
      },
      {
        channelIds: { itemId: '700000001', skuId: '710000004', sellerSku: 'CUP-GOLD' },
        sellerSku: 'CUP-GOLD',
        name: 'Cup',
        isLive: false,
      },
      {
        channelIds: { itemId: '92604229001983631', skuId: '710000002', sellerSku: '' },
        sellerSku: '',
        name: 'Plate',
        isLive: false,
        sellable: 3,
      },
      {
        channelIds: { itemId: '700000005', skuId: '710000005', sellerSku: 'BOWL' },
        sellerSku: 'BOWL',
        name: '',
        isLive: false,
        unknownStatus: 'Hibernating',
      },
    ]);
    expect(Object.fromEntries(search(asked[0]!.url))).toMatchObject({ filter: 'all', limit: '50', offset: '0' });
  });

  it('may be empty, and is malformed without its list', async () => {
    expect((await one({ code: '0', data: { total_products: 0 } })).page).toEqual({ items: [] });
    expect((await one({ code: '0', data: { total_products: 0, products: [] } })).page).toEqual({ items: [] });
    for (const data of [null, {}, 'x', { products: 'x' }, { total_products: 5, products: [] }]) {
      await expect(one({ code: '0', data })).rejects.toMatchObject({ failure: { kind: 'malformed' } });
    }
  });

  it('throws what is about the call, and refuses a foreign cursor', async () => {
    await expect(one({ code: 'E901' })).rejects.toMatchObject({ failure: { kind: 'throttled' } });
    await expect(one({ code: '506' })).rejects.toMatchObject({ failure: { kind: 'unavailable', unanswered: false } });
    await expect(one({ code: 'SellerNotVerified' })).rejects.toMatchObject({ failure: { kind: 'refused' } });
    await expect(one({ code: '0' }, 'nonsense')).rejects.toMatchObject({ failure: { reason: 'cursor' } });
  });

  it('asks for fewer where so many are refused', async () => {
    const products = many(45, () => NOW);
    const { ids, queries } = await listAll(({ url }) =>
      Number(search(url).get('limit')) > 20 ? jsonAnswer({ code: 'E019' }) : answerOf(products, search(url)),
    );
    expect(ids).toHaveLength(45);
    expect(queries.map((query) => query.get('limit'))).toEqual(['50', '20', '20', '20']);
    await expect(listAll(() => jsonAnswer({ code: 'E019' }))).rejects.toMatchObject({ failure: { reason: '19' } });
  });
});

describe('a catalogue', () => {
  it('is read page by page, each SKU once', async () => {
    for (const count of [1, 50, 51, 120]) {
      const products = many(count, () => NOW);
      const { ids } = await listAll(({ url }) => answerOf(products, search(url)));
      expect(ids).toEqual(products.map(({ id }) => String(id)));
    }
  });

  it('is read in spans of time where it has more products than `offset` reaches', async () => {
    const products = many(10_600, (n) => Date.UTC(2024, 0, 1) + n * 3_000_000);
    const { ids, queries } = await listAll(({ url }) => answerOf(products, search(url)));
    expect(new Set(ids).size).toBe(10_600);
    expect(queries.at(-1)?.get('create_after')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0800$/);
  });

  it('goes on by `offset` as long as the channel does', async () => {
    const { ids, queries } = await listAll(({ url }) => {
      const [offset, limit] = [Number(search(url).get('offset')), Number(search(url).get('limit'))];
      const ids = Array.from({ length: 12_000 }, (_, n) => n + 1).slice(offset, offset + limit);
      const products = ids.map((id) => ({ item_id: id, skus: [{ SkuId: id }] }));
      return jsonAnswer({ code: '0', data: { total_products: 12_000, products } });
    });
    expect(new Set(ids).size).toBe(12_000);
    expect(queries.some((query) => query.has('create_after'))).toBe(false);
  });

  it('stops where more products were made in one second than can be listed', async () => {
    const products = many(10_100, () => Date.UTC(2026, 0, 1));
    await expect(listAll(({ url }) => answerOf(products, search(url)))).rejects.toMatchObject({
      failure: { kind: 'refused', reason: 'offset-ceiling' },
    });
  });

  it('loses no product when others are deleted while it is read', async () => {
    const products = many(300, () => NOW);
    const gone = new Set<number>();
    const { ids } = await listAll(({ url }, nth) => {
      if (nth > 0 && nth < 4) for (const { id } of products.splice(0, 7)) gone.add(id);
      return answerOf(products, search(url));
    });
    expect(gone.size).toBe(21);
    for (const { id } of products) expect(ids).toContain(String(id));
  });
});

describe('readItems', () => {
  const isLive = (product: unknown, sku: unknown): unknown => {
    const [item] = readItems({ item_id: 1, status: product, skus: [{ SkuId: 2, Status: sku }] }, {});
    return item?.unknownStatus ?? item?.isLive;
  };

  it('shows a SKU where both it and its product are shown', () => {
    expect(isLive('Active', 'active')).toBe(true);
    expect(isLive('Active', undefined)).toBe(true);
    expect(isLive(undefined, 'active')).toBe(true);
    expect(isLive('sold-out', 'active')).toBe(true);
    for (const status of ['InActive', 'Deleted', 'Pending QC', 'Rejected', 'LIVE_REJECTED', 'Lock', 'Suspended']) {
      expect([isLive(status, 'active'), isLive('Active', status)]).toEqual([false, false]);
    }
  });

  it('guesses at no status', () => {
    expect(isLive('Active', 'frozen')).toBe('frozen');
    expect(isLive('constructor', 'active')).toBe('constructor');
    expect(isLive(undefined, undefined)).toBe('none');
    expect(isLive('x'.repeat(500), 'active')).toBe('x'.repeat(64));
  });

  it('leaves out what has no ids', () => {
    expect(readItems({ skus: [{ SkuId: 2 }] }, {})).toEqual([]);
    expect(readItems({ item_id: 1, skus: [{ SellerSku: 'A' }, 7, null, { SkuId: 1.5 }] }, {})).toEqual([]);
  });

  it('reads any JSON', () => {
    const sku = fc.record({
      SkuId: fc.oneof(fc.nat(), fc.jsonValue()),
      Status: fc.jsonValue(),
      quantity: fc.jsonValue(),
    });
    const product = fc.record({
      item_id: fc.nat(),
      status: fc.jsonValue(),
      skus: fc.array(fc.oneof(sku, fc.jsonValue())),
    });
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), product), (value) => {
        for (const item of readItems(value, {})) {
          expect(item.channelIds['skuId']).toMatch(/^\d{1,20}$/);
          expect(item.sellable === undefined || Number.isSafeInteger(item.sellable)).toBe(true);
        }
      }),
    );
  });

  it('gives a page or a ChannelError for any answer', async () => {
    const data = fc.record({ total_products: fc.jsonValue(), products: fc.array(fc.jsonValue()) });
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.jsonValue(), fc.record({ code: fc.constant('0'), data })), async (body) => {
        const answer = await one(JSON.stringify(body)).catch((error: unknown) => error);
        if (answer instanceof ChannelError) return;
        const items: readonly CatalogueItem[] = (answer as Awaited<ReturnType<typeof one>>).page.items;
        expect(Array.isArray(items)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
