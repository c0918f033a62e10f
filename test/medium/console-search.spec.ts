import { searchWords } from '../../src/store/search-words';
import { expectStatus, seedSeller, startConsoleHub, type ConsoleHub } from '../support/console-hub';

let hub: ConsoleHub;
let key: string | undefined;

beforeAll(async () => {
  hub = await startConsoleHub();
  key = (await seedSeller(hub, 'acme')).keys['viewer'];
}, 60_000);
afterAll(() => hub.stop());

const skuDoc = (at: number) => {
  const sku = `SHELF-${String(at).padStart(6, '0')}`;
  const name = `Thing ${at}`;
  const rules = { safetyBuffer: 0, exposure: { policy: 'open' } };
  return {
    ...{ _id: `acme|${sku}`, seller: 'acme', sku, v: 1, name, category: `c${at % 500}`, ...rules },
    ...{ basePrice: { minor: 100, currency: 'SGD' }, words: searchWords(sku, name), createdAt: 1, updatedAt: 1 },
  };
};

async function insert(from: number, to: number): Promise<void> {
  for (let at = from; at < to; at += 1000) {
    const docs = Array.from({ length: Math.min(1000, to - at) }, (_, more) => skuDoc(at + more));
    await hub.db.collection('skus').insertMany(docs as never);
  }
}

/** The quickest of several: what else runs on the machine only ever adds. */
async function quickestMs(query: string): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 15; round += 1) {
    const began = performance.now();
    await expectStatus(hub.call({ path: `/v1/skus?${query}`, as: key }), 200);
    times.push(performance.now() - began);
  }
  return Math.min(...times);
}

it('a search costs the same among 1,000 skus and among 20,000', async () => {
  const queries = ['q=777', 'q=thing%20777', 'q=shelf-000777', 'q=nothing', 'category=c7', 'q=thing&limit=50'];
  await insert(0, 1000);
  for (const query of queries) await quickestMs(query);
  const few = new Map(await Promise.all(queries.map(async (query) => [query, await quickestMs(query)] as const)));
  await insert(1000, 20_000);
  for (const query of queries) {
    const among = await quickestMs(query);
    expect([query, among < 4 * (few.get(query) ?? 0) + 10]).toEqual([query, true]);
  }
  const found = await hub.call({ path: '/v1/skus?q=shelf-000777', as: key });
  expect(found.body.items).toMatchObject([{ sku: 'SHELF-000777' }]);
}, 60_000);
