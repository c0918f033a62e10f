import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { type ChannelAnswer, ChannelError, type OrderWindow } from '../kit';
import { jsonAnswer, scriptedCall } from '../kit/scripted-call';
import { aShop } from './a-shop';
import { listOrders } from './list-orders';

const SHOP = aShop();
const fixture = (name: string): string => readFileSync(join(__dirname, 'fixtures', name), 'utf8');
const T0 = Date.UTC(2026, 10, 11);
const SECOND = 1000;
const WINDOW: OrderWindow = { by: 'updated', from: T0, to: T0 + 3_600 * SECOND };

interface Stored {
  id: number;
  at: number;
}

/** `/orders/get` as it is documented: both bounds inclusive, sorted, `offset` up to 5,000, `limit` up to 100. */
function answerOf(stored: readonly Stored[], query: URLSearchParams, by: 'created' | 'updated'): ChannelAnswer {
  const bound = (name: string): number =>
    Date.parse(query.get(by === 'created' ? `created_${name}` : `update_${name}`)!);
  const [after, before, offset, limit] = [bound('after'), bound('before'), +query.get('offset')!, +query.get('limit')!];
  if (offset > 5000) return jsonAnswer({ code: '14', type: 'ISV', message: 'E014: Invalid Offset' });
  if (limit > 100) return jsonAnswer({ code: '19', type: 'ISV', message: 'E019: Invalid Limit' });
  const all = stored.filter(({ at }) => at >= after && at <= before).sort((a, b) => a.at - b.at || a.id - b.id);
  const orders = all.slice(offset, offset + limit).map(({ id, at }) => ({
    order_id: id,
    [`${by}_at`]: `${new Date(at + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ')} +0800`,
  }));
  return jsonAnswer({ code: '0', data: { count: orders.length, countTotal: all.length, orders } });
}

/** Reads the whole list; `between` is run before every page. */
async function listAll(
  stored: readonly Stored[],
  window: OrderWindow,
  between: (nth: number) => void = () => undefined,
) {
  const { call, asked } = scriptedCall(SHOP, ({ url }, nth) => {
    between(nth);
    return answerOf(stored, new URL(url).searchParams, window.by);
  });
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listOrders(call, window, cursor);
    ids.push(...page.externalIds);
    cursor = page.next;
  } while (cursor !== undefined && asked.length < 400);
  expect(cursor).toBeUndefined();
  const params = asked.map(({ url }) => Object.fromEntries(new URL(url).searchParams));
  return { ids: new Set(ids), params };
}

const many = (count: number, at: (n: number) => number): Stored[] =>
  Array.from({ length: count }, (_, n) => ({ id: n + 1, at: at(n) }));
const idsOf = (stored: readonly Stored[]): Set<string> => new Set(stored.map(({ id }) => String(id)));

async function one(body: unknown, window: OrderWindow = WINDOW, cursor?: string) {
  const { call, asked } = scriptedCall(SHOP, () =>
    typeof body === 'string' ? { status: 200, headers: {}, body } : jsonAnswer(body),
  );
  return { page: await listOrders(call, window, cursor), asked };
}

describe('one page of orders', () => {
  it('is asked for oldest first, with instants as the page writes them, a second more on both sides', async () => {
    const { page, asked } = await one(fixture('orders-get.json'));
    expect(page).toEqual({
      externalIds: ['92604229001983631', '260422900198363'],
      updatedAt: new Map([
        ['92604229001983631', Date.parse('2018-05-17T02:00:00Z')],
        ['260422900198363', Date.parse('2018-05-17T02:00:05Z')],
      ]),
    });
    const params = Object.fromEntries(new URL(asked[0]!.url).searchParams);
    expect(params).toMatchObject({
      update_after: '2026-11-11T07:59:59+08:00',
      update_before: '2026-11-11T09:00:01+08:00',
      sort_by: 'updated_at',
      sort_direction: 'ASC',
      offset: '0',
      limit: '100',
    });
    expect(asked[0]).toMatchObject({ method: 'GET', effect: 'read' });
    const created = await one(fixture('orders-get.json'), { ...WINDOW, by: 'created' });
    expect(created.asked[0]?.url).toContain('created_after=2026-11-11T07%3A59%3A59%2B08%3A00');
    expect(created.asked[0]?.url).toContain('sort_by=created_at');
    expect(created.asked[0]?.url).not.toContain('update_');
  });

  it('leaves out only what the extra seconds brought in', async () => {
    const stored = [-1, 0, 3600, 3601].map((second, id) => ({ id: id + 1, at: T0 + second * SECOND }));
    expect((await listAll(stored, { ...WINDOW, by: 'created' })).ids).toEqual(new Set(['2', '3']));
    expect((await listAll(stored, WINDOW)).ids).toEqual(idsOf(stored));
    // A clock that is hours off is no reason to lose an order.
    const odd = {
      code: '0',
      data: { countTotal: 1, orders: [{ order_id: 1, created_at: '2026-11-10 10:00:00 +0800' }] },
    };
    expect((await one(odd, { ...WINDOW, by: 'created' })).page.externalIds).toEqual(['1']);
  });

  it('may be empty, without its list', async () => {
    for (const data of [{ count: 0, countTotal: 0, orders: [] }, { count: '0', orders: null }, { count: 0 }]) {
      expect((await one({ code: '0', data })).page).toEqual({ externalIds: [], updatedAt: new Map() });
    }
  });

  it('is malformed without ids, and never shorter for it', async () => {
    for (const data of [
      null,
      'x',
      {},
      { orders: 'x' },
      { orders: [{}] },
      { orders: [{ order_id: 1.5 }, { order_id: 2 }] },
    ]) {
      await expect(one({ code: '0', data })).rejects.toMatchObject({ failure: { kind: 'malformed' } });
    }
    const early = { code: '0', data: { countTotal: 3, orders: [] } };
    await expect(one(early)).rejects.toMatchObject({ failure: { kind: 'malformed' } });
  });

  it('ends a list of unknown length with a page that is not full', async () => {
    const rows = (count: number) => many(count, () => T0).map(({ id }) => ({ order_id: id }));
    expect((await one({ code: '0', data: { orders: rows(99) } })).page.next).toBeUndefined();
    expect((await one({ code: '0', data: { orders: rows(100) } })).page.next).toBeDefined();
  });

  it('throws what is about the call', async () => {
    const failures: readonly (readonly [code: string, failure: object])[] = [
      ['901', { kind: 'throttled' }],
      ['998', { kind: 'unavailable', unanswered: false }],
      ['IllegalAccessToken', { kind: 'unauthorized' }],
      ['E017', { kind: 'refused', reason: '17' }],
      ['36', { kind: 'refused', reason: '36' }],
      ['74', { kind: 'refused', reason: '74' }],
    ];
    for (const [code, failure] of failures) await expect(one({ code })).rejects.toMatchObject({ failure });
  });

  it('is asked for with half the rows when it was too much, and so are the next', async () => {
    const stored = many(120, (n) => T0 + n * SECOND);
    const { call, asked } = scriptedCall(SHOP, ({ url }) => {
      const { searchParams } = new URL(url);
      return +searchParams.get('limit')! > 50
        ? jsonAnswer({ code: '513', type: 'ISP', message: 'ServiceTimeout' })
        : answerOf(stored, searchParams, 'updated');
    });
    const first = await listOrders(call, WINDOW);
    expect(first.externalIds).toHaveLength(50);
    await listOrders(call, WINDOW, first.next);
    expect(asked.map(({ url }) => new URL(url).searchParams.get('limit'))).toEqual(['100', '50', '50']);
    const never = scriptedCall(SHOP, () => jsonAnswer({ code: 'ServiceTimeout' }));
    await expect(listOrders(never.call, WINDOW)).rejects.toMatchObject({ failure: { kind: 'unavailable' } });
    expect(never.asked).toHaveLength(2);
  });

  it('refuses a cursor that is not its own', async () => {
    for (const cursor of ['', 'x', 'e30', Buffer.from('{"after":-1,"offset":0,"limit":1}').toString('base64url')]) {
      await expect(one(fixture('orders-get.json'), WINDOW, cursor)).rejects.toMatchObject({
        failure: { kind: 'refused', reason: 'cursor' },
      });
    }
  });
});

