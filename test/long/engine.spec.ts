import { type Acknowledged, faultsAfterCrash, writeUntilKilled } from '../support/engine/crash';
import { growFile } from '../support/engine/growth';
import type { Doc } from '../support/engine/model';
import { compareAll } from '../support/engine/compare';
import { createIndexes } from '../support/engine/operations';
import type { MongoClient } from 'mongodb';
import { connect, type EngineProcess, startEngine, temporaryFolder } from '../support/engine/process';

jest.setTimeout(20 * 60_000);

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let stops: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  folder = await temporaryFolder();
  stops = [() => folder.remove()];
});
afterEach(async () => {
  for (const stop of stops) await stop();
});

async function started(connections: number): Promise<{ engine: EngineProcess; client: MongoClient }> {
  const engine = await startEngine(folder.file);
  stops.unshift(() => engine.stop('SIGTERM'));
  const client = await connect(engine, connections);
  stops.unshift(() => client.close());
  return { engine, client };
}

describe('the engine over a long time', () => {
  it.each([1, 2, 3])('answers 20,000 random operations as a model does, seed %i', async (seed) => {
    const { client } = await started(8);
    const [indexed, plain] = [
      client.db('random').collection<Doc>('indexed'),
      client.db('random').collection<Doc>('plain'),
    ];
    await createIndexes(indexed);
    await compareAll({ indexed, plain }, seed, 20_000);
  });

  it('keeps all that was acknowledged through ten times kill -9', async () => {
    const kept: Acknowledged = new Map();
    for (let round = 0; round < 10; round++) {
      await writeUntilKilled(folder.file, kept, { round, ms: 500 + round * 300 });
      expect(await faultsAfterCrash(folder.file, kept)).toEqual([]);
    }
    expect(kept.size).toBeGreaterThan(2000);
  });

  it('stays below three times the live data while 1,000 documents are updated 1,000,000 times', async () => {
    const { client, engine } = await started(64);
    const { liveBytes, fileBytes } = await growFile(client, folder.file, {
      documents: 1000,
      updates: 1_000_000,
      batch: 1,
    });
    expect(fileBytes).toBeLessThan(3 * liveBytes + (64 << 20));
    await client.close();
    expect(await engine.stop('SIGTERM')).toBe(0);
  });

  it('forgets the cursors of a client that is gone', async () => {
    const { client: staying, engine } = await started(2);
    const leaving = await connect(engine);
    const rows = leaving.db('cursors').collection('rows');
    await rows.insertMany(Array.from({ length: 500 }, (_, n) => ({ n })));
    await leaving.db('cursors').command({ find: 'rows', batchSize: 10 }); // a cursor the driver knows nothing of
    const open = async (): Promise<number> =>
      Number((await staying.db('admin').command({ serverStatus: 1 }))['metrics'].cursor.open.total);
    expect(await open()).toBe(1);
    await leaving.close(true);
    for (const endMs = Date.now() + 45_000; Date.now() < endMs && (await open()) > 0;)
      await new Promise((done) => setTimeout(done, 500));
    expect(await open()).toBe(0);
  });
});
