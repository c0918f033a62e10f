import { buffer } from 'node:stream/consumers';
import { keyOf, positionIdOf, type LongJobId, type SellerId } from '../../src/domain';
import { readSheet } from '../../src/platform/read-sheet';
import { SHEET_LIMITS, SHEET_TYPES, type OutCell, type SheetFormat } from '../../src/platform/sheet';
import { writeSheet } from '../../src/platform/write-sheet';
import { LongJobsStore, type LongJob } from '../../src/store/long-jobs.store';
import { LongWork } from '../../src/store/long-work';
import { PositionsStore } from '../../src/store/positions.store';
import { SkusStore } from '../../src/store/skus.store';
import { skuRecord } from '../builders/records';
import { seedSeller, startConsoleHub, type ConsoleHub, type SeededSeller } from '../support/console-hub';

const MANY = 5000;
const HEADER = ['sku', 'onHand', 'reason'];
let hub: ConsoleHub;
let acme: SeededSeller;
let other: SeededSeller;

beforeAll(async () => {
  hub = await startConsoleHub();
  [acme, other] = [await seedSeller(hub, 'acme'), await seedSeller(hub, 'other')];
  const skus = [...Array.from({ length: MANY }, (_, at) => skuOf(at)), 'MUG', 'CUP', '=1+1', '-X'];
  const docs = skus.map((sku) => ({ ...skuRecord(seller, sku), _id: positionIdOf(seller, sku), words: [] }));
  await hub.db.collection<{ _id: string }>('skus').insertMany(docs, { ordered: false });
}, 60_000);
afterAll(() => hub.stop());

const seller = 'acme' as SellerId;
const skuOf = (at: number): string => `S-${String(at).padStart(5, '0')}`;

async function* given<Item>(items: Iterable<Item>): AsyncGenerator<Item> {
  yield* items;
}
const fileOf = (rows: Iterable<readonly OutCell[]>, format: SheetFormat): Promise<Buffer> =>
  buffer(writeSheet(given(rows), format));

interface Sent {
  readonly file: Buffer;
  readonly format?: SheetFormat;
  readonly query?: string;
  readonly as?: string | undefined;
  readonly headers?: Record<string, string>;
}

async function send({ file, format = 'csv', query = '', as = acme.keys['operator'], headers = {} }: Sent) {
  const answer = await hub.app.inject({
    ...{ method: 'POST', url: `/v1/stock-files/import${query}`, payload: file },
    headers: {
      ...{ host: '127.0.0.1', authorization: `Bearer ${as}`, 'content-type': SHEET_TYPES[format] },
      ...headers,
    },
  });
  return { status: answer.statusCode, body: answer.json() };
}

const sendRows = (rows: readonly (readonly OutCell[])[], more: Omit<Sent, 'file'> = {}) =>
  fileOf([HEADER, ...rows], more.format ?? 'csv').then((file) => send({ ...more, file }));

const get = async (path: string, as = acme.keys['viewer']) => {
  const answer = await hub.app.inject({ url: path, headers: { host: '127.0.0.1', authorization: `Bearer ${as}` } });
  return { status: answer.statusCode, headers: answer.headers, bytes: answer.rawPayload, body: parsed(answer.body) };
};
function parsed(text: string) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Does steps as a worker would; with `most`, only so many, and the last of those is lost before it is kept. */
async function run(job: string, most = Infinity): Promise<LongJob> {
  const jobs = hub.app.get(LongJobsStore);
  for (let steps = 1; ; steps += 1) {
    const claimed = await jobs.claim(keyOf(seller, job) as LongJobId, steps === most ? 0 : 60_000);
    if (claimed === undefined) break;
    const step = await hub.app.get(LongWork).of(claimed.kind)!(claimed);
    if (steps === most) break;
    await jobs.enter(claimed, step);
  }
  return (await jobs.find(seller, job))!;
}

const onHandOf = async (sku: string) => (await positionOf(sku))?.onHand;
const positionOf = (sku: string) => hub.app.get(PositionsStore).find(positionIdOf(seller, sku));
const rowsOf = async (job: string, query = '') => (await get(`/v1/jobs/${job}/rows${query}`)).body.items;

