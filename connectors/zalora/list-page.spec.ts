import * as fc from 'fast-check';
import { z } from 'zod';
import type { ChannelAnswer, ChannelRequest } from '../kit';
import { jsonAnswer, scriptedCall } from '../kit/scripted-call';
import { aShop } from './a-shop';
import { readListPage, type MovingList } from './list-page';

interface Row {
  readonly id: number;
  readonly at: number;
}

const listOf = (limit: number): MovingList<Row> => ({
  path: '/v2/things',
  query: { sort: 'updatedAt' },
  limit,
  row: z.object({ id: z.int(), at: z.int() }),
  placeOf: ({ id, at }) => `${id}@${at}`,
});

const windowOf = ({ url }: ChannelRequest) => {
  const query = new URL(url).searchParams;
  return { limit: Number(query.get('limit')), offset: Number(query.get('offset')) };
};

/** Zalora's paging over rows that may change between two calls; rows are sorted by `at`. */
function served(rows: () => readonly Row[], told: (offset: number, end: number, all: number) => object) {
  return (request: ChannelRequest): ChannelAnswer => {
    const { limit, offset } = windowOf(request);
    const items = [...rows()].sort((a, b) => a.at - b.at).slice(offset, offset + limit);
    return jsonAnswer({ items, pagination: { limit, offset, ...told(offset, offset + items.length, rows().length) } });
  };
}

const hasNext = (_offset: number, end: number, all: number) => ({ hasNext: end < all });

async function readAll(serve: (request: ChannelRequest) => ChannelAnswer, limit: number, between = () => {}) {
  const { call, asked } = scriptedCall(aShop(), serve);
  const ids = new Set<number>();
  let cursor: string | undefined;
  do {
    const page = await readListPage(call, listOf(limit), cursor);
    for (const { id } of page.rows) ids.add(id);
    cursor = page.next;
    between();
  } while (cursor !== undefined && asked.length < 10_000);
  return { ids, asked };
}

const numbered = (count: number): Row[] => Array.from({ length: count }, (_, id) => ({ id, at: id }));

describe('readListPage', () => {
  it('begins each page with the last ten rows of the one before', async () => {
    const { ids, asked } = await readAll(
      served(() => numbered(250), hasNext),
      100,
    );
    expect(ids.size).toBe(250);
    expect(asked.map((request) => windowOf(request).offset)).toEqual([0, 90, 180]);
    expect(new URL(asked[0]?.url ?? '').searchParams.get('sort')).toBe('updatedAt');
  });

  it('goes by the total where no `hasNext` is told, and by full pages where neither is', async () => {
    const total = await readAll(
      served(
        () => numbered(25),
        (_o, _e, totalCount) => ({ totalCount }),
      ),
      20,
    );
    expect(total.ids.size).toBe(25);
    const nothing = await readAll(
      served(
        () => numbered(25),
        () => ({}),
      ),
      20,
    );
    expect(nothing.ids.size).toBe(25);
    const { call } = scriptedCall(
      aShop(),
      served(
        () => numbered(25),
        (_o, _e, totalCount) => ({ totalCount }),
      ),
    );
    expect(await readListPage(call, listOf(20))).toMatchObject({ total: 25 });
  });

  it('goes back when more rows left their places than each page repeats', async () => {
    let rows = numbered(60);
    const { ids, asked } = await readAll(
      served(() => rows, hasNext),
      20,
      () => {
        rows = rows.filter(({ id }) => id > 14);
      },
    );
    expect([...ids].sort((a, b) => a - b)).toEqual(numbered(60).map(({ id }) => id));
    expect(asked.slice(0, 3).map((request) => windowOf(request).offset)).toEqual([0, 10, 0]);
  });

  it('loses no row when others before it are changed, and so move to the end, or leave the window', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          count: fc.integer({ min: 1, max: 60 }),
          limit: fc.integer({ min: 2, max: 25 }),
          changes: fc.array(fc.record({ row: fc.nat(59), leaves: fc.boolean() }), { maxLength: 60 }),
          atOnce: fc.integer({ min: 1, max: 60 }),
        }),
        async ({ count, limit, changes, atOnce }) => {
          let rows = numbered(count);
          let clock = count;
          const touched = new Set<number>();
          const left = [...changes];
          const change = () => {
            for (const { row, leaves } of left.splice(0, atOnce)) {
              touched.add(row);
              rows = leaves
                ? rows.filter(({ id }) => id !== row)
                : rows.map((each) => (each.id === row ? { id: row, at: (clock += 1) } : each));
            }
          };
          const { ids } = await readAll(
            served(() => rows, hasNext),
            limit,
            change,
          );
          for (const { id } of numbered(count)) if (!touched.has(id)) expect(ids).toContain(id);
        },
      ),
    );
  });

  it('gives up, without an end told, when the list changes faster than it can be read', async () => {
    let clock = 0;
    const { call } = scriptedCall(aShop(), (request) => {
      const { limit, offset } = windowOf(request);
      const items = Array.from({ length: limit }, (_, id) => ({ id, at: (clock += 1) }));
      return jsonAnswer({ items, pagination: { hasNext: true, offset } });
    });
    const cursor = JSON.stringify({ offset: 100_000, seen: ['1@1'] });
    await expect(readListPage(call, listOf(10), cursor)).rejects.toMatchObject({
      failure: { kind: 'unavailable', unanswered: false },
    });
  });

  it.each(['', '{}', '[]', '{"offset":-1,"seen":[]}'])('refuses the cursor %j', async (cursor) => {
    const { call } = scriptedCall(aShop(), () => jsonAnswer({ items: [] }));
    await expect(readListPage(call, listOf(10), cursor)).rejects.toMatchObject({
      failure: { kind: 'refused', reason: 'cursor' },
    });
  });

  it('ends, or throws a ChannelError, whatever the answer', async () => {
    const item = fc.oneof(fc.jsonValue(), fc.record({ id: fc.nat(), at: fc.nat() }));
    const page = fc.record({ items: fc.array(item), pagination: fc.jsonValue() });
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.jsonValue(), page), async (answer) => {
        const { call } = scriptedCall(aShop(), () => jsonAnswer(answer));
        const read = await readListPage(call, listOf(10)).catch((error: unknown) => error);
        if (read instanceof Error) expect(read.name).toBe('ChannelError');
        else expect(read).toHaveProperty('rows');
      }),
    );
  });
});
