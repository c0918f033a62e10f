import { setTimeout as delay } from 'node:timers/promises';
import mongoose, { type Connection, type ConnectOptions } from 'mongoose';
import { BootRefusal } from '../platform/hub-error';
import { maskText } from '../platform/mask';
import { ensureIndexes } from './ensure-indexes';
import { INDEXES } from './indexes';

/** While the database is away, whoever asks is told after this long. */
const SELECTION_MS = 1500;
const PAUSE_MS = 500;
const POOL = 64;

/** How the hub speaks to MongoDB: what was answered was written by a majority, to its journal. */
export const CONNECTION_OPTIONS: ConnectOptions = {
  serverSelectionTimeoutMS: SELECTION_MS,
  connectTimeoutMS: 5000,
  socketTimeoutMS: 20_000,
  heartbeatFrequencyMS: 2000,
  maxPoolSize: POOL,
  minPoolSize: 4,
  writeConcern: { w: 'majority', journal: true },
  bufferCommands: false,
  autoIndex: false,
  autoCreate: false,
  appName: 'sluice',
};

/**
 * Waits until MongoDB answers and builds the indexes.
 * @throws BootRefusal when it does not answer in time, or an index cannot be built.
 */
export async function checkMongo(url: string, tries = 8): Promise<void> {
  const connection = await firstConnection(url, tries);
  try {
    if (connection.db === undefined) throw new BootRefusal('MONGO_URL names no database');
    await ensureIndexes(connection.db, INDEXES);
  } finally {
    await connection.close();
  }
}

async function firstConnection(url: string, tries: number): Promise<Connection> {
  let why = '';
  for (let left = tries; left > 0; left -= 1) {
    const connection = mongoose.createConnection();
    try {
      await connection.openUri(url, CONNECTION_OPTIONS);
      await connection.db?.command({ ping: 1 });
      return connection;
    } catch (error) {
      why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
      await connection.close(true).catch(() => undefined);
      if (left > 1) await delay(PAUSE_MS);
    }
  }
  throw new BootRefusal(`MongoDB does not answer at ${maskText(url)}: ${maskText(why)}`);
}
