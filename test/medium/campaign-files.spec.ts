import { buffer } from 'node:stream/consumers';
import { positionIdOf, type SellerId } from '../../src/domain';
import { SHEET_TYPES, type OutCell, type SheetFormat } from '../../src/platform/sheet';
import { writeSheet } from '../../src/platform/write-sheet';
import { skuRecord } from '../builders/records';
import { expectStatus, seedSeller, startConsoleHub, type ConsoleHub, type SeededSeller } from '../support/console-hub';
import { seedThings, type SeededThings } from '../support/console-seed';

const MANY = 2000;
const MOST = 20_000;
let hub: ConsoleHub;
let acme: SeededSeller;
let other: SeededSeller;
let things: SeededThings;

beforeAll(async () => {
  hub = await startConsoleHub();
  [acme, other] = [await seedSeller(hub, 'acme'), await seedSeller(hub, 'other')];
  things = await seedThings(hub, acme, '1');
  const skus = [...Array.from({ length: MANY }, (_, at) => skuOf(at)), 'CUP', '=1+1'];
  const docs = skus.map((sku) => ({ ...skuRecord(seller, sku), _id: positionIdOf(seller, sku), words: [] }));
  await hub.db.collection<{ _id: string }>('skus').insertMany(docs, { ordered: false });
}, 60_000);
afterAll(() => hub.stop());

const seller = 'acme' as SellerId;
const skuOf = (at: number): string => `S-${String(at).padStart(5, '0')}`;
const row = (sku: string, quantity: number) => ({ sku, quantity, shops: [things.shop] });

async function* given<Item>(items: Iterable<Item>): AsyncGenerator<Item> {
  yield* items;
}

interface Sent {
  readonly format?: SheetFormat;
  readonly query?: string;
  readonly as?: string | undefined;
  readonly headers?: Record<string, string>;
}

async function send(id: string, rows: readonly (readonly OutCell[])[], more: Sent = {}) {
  const { format = 'csv', query = '', as = acme.keys['editor'], headers = {} } = more;
  const answer = await hub.app.inject({
    ...{ method: 'POST', url: `/v1/campaigns/${id}/items/import${query}` },
    payload: await buffer(writeSheet(given([['sku', 'quantity', 'shops'], ...rows]), format)),
    headers: {
      ...{ host: '127.0.0.1', authorization: `Bearer ${as}`, 'content-type': SHEET_TYPES[format] },
      ...headers,
    },
  });
  return { status: answer.statusCode, etag: answer.headers['etag'], body: answer.json() };
}

async function draft(items: readonly object[] = []): Promise<string> {
  const sale = { name: 'Sale', kind: 'bulk', stockMode: 'allocation', endsAt: '2030-01-01T00:00:00.000Z', items };
  const call = { method: 'POST', path: '/v1/campaigns', as: acme.keys['editor'], body: sale } as const;
  return (await expectStatus(hub.call(call), 201)).body.id;
}

const get = async (id: string) =>
  (await expectStatus(hub.call({ path: `/v1/campaigns/${id}`, as: acme.keys['viewer'] }), 200)).body;
const itemsOf = async (id: string): Promise<unknown[]> =>
  (await get(id)).items.map(({ sku, quantity, shops }: Record<string, unknown>) => ({ sku, quantity, shops }));
const listsOf = (campaign: string) => hub.db.collection('campaign-items').distinct('list', { campaign });

