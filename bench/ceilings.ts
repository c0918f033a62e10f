import type { Collection, Db } from 'mongodb';
import { ensureIndexes } from '../src/store/ensure-indexes';
import { INDEXES } from '../src/store/indexes';

/** What the engine does by itself, in the way its driver offers: nothing of the hub is between. */
interface Document {
  readonly _id: string;
  readonly v: number;
}

const CONNECTIONS = 64;
const DOCUMENTS_PER_INSERT = 100;
const INSERTS_IN_FLIGHT = 2;
const SWAPS_PER_WRITE = 64;
const WRITES_IN_FLIGHT = 4;

/** Documents per second by `insertMany` of 100 copies of one, under the indexes that its collection has. */
export async function insertRate(db: Db, from: string, forMs: number): Promise<number> {
  const [sample, target] = [await oneOf(db, from), await twinOf(db, from)];
  const { _id, ...fields } = sample;
  const run = rounds(forMs, async (round) => {
    const copies = Array.from({ length: DOCUMENTS_PER_INSERT }, (_, at) => ({
      ...fields,
      _id: `${_id}-${round}-${at}`,
    }));
    await target.insertMany(copies, { ordered: false });
  });
  return (await run(INSERTS_IN_FLIGHT)) * DOCUMENTS_PER_INSERT;
}

/**
 * Swaps per second by 64 connections over `count` copies of a position. No swap is ever missed: a hot document is asked
 * for any version, so that what is told is the most the engine can do.
 */
export async function swapRate(db: Db, count: number, forMs: number): Promise<number> {
  const target = await copiesOf(db, count);
  const run = rounds(forMs, async (round) => {
    const filter = { _id: `copy-${round % count}`, v: { $gte: 0 } };
    await target.findOneAndUpdate(filter, { $inc: { v: 1 } }, { projection: { v: 1 } });
  });
  return run(CONNECTIONS);
}

/**
 * Swaps per second in writes of 64, four at a time, over `count` copies of a document: what batched swaps can reach.
 * None is ever missed.
 */
export async function bulkSwapRate(db: Db, of: { from: string; count: number }, forMs: number): Promise<number> {
  const { from, count } = of;
  const target = await copiesOf(db, count, from);
  const run = rounds(forMs, async (round) => {
    const swaps = Array.from({ length: SWAPS_PER_WRITE }, (_, at) => {
      const filter = { _id: `copy-${(round * SWAPS_PER_WRITE + at) % count}`, v: { $gte: 0 } };
      return { updateOne: { filter, update: { $inc: { v: 1 }, $set: { onHand: round } } } };
    });
    await target.bulkWrite(swaps, { ordered: false });
  });
  return (await run(WRITES_IN_FLIGHT)) * SWAPS_PER_WRITE;
}

/** Runs `act` again and again, so many at a time; answers how often a second. */
function rounds(forMs: number, act: (round: number) => Promise<void>): (atOnce: number) => Promise<number> {
  return async (atOnce) => {
    const began = performance.now();
    let [started, done] = [0, 0];
    const one = async (): Promise<void> => {
      while (performance.now() - began < forMs) {
        await act(turn * 1_000_000_000 + started++);
        done += 1;
      }
    };
    turn += 1;
    await Promise.all(Array.from({ length: atOnce }, one));
    return (done * 1000) / (performance.now() - began);
  };
}

let turn = 0;

async function copiesOf(db: Db, count: number, name = 'positions'): Promise<Collection<Document>> {
  const [sample, target] = [await oneOf(db, name), await twinOf(db, name)];
  const copies = Array.from({ length: count }, (_, at) => ({ ...sample, _id: `copy-${at}` }));
  await target.deleteMany({});
  for (let at = 0; at < count; at += 100) await target.insertMany(copies.slice(at, at + 100));
  return target;
}

async function oneOf(db: Db, name: string): Promise<Document> {
  const found = await db.collection<Document>(name).findOne({});
  if (found === null) throw new Error(`${name} is empty: there is nothing to copy`);
  return found;
}

/** A collection of another name with the same indexes. */
async function twinOf(db: Db, name: string): Promise<Collection<Document>> {
  const twin = `${name}-twin`;
  const specs = INDEXES.filter(({ collection }) => collection === name);
  await ensureIndexes(
    db,
    specs.map((spec) => ({ ...spec, collection: twin })),
  );
  return db.collection<Document>(twin);
}
