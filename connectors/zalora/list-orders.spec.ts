import * as fc from 'fast-check';
import { jsonAnswer, scriptedCall } from '../kit/scripted-call';
import { aShop } from './a-shop';
import page from './fixtures/orders-page.json';
import { listOrders } from './list-orders';

const FROM = Date.parse('2023-11-14T22:13:20.001Z');
const TO = Date.parse('2023-11-15T00:00:00Z');

async function list(by: 'created' | 'updated', answer: unknown = page) {
  const { call, asked } = scriptedCall(aShop(), () => jsonAnswer(answer));
  const listed = await listOrders(call, { by, from: FROM, to: TO });
  const { pathname, searchParams } = new URL(asked[0]?.url ?? '');
  return { listed, pathname, query: Object.fromEntries(searchParams), asked };
}

describe('listOrders', () => {
  it('asks for what was updated, oldest change first, by instants with their zone', async () => {
    const { listed, pathname, query } = await list('updated');
    expect(pathname).toBe('/v2/orders');
    expect(query).toEqual({
      limit: '100',
      offset: '0',
      updateDateStart: '2023-11-14T22:13:20.001Z',
      updateDateEnd: '2023-11-15T00:00:00.000Z',
      sort: 'updatedAt',
      sortDir: 'asc',
    });
    expect(listed).toEqual({ externalIds: ['1900321', '1900322'], updatedAt: new Map() });
  });

  it("tells an order's instant as the order that is read has it, and none where the list leaves the items out", async () => {
    const row = (id: number, ...items: object[]) => ({ id, updatedAt: '2023-11-14T22:15:00.000001Z', items });
    const items = [
      row(1, { updatedAt: '2023-11-14T22:15:02.5Z' }, { lastStatusChangedAt: '2023-11-14T22:15:09.123456Z' }),
      row(2, {}),
      row(3, { updatedAt: 'yesterday' }),
      { id: 4, updatedAt: '2023-11-14T22:15:00Z' },
      { id: 5, items: [] },
    ];
    const { listed } = await list('updated', { items, pagination: { hasNext: false } });
    expect(listed.updatedAt).toEqual(
      new Map([
        ['1', Date.parse('2023-11-14T22:15:09.123Z')],
        ['2', Date.parse('2023-11-14T22:15:00Z')],
      ]),
    );
  });

  it('asks for what was created, oldest first', async () => {
    expect((await list('created')).query).toEqual({
      limit: '100',
      offset: '0',
      dateStart: '2023-11-14T22:13:20.001Z',
      dateEnd: '2023-11-15T00:00:00.000Z',
      sort: 'createdAt',
      sortDir: 'asc',
    });
  });

  it('goes on at the cursor, one row before where it stopped', async () => {
    const first = await list('updated', { ...page, pagination: { ...page.pagination, hasNext: true } });
    const { call, asked } = scriptedCall(aShop(), () => jsonAnswer(page));
    await listOrders(call, { by: 'updated', from: FROM, to: TO }, first.listed.next);
    expect(new URL(asked[0]?.url ?? '').searchParams.get('offset')).toBe('1');
  });

  it('keeps no endless text in its cursor', async () => {
    const items = [{ id: 1 }, { id: 2, updatedAt: 'x'.repeat(9999) }];
    const { listed } = await list('updated', { items, pagination: { hasNext: true } });
    expect(listed.next).toBe('{"offset":1,"seen":["2@"]}');
  });

  it('takes ids as text too, each once', async () => {
    const items = [{ id: '7' }, { id: 7 }, { id: '0008' }];
    expect((await list('updated', { items, pagination: { hasNext: false } })).listed.externalIds).toEqual(['7', '8']);
  });

  it.each([
    [401, {}, 'unauthorized'],
    [422, {}, 'refused'],
    [429, {}, 'throttled'],
    [200, { items: [{ id: 'x' }] }, 'malformed'],
    [200, [], 'malformed'],
  ])('throws for %i %j', async (status, body, kind) => {
    const { call } = scriptedCall(aShop(), () => jsonAnswer(body, status));
    await expect(listOrders(call, { by: 'updated', from: FROM, to: TO })).rejects.toMatchObject({ failure: { kind } });
  });

  it('lists ids, or throws a ChannelError, whatever the answer', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (row) => {
        const listed = await list('updated', { items: [row] }).catch((error: unknown) => error);
        if (listed instanceof Error) expect(listed.name).toBe('ChannelError');
        else expect(listed).toMatchObject({ listed: { externalIds: [expect.stringMatching(/^\d+$/)] } });
      }),
    );
  });
});