describe.each(['csv', 'xlsx'] as const)('a file of items as %s', (format) => {
  it('sets what it names, and leaves every other item as it is', async () => {
    const id = await draft([row('CUP', 1), row('MUG', 60)]);
    const rows = [
      ['=1+1', 4, things.shop],
      ['MUG', 40, things.shop],
    ];
    const { status, etag, body } = await send(id, rows, { format });
    expect([status, etag]).toEqual([200, '"2"']);
    expect(body).toEqual({
      ...{ rows: 2, faulty: 0, saved: 2, version: 2 },
      items: [
        { row: 2, sku: '=1+1', state: 'saved' },
        { row: 3, sku: 'MUG', state: 'saved' },
      ],
    });
    expect(await itemsOf(id)).toEqual([row('=1+1', 4), row('CUP', 1), row('MUG', 40)]);
    expect(await listsOf(id)).toHaveLength(1);
  });

  it('saves nothing where rows are faulty, and names every fault of each of them', async () => {
    const id = await draft([row('CUP', 1)]);
    const rows = [
      ['MUG', 5, things.shop],
      ['NONE', 0, `${things.shop} nowhere`],
      ['CUP', 2, things.shop],
      ['CUP', 3, things.shop],
    ];
    const { status, body } = await send(id, rows, { format });
    expect([status, body.code, body.rows, body.faulty, body.saved]).toEqual([422, 'invalid', 4, 3, 0]);
    expect(body.items).toEqual([
      { row: 2, sku: 'MUG', state: 'not-saved' },
      {
        ...{ row: 3, sku: 'NONE', state: 'faulty' },
        faults: [
          { column: 'quantity', message: 'must be at least 1' },
          { column: 'sku', message: 'there is no such sku' },
          { column: 'shops', message: 'there is no shop nowhere' },
        ],
      },
      { row: 4, sku: 'CUP', state: 'faulty', faults: [{ column: 'sku', message: 'stands in row 5 too' }] },
      { row: 5, sku: 'CUP', state: 'faulty', faults: [{ column: 'sku', message: 'stands in row 4 too' }] },
    ]);
    expect(body.errors.map(({ path }: { path: string }) => path)).toEqual([
      ...['rows.3.quantity', 'rows.3.sku', 'rows.3.shops'],
      ...['rows.4.sku', 'rows.5.sku'],
    ]);
    expect([(await get(id)).version, await itemsOf(id)]).toEqual([1, [row('CUP', 1)]]);
  });

  it('saves the good rows beside the faulty ones where that is asked for', async () => {
    const id = await draft([row('CUP', 1)]);
    const rows = [
      ['MUG', 5, things.shop],
      ['NONE', 5, things.shop],
    ];
    const { status, body } = await send(id, rows, { format, query: '?partial=true' });
    expect([status, body.faulty, body.saved, body.version]).toEqual([200, 1, 1, 2]);
    expect(body.items).toMatchObject([{ state: 'saved' }, { row: 3, state: 'faulty' }]);
    expect(await itemsOf(id)).toEqual([row('CUP', 1), row('MUG', 5)]);
  });
});

describe('a file of items', () => {
  it('changes nothing where no row of it is good, also where good ones would be saved', async () => {
    const id = await draft();
    const answer = await send(id, [['NONE', 1, things.shop]], { query: '?partial=true' });
    expect(answer).toMatchObject({ status: 200, etag: '"1"', body: { faulty: 1, saved: 0 } });
    expect((await get(id)).version).toBe(1);
  });

  it(`sets ${MANY} items at once`, async () => {
    const id = await draft([row('CUP', 1)]);
    const rows = Array.from({ length: MANY }, (_, at) => [skuOf(at), at + 1, things.shop]);
    expect((await send(id, rows, { format: 'xlsx' })).body).toMatchObject({ rows: MANY, saved: MANY });
    expect(await get(id)).toMatchObject({ version: 2, itemCount: MANY + 1 });
  });

  it('has no more items than a campaign may have, nor makes them so many', async () => {
    const long = Array.from({ length: MOST + 1 }, (_, at) => [`T-${at}`, 1, things.shop]);
    const id = await draft();
    expect(await send(id, long)).toMatchObject({ status: 413, body: { code: 'too-large' } });
    const fifty = Array.from({ length: 50 }, (_, at) => `shop-${at}`);
    const wide = Array.from({ length: MOST / 50 + 1 }, (_, at) => [skuOf(at), 1, fifty.join()]);
    expect(await send(id, wide)).toMatchObject({ status: 422, body: { errors: [{ path: 'rows' }] } });
    const full = await draft(wide.slice(1).map(([sku, quantity]) => ({ sku, quantity, shops: fifty })));
    const beyond = await send(full, [['CUP', 1, things.shop]]);
    expect(beyond).toMatchObject({ status: 422, body: { errors: [{ path: 'rows' }] } });
    expect(await get(full)).toMatchObject({ version: 1, itemCount: MOST });
  });

  it('is refused where its columns are not those of items', async () => {
    const url = `/v1/campaigns/${await draft()}/items/import`;
    const headers = { authorization: `Bearer ${acme.keys['editor']}`, 'content-type': SHEET_TYPES.csv };
    const answer = await hub.app.inject({
      ...{ method: 'POST', url, payload: 'sku,price\nMUG,1\n' },
      headers: { host: '127.0.0.1', ...headers },
    });
    expect(answer.statusCode).toBe(422);
    expect(answer.json().errors.map(({ path }: { path: string }) => path)).toEqual(['price', 'quantity', 'shops']);
  });

  it("names no sku and no shop of another seller's, and no campaign of theirs", async () => {
    const theirs = await seedThings(hub, other, '2');
    const id = await draft();
    const { body } = await send(id, [['MUG', 1, theirs.shop]]);
    expect(body.items).toMatchObject([{ faults: [{ column: 'shops' }] }]);
    expect((await send(id, [['MUG', 1, theirs.shop]], { as: other.keys['editor'] })).status).toBe(404);
    expect((await send(id, [], { as: acme.keys['viewer'] })).status).toBe(403);
  });
});

