import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import type { Collection, MongoClient } from 'mongodb';
import { type Acknowledged, faultsAfterCrash, writeUntilKilled } from '../support/engine/crash';
import { growFile } from '../support/engine/growth';
import type { Doc } from '../support/engine/model';
import { compareAll } from '../support/engine/compare';
import { createIndexes, refusedPlaces } from '../support/engine/operations';
import {
  connect,
  type EngineProcess,
  failedStart,
  readCost,
  spawnEngine,
  startEngine,
  temporaryFolder,
} from '../support/engine/process';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let engine: EngineProcess;
let client: MongoClient;
const stops: (() => Promise<unknown>)[] = []; // also when the start fails half way

beforeAll(async () => {
  folder = await temporaryFolder();
  stops.unshift(() => folder.remove());
  engine = await startEngine(folder.file);
  stops.unshift(() => engine.stop('SIGTERM'));
  client = await connect(engine);
  stops.unshift(() => client.close());
});

afterAll(async () => {
  for (const stop of stops) await stop();
});

describe('answers', () => {
  it('are the same with indexes, without, and from a model in memory', async () => {
    const [indexed, plain] = [
      client.db('random').collection<Doc>('indexed'),
      client.db('random').collection<Doc>('plain'),
    ];
    await createIndexes(indexed);
    await compareAll({ indexed, plain }, 7, 600);
  });

  it('keep the neighbours of a duplicate and name its place', async () => {
    const rows = client.db('batches').collection<{ _id: number; key?: string }>('rows');
    await rows.createIndex({ key: 1 }, { unique: true, sparse: true });
    await rows.insertMany([{ _id: 2 }, { _id: 4, key: 'taken' }, { _id: 5 }]);
    const batch = [{ _id: 1 }, { _id: 2 }, { _id: 3 }, { _id: 6, key: 'taken' }, { _id: 7, key: 'free' }];
    expect(await refusedPlaces(rows.insertMany(batch, { ordered: false }))).toEqual([1, 3]);
    expect(await rows.countDocuments({})).toBe(6);
    const updates = [1, 2, 3].map((_id) => ({
      updateOne: { filter: { _id }, update: { $set: { key: _id === 2 ? 'taken' : `k${_id}` } } },
    }));
    expect(await refusedPlaces(rows.bulkWrite(updates, { ordered: false }))).toEqual([1]);
    expect(await rows.find({ key: { $in: ['k1', 'k3'] } }).toArray()).toHaveLength(2);
    expect(await refusedPlaces(rows.insertMany([{ _id: 8 }, { _id: 1 }, { _id: 9 }], { ordered: true }))).toEqual([1]);
    expect(await rows.findOne({ _id: 9 })).toBeNull();
    await expect(rows.findOneAndUpdate({ _id: 5 }, { $set: { key: 'taken' } })).rejects.toMatchObject({ code: 11000 });
  });

  it('let exactly one of many swaps of a version win', async () => {
    const rows = client.db('swaps').collection<{ _id: string; v: number }>('rows');
    await rows.insertOne({ _id: 'one', v: 0 });
    for (let v = 0; v < 20; v++) {
      const swaps = await Promise.all(
        Array.from({ length: 12 }, () => rows.findOneAndUpdate({ _id: 'one', v }, { $inc: { v: 1 } })),
      );
      expect(swaps.filter((won) => won !== null)).toHaveLength(1);
    }
  });

  it('refuse what an index cannot be, and leave nothing of it', async () => {
    const rows = client.db('refused').collection<{ _id: number; key: number }>('rows');
    await rows.insertMany([
      { _id: 1, key: 1 },
      { _id: 2, key: 1 },
    ]);
    await expect(rows.createIndex({ key: 1 }, { unique: true })).rejects.toMatchObject({ code: 11000 });
    await rows.updateOne({ _id: 2 }, { $set: { key: 2 } });
    await rows.createIndex({ key: 1 }, { unique: true });
    await rows.createIndex({ key: 1 }, { unique: true });
    await expect(rows.createIndex({ key: 1 })).rejects.toMatchObject({ code: 86 });
    await expect(rows.createIndex({ key: 'text' })).rejects.toMatchObject({ code: 67 });
    await expect(rows.createIndex({ x: 1 }, { partialFilterExpression: { x: 1 } })).rejects.toMatchObject({ code: 67 });
    await expect(rows.updateOne({ _id: 1 }, [{ $set: { key: 5 } }])).rejects.toMatchObject({ code: 115 });
    expect((await rows.indexes()).map((index) => index['name']).sort()).toEqual(['_id_', 'key_1']);
  });

  it('forget what a TTL index says is over', async () => {
    const rows = client.db('ttl').collection<{ _id: number; ends?: Date }>('rows');
    await rows.createIndex({ ends: 1 }, { expireAfterSeconds: 1 });
    await rows.insertMany([{ _id: 1, ends: new Date(0) }, { _id: 2, ends: new Date(Date.now() + 60_000) }, { _id: 3 }]);
    await until(async () => (await rows.countDocuments({})) === 2);
    expect((await rows.find().toArray()).map((row) => row._id)).toEqual([2, 3]);
  });
});