describe.each(['csv', 'xlsx'] as const)('a stock file as %s', (format) => {
  const base = format === 'csv' ? 1000 : 50_000;

  it(`sets ${MANY} counts, each by one move`, async () => {
    const rows = Array.from({ length: MANY }, (_, at) => [skuOf(at), base + at, 'yearly count']);
    const { status, body } = await sendRows(rows, { format });
    expect(status).toBe(202);
    const job = await run(body.job);
    expect(job).toMatchObject({ state: 'done', done: MANY, total: MANY });
    expect(job.report).toEqual({ rows: MANY, faulty: 0, saved: MANY, savedTo: MANY + 1 });
    for (const at of [0, 999, 1000, 4999]) {
      const position = await positionOf(skuOf(at));
      expect(position).toMatchObject({ counted: true, onHand: base + at });
      const moves = position?.moves.filter(({ id }) => id.includes(job.about)) ?? [];
      expect(moves).toMatchObject([{ kind: 'count', reason: 'yearly count', by: 'operator of acme' }]);
    }
  });

  it('names every faulty row and saves nothing then', async () => {
    await run((await sendRows([['MUG', 7]], { format })).body.job);
    const faulty = [
      ['MUG', 8],
      ['NONE', 1],
      ['CUP', 'x'],
      ['CUP', 3],
      [undefined, 4],
    ];
    const { body } = await sendRows(faulty, { format });
    expect((await run(body.job)).report).toEqual({ rows: 5, faulty: 4, saved: 0, savedTo: 0 });
    expect(await rowsOf(body.job)).toEqual([
      { row: 2, sku: 'MUG', state: 'not-saved' },
      { row: 3, sku: 'NONE', state: 'faulty', faults: [{ column: 'sku', message: 'there is no such sku' }] },
      {
        ...{ row: 4, sku: 'CUP', state: 'faulty' },
        faults: [
          { column: 'onHand', message: 'must be a whole number' },
          { column: 'sku', message: 'stands in row 5 too' },
        ],
      },
      { row: 5, sku: 'CUP', state: 'faulty', faults: [{ column: 'sku', message: 'stands in row 4 too' }] },
      { row: 6, sku: '', state: 'faulty', faults: [{ column: 'sku', message: 'must be given' }] },
    ]);
    expect(await onHandOf('MUG')).toBe(7);
  });

  it('saves the good rows beside the faulty ones where that is asked for', async () => {
    const { body } = await sendRows(
      [
        ['MUG', 9],
        ['NONE', 1],
      ],
      { format, query: '?partial=true' },
    );
    expect((await run(body.job)).report).toEqual({ rows: 2, faulty: 1, saved: 1, savedTo: 3 });
    expect(await rowsOf(body.job, '?faulty=true')).toMatchObject([{ row: 3 }]);
    expect(await onHandOf('MUG')).toBe(9);
  });

  it('is exported so that it reads back, that nothing in it is calculated, and that only what is changed is counted', async () => {
    await run(
      (
        await sendRows(
          [
            ['=1+1', 4],
            ['-X', 5],
            ['MUG', 6],
          ],
          { format },
        )
      ).body.job,
    );
    const { headers, bytes } = await get(`/v1/stock-files/export?format=${format}`);
    expect(headers['content-disposition']).toBe(`attachment; filename="stock.${format}"`);
    const rows = [];
    for await (const { cells } of readSheet(bytes, format)) rows.push(cells);
    const [header = [], ...skus] = rows;
    expect(skus).toHaveLength(MANY + 4);
    expect(rows.flat().filter((cell) => /^[=+\-@]/.test(cell))).toEqual([]);
    const cellOf = (sku: string, name: string) => skus.find(([first]) => first === sku)?.[header.indexOf(name)];
    expect([cellOf("'=1+1", 'onHand'), cellOf("'-X", 'free'), cellOf('MUG', 'onHandWas')]).toEqual(['4', '5', '6']);
    const edited = rows.map((row) =>
      row.map((cell, at) => (row[0] === 'MUG' && header[at] === 'onHand' ? '60' : cell)),
    );
    await run((await sendRows([['CUP', 77]])).body.job);
    const { body } = await send({ file: await fileOf(edited.map(plainly), format), format });
    expect((await run(body.job)).report).toMatchObject({ rows: MANY + 4, faulty: 0 });
    expect([await onHandOf('MUG'), await onHandOf('CUP')]).toEqual([60, 77]);
  });

  it('has a template, whose columns an import reads', async () => {
    const columns = {
      stock: ['sku', 'onHand', 'safetyBuffer', 'lowStockAt', 'reason'],
      items: ['sku', 'quantity', 'shops'],
    };
    for (const kind of ['stock', 'items'] as const) {
      const { bytes } = await get(`/v1/stock-files/template?format=${format}&of=${kind}`);
      const rows = [];
      for await (const { cells } of readSheet(bytes, format)) rows.push(cells);
      expect(rows).toEqual([columns[kind]]);
    }
  });
});