describe('a draft that a file is for', () => {
  const one = (id: string, more: Sent = {}) => send(id, [['MUG', 5, things.shop]], more);

  it('is the version that the caller saw, where it names one', async () => {
    const id = await draft();
    expect(await one(id, { headers: { 'if-match': '"7"' } })).toMatchObject({ status: 412, body: { code: 'stale' } });
    expect(await one(id, { headers: { 'if-match': '"1"' } })).toMatchObject({ status: 200, etag: '"2"' });
  });

  it('is written once for an Idempotency-Key', async () => {
    const id = await draft();
    const first = await one(id, { headers: { 'idempotency-key': 'k' } });
    expect(await one(id, { headers: { 'idempotency-key': 'k' } })).toEqual(first);
    expect((await get(id)).version).toBe(2);
  });

  it('is edited by one of those who come at once, and keeps that list only', async () => {
    const id = await draft([row('CUP', 1)]);
    const patch = { name: 'Other', items: [row('CUP', 9)] };
    const edit = { method: 'PATCH', path: `/v1/campaigns/${id}`, as: acme.keys['editor'], body: patch } as const;
    const [file, patched] = await Promise.all([one(id), hub.call({ ...edit, headers: { 'if-match': '"1"' } })]);
    const isFileFirst = file.status === 200 && patched.status === 412;
    const isPatchFirst = patched.status === 200 && [200, 412].includes(file.status);
    expect([file.status, patched.status, isFileFirst || isPatchFirst]).toEqual([file.status, patched.status, true]);
    const cup = patched.status === 200 ? 9 : 1;
    const items = [row('CUP', cup), ...(file.status === 200 ? [row('MUG', 5)] : [])];
    expect([await itemsOf(id), await listsOf(id)]).toEqual([items, [expect.any(String)]]);
  });

  it('is a draft still, and its log is not full', async () => {
    const id = await draft([row('MUG', 1)]);
    await hub.db.collection('campaigns').updateOne({ id }, { $set: { entries: 1000 } });
    expect(await one(id)).toMatchObject({ status: 409, body: { code: 'full' } });
    await hub.db.collection('campaigns').updateOne({ id }, { $set: { entries: 1, state: 'approved' } });
    expect(await one(id)).toMatchObject({ status: 409, body: { code: 'approved' } });
    const { items } = (await hub.call({ path: `/v1/campaigns/${id}/activity`, as: acme.keys['viewer'] })).body;
    expect(items).toHaveLength(1);
  });

  it('tells in its log who did it', async () => {
    const id = await draft();
    await one(id);
    const { items } = (await hub.call({ path: `/v1/campaigns/${id}/activity`, as: acme.keys['viewer'] })).body;
    expect(items[1]).toMatchObject({ did: 'edited', by: 'editor of acme', changed: ['items'], version: 2 });
  });
});
