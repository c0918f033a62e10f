import { stat } from 'node:fs/promises';
import { BSON, type MongoClient } from 'mongodb';

interface Growing {
  documents: number;
  updates: number;
  /** How many updates go in one command. */
  batch: number;
}

interface Row {
  _id: number;
  seller: string;
  v: number;
  at: Date;
  pad: string;
}

/** Updates documents over and over; answers what is alive and what the file takes. */
export async function growFile(
  client: MongoClient,
  file: string,
  growing: Growing,
): Promise<{ liveBytes: number; fileBytes: number }> {
  const rows = client.db('growth').collection<Row>('rows');
  await rows.createIndex({ seller: 1, at: 1 });
  await rows.createIndex({ at: 1 }, { sparse: true });
  const row = (n: number): Row => ({ _id: n, seller: `s${n % 5}`, v: 0, at: new Date(n), pad: 'x'.repeat(900) });
  await rows.insertMany(Array.from({ length: growing.documents }, (_, n) => row(n)));
  let left = growing.updates;
  const update = (): { updateOne: { filter: { _id: number }; update: object } } => ({
    updateOne: {
      filter: { _id: Math.floor(Math.random() * growing.documents) },
      update: { $inc: { v: 1 }, $set: { at: new Date(left) } },
    },
  });
  const workers = Array.from({ length: client.options.maxPoolSize }, async () => {
    while (left > 0) {
      left -= growing.batch;
      await rows.bulkWrite(Array.from({ length: growing.batch }, update), { ordered: false });
    }
  });
  await Promise.all(workers);
  return { liveBytes: growing.documents * BSON.calculateObjectSize(row(0)), fileBytes: (await stat(file)).size };
}