/** A row as it was read, to be written once more. */
const plainly = (row: readonly string[]): readonly string[] => row.map((cell) => cell.replace(/^'/, ''));

describe('an import that was cut half-way', () => {
  it('goes on where it was, and applies no row twice over what happened meanwhile', async () => {
    const rows = Array.from({ length: 2500 }, (_, at) => [skuOf(at), 7]);
    const { body } = await sendRows(rows);
    const cut = await run(body.job, 5);
    expect(cut).toMatchObject({ state: 'running', done: 1000, report: { saved: 1000 } });
    expect([await onHandOf(skuOf(1999)), await onHandOf(skuOf(2000))]).not.toEqual([7, 7]);
    const counted = { onHand: 3, reason: 'a person counted' };
    await hub.root({
      method: 'PUT',
      path: `/v1/stock/${skuOf(1500)}`,
      body: counted,
      seller,
    });
    expect(await run(body.job)).toMatchObject({ state: 'done', report: { rows: 2500, faulty: 0, saved: 2500 } });
    expect([await onHandOf(skuOf(1499)), await onHandOf(skuOf(1500)), await onHandOf(skuOf(2499))]).toEqual([7, 3, 7]);
    const moves = (await positionOf(skuOf(1501)))?.moves.filter(({ id }) => id.includes(cut.about));
    expect(moves).toHaveLength(1);
  });
});

describe('a rule in a file', () => {
  it('is set with the sku and its position; an empty cell leaves it alone', async () => {
    const set = (...cells: string[]) =>
      send({ file: Buffer.from(`sku,safetyBuffer,lowStockAt\n${cells.join(',')}\n`) });
    await run((await set('CUP', '12', '3')).body.job);
    await run((await set('CUP', '', '4')).body.job);
    const rules = { safetyBuffer: 12, lowStockAt: 4 };
    expect(await hub.app.get(SkusStore).find(seller, 'CUP')).toMatchObject({ ...rules, v: 3 });
    expect(await positionOf('CUP')).toMatchObject(rules);
  });
});

describe('a sku named like a route of files', () => {
  it('is read like any other', async () => {
    for (const sku of ['export', 'template']) {
      const body = { name: sku, basePrice: { amount: '1.00', currency: 'SGD' } };
      await hub.root({ method: 'PUT', path: `/v1/skus/${sku}`, body, seller: 'other' });
      expect((await get(`/v1/stock/${sku}`, other.keys['viewer'])).body).toMatchObject({ sku });
    }
  });
});

describe('a file that is refused', () => {
  const refused = async (file: Buffer | string, format: SheetFormat, more: Omit<Sent, 'file'> = {}) =>
    send({ file: Buffer.from(file as string), format, ...more });

  it('names its unknown columns', async () => {
    const { status, body } = await refused('sku,colour,onHand,prize\nMUG,red,1,2', 'csv');
    expect([status, body.errors.map(({ path }: { path: string }) => path)]).toEqual([422, ['colour', 'prize']]);
  });

  it('is empty, too large, a bomb, or something else', async () => {
    expect(await refused('sku,onHand\n', 'csv')).toMatchObject({ status: 422, body: { code: 'invalid' } });
    const large = await refused(Buffer.alloc(SHEET_LIMITS.bytes + 1, 'a'), 'csv');
    expect(large).toMatchObject({ status: 413, body: { code: 'too-large' } });
    const wide = await fileOf(
      [['sku', 'onHand'], ...Array.from({ length: 40 }, () => ['a'.repeat(4_000_000)])],
      'xlsx',
    );
    expect(wide.length).toBeLessThan(2_000_000);
    expect(await refused(wide, 'xlsx')).toMatchObject({ status: 413, body: { code: 'too-large' } });
    expect(await refused('sku,onHand\nMUG,1', 'xlsx')).toMatchObject({ status: 422, body: { code: 'unreadable' } });
  });

  it('is too large, and hears so over a wire that is used again', async () => {
    const headers = { authorization: `Bearer ${acme.keys['operator']}`, 'content-type': SHEET_TYPES.csv };
    const url = `${(await hub.app.getUrl()).replace('[::1]', '127.0.0.1')}/v1/stock-files/import`;
    for (const [body, status] of [
      [Buffer.alloc(SHEET_LIMITS.bytes + 1, 'a'), 413],
      ['sku,onHand\nMUG,1', 202],
    ] as const) {
      expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(status);
    }
  });

  it('is one elsewhere, or JSON here', async () => {
    const headers = { 'content-type': 'application/json' };
    expect(await refused('{}', 'csv', { headers })).toMatchObject({ status: 415, body: { code: 'media-type' } });
    const elsewhere = { method: 'PUT', path: '/v1/stock/MUG', raw: 'a', as: acme.keys['operator'] } as const;
    const answer = await hub.call({ ...elsewhere, headers: { 'content-type': 'text/csv' } });
    expect([answer.status, answer.body.code]).toEqual([415, 'media-type']);
  });

  it('comes beside another of its seller, and keeps no other seller out', async () => {
    const file = Buffer.from(`sku,onHand\n${'MUG,1\n'.repeat(20_000)}`);
    const [theirs, ...mine] = await Promise.all([
      send({ file, as: other.keys['operator'] }),
      ...[1, 2, 3].map(() => send({ file })),
    ]);
    expect(theirs.status).toBe(202);
    expect(mine.map(({ status }) => status).sort()).toEqual([202, 429, 429]);
    expect((await send({ file })).status).toBe(202);
  });

  it('comes from a caller without the role, who is not even read', async () => {
    const large = Buffer.alloc(SHEET_LIMITS.bytes + 1, 'a');
    expect((await refused(large, 'csv', { as: 'x'.repeat(43) })).status).toBe(401);
    expect((await refused(large, 'csv', { as: acme.keys['viewer'] })).status).toBe(403);
  });
});

describe('a job of a file', () => {
  it('is one for an Idempotency-Key, and 422 for another file', async () => {
    const headers = { 'idempotency-key': 'file-1' };
    const first = await sendRows([['MUG', 1]], { headers });
    expect(await sendRows([['MUG', 1]], { headers })).toEqual(first);
    expect(await sendRows([['MUG', 2]], { headers })).toMatchObject({ status: 422, body: { code: 'other-body' } });
  });

  it('is not there for another seller, and its rows come page by page', async () => {
    const { body } = await sendRows(Array.from({ length: 1500 }, (_, at) => [skuOf(at), 1]));
    for (const path of [`/v1/jobs/${body.job}`, `/v1/jobs/${body.job}/rows`]) {
      expect((await get(path, other.keys['viewer'])).status).toBe(404);
    }
    const seen: number[] = [];
    for (let next: string | null = ''; next !== null;) {
      const page: { items: { row: number }[]; next: string | null } = (
        await get(`/v1/jobs/${body.job}/rows?limit=200${next && `&after=${next}`}`)
      ).body;
      seen.push(...page.items.map(({ row }) => row));
      next = page.next;
    }
    expect(seen).toEqual(Array.from({ length: 1500 }, (_, at) => at + 2));
  });
});
