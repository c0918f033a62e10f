import { getConnectionToken } from '@nestjs/mongoose';
import type { MongoClient } from 'mongodb';
import type { Connection } from 'mongoose';
import type { SellerId, TargetId } from '../../src/domain';
import { AttemptsStore } from '../../src/store/attempts.store';
import { checkMongo } from '../../src/store/connection';
import { DOCUMENTS } from '../support/costs/documents';
import { QUERIES } from '../support/costs/queries';
import { connect, readCost, startEngine, temporaryFolder } from '../support/engine/process';
import { openRooms, type Rooms } from '../support/rooms/open-rooms';

const FEW = 1000;
const MANY = 50_000;
const PER_WRITE = 5000;

/** Queries that find nothing by their index alone, or count by it. */
const ASK_FOR_NOTHING = [
  'no items that are gone',
  'no orders with a status',
  'no orders of a shop with a status',
  'targets of a shop woken',
  'listings that are heard of',
  'no targets that were refused',
  'how many listings a shop has',
  'no deliveries with a verdict',
];

interface Cost {
  readonly read: number;
  readonly fullScans: number;
}

const stops: (() => Promise<unknown>)[] = [];
const [few, many] = [new Map<string, Cost>(), new Map<string, Cost>()];
let client: MongoClient;
let rooms: Rooms;

/** Its own engine: what others ask is not counted. */
beforeAll(async () => {
  const folder = await temporaryFolder();
  stops.unshift(folder.remove);
  const engine = await startEngine(folder.file);
  stops.unshift(() => engine.stop('SIGKILL'));
  client = await connect(engine);
  stops.unshift(() => client.close());
  const mongoUrl = engine.url.replace('/?', '/costs?monitorCommands=true&');
  await checkMongo(mongoUrl);
  rooms = await openRooms({ place: { mongoUrl, redisUrl: process.env['REDIS_URL'] ?? '', namespace: 'costs' } });
  stops.unshift(rooms.close);
  await fill(0, FEW);
  await measure(few, FEW);
  await fill(FEW, MANY);
  await measure(many, MANY);
}, 180_000);

afterAll(async () => {
  for (const stop of stops) await stop();
});

async function fill(from: number, to: number): Promise<void> {
  await Promise.all(
    Object.entries(DOCUMENTS).map(async ([name, documentOf]) => {
      for (let at = from; at < to; at += PER_WRITE) {
        const docs = Array.from({ length: Math.min(PER_WRITE, to - at) }, (_, which) => documentOf(at + which));
        await client.db('costs').collection<{ _id: string }>(name).insertMany(docs, { ordered: false });
      }
    }),
  );
}

async function measure(costs: Map<string, Cost>, size: number): Promise<void> {
  for (const [name, ask] of QUERIES) {
    const before = await readCost(client);
    await ask(rooms, size);
    const after = await readCost(client);
    const read = after.keys - before.keys + after.documents - before.documents;
    costs.set(name, { read, fullScans: after.fullScans - before.fullScans });
  }
}

describe(`what is read of ${MANY} documents is what is read of ${FEW}`, () => {
  it.each(QUERIES.map(([name]) => name))('%s', (name) => {
    expect({ few: few.get(name)?.fullScans, many: many.get(name)?.fullScans }).toEqual({ few: 0, many: 0 });
    expect(many.get(name)?.read).toBeLessThanOrEqual(few.get(name)?.read ?? 0);
  });

  it('and something is read, but for what asks for nothing that is there', () => {
    const idle = [...few].filter(([, { read }]) => read === 0).map(([name]) => name);
    expect(idle).toEqual(ASK_FOR_NOTHING);
  });

  it('attempts of one state are one query, of however many listings', async () => {
    const targets = Array.from({ length: 15 }, (_, at) => `mine|shop-${at % 3}|l${at}` as TargetId);
    const connection = rooms.get<Connection>(getConnectionToken() as never);
    let asked = 0;
    connection.getClient().on('commandStarted', () => (asked += 1));
    const filter = { seller: 'mine' as SellerId, targets, state: 'refused' } as const;
    const found = await rooms.get(AttemptsStore).list(filter, { limit: 5 });
    expect(found.map(({ id }) => id)).toEqual(['t049957', 't049907', 't049857', 't049807', 't049757']);
    expect(asked).toBe(1);
  });
});