describe('costs', () => {
  type Row = {
    _id: string;
    seller: string;
    status: string;
    at: number;
    order: number;
    moves: { order: string }[];
    due?: Date;
  };

  async function fill(size: number): Promise<Collection<Row>> {
    const rows = client.db('cost').collection<Row>(`of${size}`);
    await rows.createIndexes([
      { key: { seller: 1, status: 1, at: -1 } },
      { key: { 'moves.order': 1 } },
      { key: { due: 1 }, sparse: true },
      { key: { seller: 1, order: 1 }, unique: true },
    ]);
    for (let from = 0; from < size; from += 1000) {
      await rows.insertMany(
        Array.from({ length: 1000 }, (_, place): Row => {
          const n = from + place;
          const due = n < 100 ? { due: new Date(n) } : {};
          return {
            _id: `r${n}`,
            seller: n < 1000 ? 'small' : `s${n % 9}`,
            status: ['new', 'paid', 'sent'][n % 3]!,
            at: n,
            order: n,
            moves: [{ order: `o${n}` }, { order: `p${n}` }],
            ...due,
          };
        }),
        { ordered: false },
      );
    }
    return rows;
  }

  const queries: Record<string, (rows: Collection<Row>) => Promise<unknown>> = {
    'one by _id': (rows) => rows.findOne({ _id: 'r5' }),
    'some by _id': (rows) => rows.find({ _id: { $in: Array.from({ length: 50 }, (_, n) => `r${n * 7}`) } }).toArray(),
    'an equality prefix, sorted': (rows) =>
      rows.find({ seller: 'small', status: 'paid' }).sort({ at: -1 }).limit(20).toArray(),
    'several prefixes, sorted': (rows) =>
      rows
        .find({ seller: 'small', status: { $in: ['new', 'paid'] } })
        .sort({ at: -1 })
        .limit(20)
        .toArray(),
    'a range after a prefix': (rows) =>
      rows
        .find({ seller: 'small', status: 'new', at: { $gt: 400 } })
        .sort({ at: 1 })
        .limit(20)
        .toArray(),
    'an array element': (rows) => rows.find({ 'moves.order': { $in: ['o9', 'p40'] } }).toArray(),
    'what is due': (rows) =>
      rows
        .find({ due: { $lte: new Date(60) } })
        .sort({ due: 1 })
        .limit(20)
        .toArray(),
    'a swap': (rows) => rows.findOneAndUpdate({ _id: 'r7', at: 7 }, { $set: { due: new Date(5000) } }),
    'an update of many': (rows) =>
      rows.updateMany({ seller: 'small', order: { $lt: 10 } }, { $set: { status: 'sent' } }),
    'a count': (rows) => rows.countDocuments({ seller: 'small', status: 'new' }),
    'a delete': (rows) => rows.deleteMany({ seller: 'small', order: { $gte: 990 } }),
  };

  it('do not grow from 1,000 to 50,000 documents', async () => {
    const sizes = [await fill(1000), await fill(50_000)];
    for (const [name, query] of Object.entries(queries)) {
      const costs = [];
      for (const rows of sizes) {
        const before = await readCost(client);
        await query(rows);
        const after = await readCost(client);
        costs.push({
          name,
          keys: after.keys - before.keys,
          documents: after.documents - before.documents,
          scans: after.fullScans - before.fullScans,
        });
      }
      expect(costs[1]).toEqual(costs[0]);
      expect(costs[1]).toMatchObject({ scans: 0 });
      expect(costs[1]!.documents).toBeLessThanOrEqual(128);
    }
  });

  it('are told when everything is read', async () => {
    const before = await readCost(client);
    await client.db('cost').collection('of1000').findOne({ order: 3, unknown: 1 });
    expect((await readCost(client)).fullScans).toBe(before.fullScans + 1);
  });
});

