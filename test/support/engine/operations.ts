import {
  type Collection,
  type Filter as MongoFilter,
  MongoBulkWriteError,
  MongoServerError,
  type UpdateFilter,
} from 'mongodb';
import { type Doc, type Filter, type ModelCollection, type Sort, sorted, type Update, type Value } from './model';

/** A small generator with a seed, so that what failed can be run again. */
export function seeded(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

export async function createIndexes(collection: Collection<Doc>): Promise<void> {
  await collection.createIndex({ a: 1, b: -1 });
  await collection.createIndex({ a: -1, due: 1 });
  await collection.createIndex({ tags: 1, b: 1 });
  await collection.createIndex({ 'n.x': 1 });
  await collection.createIndex({ due: 1 }, { sparse: true });
  await collection.createIndex({ b: 1, 'n.x': -1 }, { sparse: true });
}

/** The driver's types know no field that is sometimes a number and sometimes a text. */
const ask = (filter: Filter): MongoFilter<Doc> => filter as MongoFilter<Doc>;
const alter = (change: Update): UpdateFilter<Doc> => change as UpdateFilter<Doc>;

type Target = {
  about?: unknown;
  run(collection: Collection<Doc>): Promise<unknown>;
  model(model: ModelCollection): unknown;
};

/** Draws documents, filters and whole operations; each answers the same on the engine and on the model. */
export class RandomOperations {
  constructor(
    private readonly draw: (below: number) => number,
    private readonly ids = 150,
  ) {}

  next(): Target {
    const kinds = [
      this.find,
      this.find,
      this.find,
      this.count,
      this.insert,
      this.insertMany,
      this.updateOne,
      this.updateOne,
      this.updateMany,
      this.upsert,
      this.findOneAndUpdate,
      this.findOneAndDelete,
      this.deleteMany,
      this.bulk,
    ];
    return this.pick(kinds).call(this);
  }

  private pick<T>(from: readonly T[]): T {
    return from[this.draw(from.length)]!;
  }

  private id(): string {
    return `d${this.draw(this.ids)}`;
  }

  private value(): Value {
    return this.pick<() => Value>([
      () => this.draw(8),
      () => this.draw(8) - 4.5,
      () => this.pick(['', 'p', 'pq', 'q', 'é', '\u{1f600}', 'p\u0000']),
      () => new Date(1e12 + this.draw(6)),
      () => this.draw(2) === 0,
      () => null,
    ])();
  }

  private fields(): Record<string, Value> {
    const fields: Record<string, Value> = {};
    if (this.draw(8) > 0) fields['a'] = this.value();
    if (this.draw(8) > 0) fields['b'] = this.draw(12);
    if (this.draw(3) > 0) fields['n'] = { x: this.value(), y: this.draw(3) };
    if (this.draw(3) === 0) fields['due'] = new Date(1e12 + this.draw(40));
    if (this.draw(3) > 0)
      fields['tags'] = Array.from({ length: this.draw(4) }, () => this.pick(['r', 's', 't', 'u', 5]));
    return fields;
  }

  private doc(): Doc {
    return { ...this.fields(), _id: this.id() };
  }

  private condition(field: string): unknown {
    const value = (): Value =>
      field === '_id'
        ? this.id()
        : field === 'due'
          ? new Date(1e12 + this.draw(40))
          : field === 'b'
            ? this.draw(12)
            : field === 'tags'
              ? this.pick(['r', 's', 't', 5])
              : this.value();
    const solid = (): Value => value() ?? 3;
    return this.pick<() => unknown>([
      value,
      value,
      () => ({ $in: Array.from({ length: this.draw(4) }, value) }),
      () => ({ [this.pick(['$gt', '$gte'])]: solid() }),
      () => ({ [this.pick(['$lt', '$lte'])]: solid() }),
      // two bounds on an array must hold for one element here, and for any two in MongoDB: the hub asks for neither
      () => ({
        [this.pick(['$gt', '$gte'])]: solid(),
        ...(field === 'tags' ? {} : { [this.pick(['$lt', '$lte'])]: solid() }),
      }),
      () => ({ $exists: this.draw(2) === 0 }),
      () => ({ $ne: value() }),
    ])();
  }

  private filter(least = 0): Filter {
    const filter: Filter = {};
    for (let n = least + this.draw(3); n > 0; n--) {
      const field = this.pick(['_id', 'a', 'a', 'b', 'b', 'n.x', 'due', 'tags']);
      filter[field] = this.condition(field);
    }
    return this.draw(6) === 0 ? { $and: [filter, { b: this.condition('b') }] } : filter;
  }

  private sort(): Sort {
    const sort: Sort = {};
    for (let n = this.draw(3); n > 0; n--) sort[this.pick(['a', 'b', 'n.x', 'due', 'tags'])] = this.pick([1, -1]);
    return { ...sort, _id: this.pick([1, -1]) };
  }

  private change(): Update {
    return this.pick<() => Update>([
      () => ({ $set: { a: this.value() }, $inc: { b: 1 } }),
      () => ({ $set: { due: new Date(1e12 + this.draw(40)), 'n.x': this.value() } }),
      () => ({ $unset: { due: '' }, $set: { tags: [this.pick(['r', 's', 5])] } }),
      () => ({ $inc: { b: -1 }, $unset: { a: '' } }),
      () => ({ $set: { b: this.draw(12) } }),
    ])();
  }

  private find(): Target {
    const [filter, sort, skip, limit] = [
      this.filter(),
      this.sort(),
      this.draw(3) * this.draw(20),
      this.draw(2) * this.draw(30),
    ];
    const batchSize = this.pick([1 + this.draw(20), 1000]);
    return {
      about: { filter, sort, skip, limit },
      run: (on) => on.find(ask(filter), { sort, skip, limit, batchSize }).toArray(),
      model: (on) => sorted(on.find(filter), sort).slice(skip, limit > 0 ? skip + limit : undefined),
    };
  }

  private count(): Target {
    const filter = this.filter();
    return { about: { filter }, run: (on) => on.countDocuments(ask(filter)), model: (on) => on.find(filter).length };
  }

  private insert(): Target {
    const doc = this.doc();
    return { run: (on) => on.insertOne(doc).then(() => true, isDuplicate), model: (on) => on.insert(doc) };
  }

  private insertMany(): Target {
    const docs = Array.from({ length: 2 + this.draw(6) }, () => this.doc());
    return {
      run: (on) => refusedPlaces(on.insertMany(docs, { ordered: false })),
      model: (on) => docs.flatMap((doc, place) => (on.insert(doc) ? [] : [place])),
    };
  }

  private updateOne(): Target {
    const [filter, change] = [{ ...(this.draw(2) === 0 ? this.filter() : {}), _id: this.id() }, this.change()];
    return {
      about: { filter, change },
      run: (on) =>
        on.updateOne(ask(filter), alter(change)).then((result) => [result.matchedCount, result.modifiedCount]),
      model: (on) => updateAll(on, filter, change),
    };
  }

  private updateMany(): Target {
    const [filter, change] = [this.filter(1), this.change()];
    return {
      about: { filter, change },
      run: (on) =>
        on.updateMany(ask(filter), alter(change)).then((result) => [result.matchedCount, result.modifiedCount]),
      model: (on) => updateAll(on, filter, change),
    };
  }

  private upsert(): Target {
    const { _id, ...fields } = this.doc();
    if (this.draw(2) === 0) {
      const change = this.change();
      return {
        run: (on) => on.updateOne({ _id }, alter(change), { upsert: true }).then((result) => result.upsertedCount),
        model: (on) => {
          const added = on.find({ _id }).length === 0 ? 1 : 0;
          on.update(_id, change);
          return added;
        },
      };
    }
    return {
      run: (on) => on.replaceOne({ _id }, fields, { upsert: true }).then((result) => result.upsertedCount),
      model: (on) => {
        const added = on.find({ _id }).length === 0 ? 1 : 0;
        on.replace({ _id, ...fields });
        return added;
      },
    };
  }

  private findOneAndUpdate(): Target {
    const [filter, sort, change] = [this.filter(1), this.sort(), this.change()];
    const returnDocument = this.pick(['before', 'after'] as const);
    return {
      about: { filter, sort, change },
      run: (on) => on.findOneAndUpdate(ask(filter), alter(change), { sort, returnDocument }),
      model: (on) => {
        const first = sorted(on.find(filter), sort)[0];
        if (first === undefined) return null;
        on.update(first._id, change);
        return returnDocument === 'before' ? first : on.find({ _id: first._id })[0];
      },
    };
  }

  private findOneAndDelete(): Target {
    const [filter, sort] = [this.filter(1), this.sort()];
    return {
      about: { filter, sort },
      run: (on) => on.findOneAndDelete(ask(filter), { sort }),
      model: (on) => {
        const first = sorted(on.find(filter), sort)[0];
        if (first !== undefined) on.remove(first._id);
        return first ?? null;
      },
    };
  }

  private deleteMany(): Target {
    const filter = { ...this.filter(1), _id: { $in: Array.from({ length: 20 }, () => this.id()) } };
    return {
      about: { filter },
      run: (on) => on.deleteMany(ask(filter)).then((result) => result.deletedCount),
      model: (on) => on.find(filter).map((doc) => on.remove(doc._id)).length,
    };
  }

  private bulk(): Target {
    const [docs, gone, changed, change] = [
      Array.from({ length: 4 }, () => this.doc()),
      this.id(),
      this.id(),
      this.change(),
    ];
    return {
      run: (on) =>
        refusedPlaces(
          on.bulkWrite(
            [
              ...docs.map((document) => ({ insertOne: { document } })),
              { deleteOne: { filter: { _id: gone } } },
              { updateOne: { filter: { _id: changed }, update: alter(change) } },
            ],
            { ordered: false },
          ),
        ),
      model: (on) => {
        const refused = docs.flatMap((doc, place) => (on.insert(doc) ? [] : [place]));
        on.remove(gone);
        updateAll(on, { _id: changed }, change);
        return refused;
      },
    };
  }
}

function updateAll(on: ModelCollection, filter: Filter, change: Update): [number, number] {
  const hit = on.find(filter);
  return [hit.length, hit.filter((doc) => on.update(doc._id, change)).length];
}

function isDuplicate(error: unknown): false {
  if (error instanceof MongoServerError && error.code === 11000) return false;
  throw error;
}

/** The places of the statements refused as duplicates. */
export async function refusedPlaces(writing: Promise<unknown>): Promise<number[]> {
  try {
    await writing;
    return [];
  } catch (error) {
    if (!(error instanceof MongoBulkWriteError) || error.code !== 11000) throw error;
    return [error.writeErrors]
      .flat()
      .map((each) => each.index)
      .sort((a, b) => a - b);
  }
}
