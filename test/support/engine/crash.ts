import type { Collection, MongoClient } from 'mongodb';
import { connect, startEngine } from './process';

interface Row {
  _id: string;
  status: string;
  worker: number;
  v: number;
  tags: string[];
  due?: Date;
}

const STATUSES = ['placed', 'paid', 'shipped'];

/** What the engine has acknowledged: each row's least version. */
export type Acknowledged = Map<string, number>;

/** Writes over 32 connections until the engine is killed; what was acknowledged is noted in `kept`. */
export async function writeUntilKilled(
  file: string,
  kept: Acknowledged,
  run: { round: number; ms: number },
): Promise<void> {
  const engine = await startEngine(file);
  const client = await connect(engine, 32);
  const rows = client.db('crash').collection<Row>('rows');
  await rows.createIndex({ status: 1, v: -1 });
  await rows.createIndex({ worker: 1 });
  await rows.createIndex({ tags: 1 });
  await rows.createIndex({ due: 1 }, { sparse: true });
  let killed = false;
  const workers = Array.from({ length: 32 }, async (_, worker) => {
    for (let n = 0; !killed; n++)
      await writeOnce(rows, kept, { round: run.round, worker, n }).catch(ignoreOnce(() => killed));
  });
  await new Promise((done) => setTimeout(done, run.ms));
  killed = true;
  await engine.stop('SIGKILL');
  await Promise.all(workers);
  await client.close(true);
}

function ignoreOnce(killed: () => boolean): (error: unknown) => void {
  return (error) => {
    if (!killed()) throw error;
  };
}

async function writeOnce(
  rows: Collection<Row>,
  kept: Acknowledged,
  at: { round: number; worker: number; n: number },
): Promise<void> {
  const row = (n: number): Row => ({
    _id: `${at.round}-${at.worker}-${n}`,
    status: STATUSES[n % 3]!,
    worker: at.worker,
    v: 0,
    tags: [`t${n % 7}`, `u${n % 5}`],
    ...(n % 2 === 0 ? { due: new Date(n) } : {}),
  });
  if (at.n % 4 === 3) {
    const hot = `hot-${at.worker % 8}`;
    const change = {
      $inc: { v: 1 },
      $set: { status: STATUSES[at.n % 3]!, tags: [`t${at.n % 7}`] },
      $setOnInsert: { worker: at.worker % 8 },
    };
    const after = await rows.findOneAndUpdate({ _id: hot }, change, { upsert: true, returnDocument: 'after' });
    kept.set(hot, Math.max(kept.get(hot) ?? 0, after?.v ?? 0));
  } else if (at.n % 4 === 2) {
    const batch = Array.from({ length: 10 }, (_, place) => row(at.n * 100 + place));
    await rows.insertMany(batch, { ordered: false });
    for (const each of batch) kept.set(each._id, 0);
  } else {
    await rows.insertOne(row(at.n * 100));
    kept.set(`${at.round}-${at.worker}-${at.n * 100}`, 0);
  }
}

/** What is wrong with the file after a crash; nothing, it is hoped. */
export async function faultsAfterCrash(file: string, kept: Acknowledged): Promise<string[]> {
  const engine = await startEngine(file);
  const client = await connect(engine);
  try {
    const rows = await client.db('crash').collection<Row>('rows').find().toArray();
    const versions = new Map(rows.map((row) => [row._id, row.v]));
    const lost = [...kept].filter(([id, v]) => (versions.get(id) ?? -1) < v).map(([id, v]) => `lost ${id} at ${v}`);
    return [...lost, ...(await indexFaults(client, rows))];
  } finally {
    await client.close();
    await engine.stop('SIGTERM');
  }
}

/** Each index is asked for each of its values and counted; then all is compared with what a full read finds. */
async function indexFaults(client: MongoClient, rows: Row[]): Promise<string[]> {
  const collection = client.db('crash').collection<Row>('rows');
  const faults: string[] = [];
  for (const field of ['status', 'worker', 'tags', 'due'] as const) {
    const byValue = new Map<unknown, string[]>();
    for (const row of rows) {
      for (const value of [row[field]].flat()) {
        if (value === undefined) continue;
        const key = value instanceof Date ? value.getTime() : value;
        byValue.set(key, [...(byValue.get(key) ?? []), row._id]);
      }
    }
    for (const [key, ids] of [...byValue].slice(0, 60)) {
      const filter = { [field]: field === 'due' ? new Date(key as number) : key };
      const found = (await collection.find(filter).project<{ _id: string }>({ _id: 1 }).toArray()).map(
        (row) => row._id,
      );
      if (found.sort().join() !== ids.sort().join())
        faults.push(`${field} ${String(key)}: ${found.length} found of ${ids.length}`);
      const counted = await collection.countDocuments(filter);
      if (counted !== ids.length) faults.push(`${field} ${String(key)}: ${counted} counted of ${ids.length}`);
    }
  }
  return faults;
}