describe('the file', () => {
  it('stays below three times the live data while 300 documents are updated 60,000 times', async () => {
    const own = await temporaryFolder();
    const growing = await startEngine(own.file);
    const updating = await connect(growing, 16);
    const { liveBytes, fileBytes } = await growFile(updating, own.file, { documents: 300, updates: 60_000, batch: 60 });
    expect(fileBytes).toBeLessThan(3 * liveBytes + (64 << 20));
    await updating.close();
    await growing.stop('SIGTERM');
    await own.remove();
  });

  it('has all that was acknowledged after kill -9 under 32 connections', async () => {
    const own = await temporaryFolder();
    try {
      const kept: Acknowledged = new Map();
      await writeUntilKilled(own.file, kept, { round: 0, ms: 1200 });
      expect(kept.size).toBeGreaterThan(200);
      expect(await faultsAfterCrash(own.file, kept)).toEqual([]);
    } finally {
      await own.remove();
    }
  });
});

describe('the process', () => {
  it('keeps the data and ends with 0 within 3 s at SIGTERM', async () => {
    const own = await temporaryFolder();
    const first = await startEngine(own.file);
    const writing = await connect(first);
    await writing.db('stop').collection('rows').insertOne({ kept: true });
    const askedMs = Date.now();
    expect(await first.stop('SIGTERM')).toBe(0);
    expect(Date.now() - askedMs).toBeLessThan(3000);
    await writing.close();
    const second = await startEngine(own.file);
    const reading = await connect(second);
    expect(await reading.db('stop').collection('rows').countDocuments({ kept: true })).toBe(1);
    await reading.close();
    await second.stop('SIGTERM');
    await own.remove();
  });

  it('ends by itself when its parent is gone', async () => {
    const own = await temporaryFolder();
    const parent = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)']);
    const child = spawnEngine(['--port', '0', '--file', own.file, '--parent', String(parent.pid)]);
    const ended = once(child, 'exit');
    await once(child.stdout!, 'data');
    parent.kill('SIGKILL');
    expect((await ended)[0]).toBe(0);
    await own.remove();
  });

  it('says in one line what hinders its start', async () => {
    const broken = `${folder.path}/broken.mv`;
    await writeFile(broken, Buffer.alloc(20_000, 7));
    const starts = await Promise.all([
      failedStart(['--port', String(engine.port), '--file', `${folder.path}/other.mv`]),
      failedStart(['--port', '0', '--file', folder.file]),
      failedStart(['--port', '0', '--file', broken]),
      failedStart(['--port', 'x']),
    ]);
    expect(starts.map((start) => start.code)).toEqual([3, 4, 5, 2]);
    for (const start of starts) expect(start.said).toMatch(/^engine: [^\n]+\n$/);
    expect(starts[1].said).toContain(`is in use by process ${engine.pid}`);
  });
});

async function until(reached: () => Promise<boolean>): Promise<void> {
  for (const endMs = Date.now() + 10_000; Date.now() < endMs; await new Promise((done) => setTimeout(done, 50))) {
    if (await reached()) return;
  }
  throw new Error('not reached in time');
}