describe('a list of orders', () => {
  it('goes on behind an offset of 5,000, from the instant of the last row', async () => {
    // 13 orders share each second, so that a page ends between two of one instant.
    const stored = many(12_000, (n) => T0 + Math.floor(n / 13) * SECOND);
    for (const by of ['created', 'updated'] as const) {
      const { ids, params } = await listAll(stored, { ...WINDOW, by });
      expect(ids).toEqual(idsOf(stored));
      expect(Math.max(...params.map(({ offset }) => Number(offset)))).toBeLessThanOrEqual(5000);
    }
  });

  it('stops where more orders share one instant than can be listed', async () => {
    const stored = many(5_200, () => T0 + SECOND);
    const late = many(5_200, () => T0 + 5 * SECOND);
    for (const rows of [stored, late]) {
      await expect(listAll(rows, WINDOW)).rejects.toMatchObject({
        failure: { kind: 'refused', reason: 'offset-ceiling' },
      });
    }
  });

  it('loses none of the orders that move up when others change while it is read', async () => {
    for (const changes of [3, 40]) {
      const stored = many(1_000, (n) => T0 + n * SECOND);
      const changed = new Set<number>();
      const { ids } = await listAll(stored, WINDOW, (nth) => {
        // Orders that were listed already change: they leave the window, which ends in the past.
        for (const order of stored.slice(nth * changes, (nth + 1) * changes)) {
          if (nth > 8 || nth === 0) break;
          order.at = WINDOW.to + 60 * SECOND;
          changed.add(order.id);
        }
      });
      expect(changed.size).toBeGreaterThan(0);
      for (const { id } of stored) if (!changed.has(id)) expect(ids).toContain(String(id));
    }
  });

  it('is complete for any spread of instants, by whole pages and around their ends', async () => {
    const spread = fc.tuple(fc.constantFrom(0, 1, 99, 100, 101, 199, 200, 430), fc.integer({ min: 1, max: 60 }));
    await fc.assert(
      fc.asyncProperty(spread, async ([count, perSecond]) => {
        const stored = many(count, (n) => T0 + Math.floor(n / perSecond) * SECOND);
        for (const by of ['created', 'updated'] as const) {
          expect((await listAll(stored, { ...WINDOW, by })).ids).toEqual(idsOf(stored));
        }
      }),
      { numRuns: 40 },
    );
  });

  it('gives a page or a ChannelError for any answer', async () => {
    const data = fc.oneof(
      fc.jsonValue(),
      fc.record({
        countTotal: fc.jsonValue(),
        orders: fc.array(fc.record({ order_id: fc.oneof(fc.nat(), fc.jsonValue()), updated_at: fc.jsonValue() })),
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.jsonValue(), fc.record({ code: fc.constant('0'), data })), async (body) => {
        const answer = await one(JSON.stringify(body)).catch((error: unknown) => error);
        if (answer instanceof ChannelError) return;
        const { page } = answer as Awaited<ReturnType<typeof one>>;
        for (const id of page.externalIds) expect(id).toMatch(/^\d{1,20}$/);
      }),
      { numRuns: 300 },
    );
  });
});
