import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { MongoClient, type Db } from 'mongodb';
import { Api } from '../support/stack/http';
import { fillSkus } from '../support/stack/large-seller';
import { makeSeller, type Seller } from '../support/stack/seller';
import { Stack } from '../support/stack/stack';
import { until } from '../support/until';

/** Shopee's list takes three calls where Lazada's takes one, and a bulk read half of the calls that a shop has. */
const LISTINGS = { lazada: 50_000, shopee: 5_000 } as const;
const CHANNELS = ['lazada', 'shopee'] as const;
const MOST_MB_ABOVE_IDLE = 250;
const IMPORTED_MS = 15 * 60_000;

interface Job {
  readonly state: string;
  readonly done: number;
  readonly report: Readonly<Record<string, number>>;
}

/** Resident memory in MiB. */
function residentMb(pid: number | undefined): number {
  const text = pid === undefined ? '' : readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(text)?.[1] ?? 0) / 1024;
}

describe('an import of 50,000 listings', () => {
  let stack: Stack;
  let seller: Seller;
  let client: MongoClient;
  let db: Db;
  let hub: Api;

  beforeAll(async () => {
    stack = await Stack.start();
    seller = await makeSeller(stack, { id: 'import' });
    client = await MongoClient.connect(stack.places.mongoUrl);
    db = client.db();
    hub = new Api(stack.places.hubUrl).withKey(seller.key);
    const skus = Array.from({ length: LISTINGS.lazada }, (_, at) => `S-${String(at + 1).padStart(5, '0')}`);
    await fillSkus(db, seller, skus);
    for (const channel of CHANNELS) {
      const shop = seller.shops[channel].channelShopId;
      await stack.sandbox.must('POST', `/${channel}/shops/${shop}/listings/bulk`, { count: LISTINGS[channel] });
    }
  }, 300_000);
  afterAll(async () => {
    await client.close();
    await stack.stop();
  });

  const jobOf = async (id: string): Promise<Job> => (await hub.must('GET', `/v1/jobs/${id}`)) as Job;
  const begin = async (channel: (typeof CHANNELS)[number]): Promise<string> => {
    const path = `/v1/shops/${seller.shops[channel].id}/listings/import`;
    return String((await hub.must('POST', path, { mode: 'make' })).job);
  };
  const listingsOf = (channel: (typeof CHANNELS)[number]) =>
    db.collection('listings').find({ seller: seller.id, shop: seller.shops[channel].id });

  // Zalora's catalogue costs a call per set: 50,000 of them take an hour at half of its documented rate.
  it.each(CHANNELS)('of %s stays in bounded memory, goes on after kill -9, and makes none twice', async (channel) => {
    await pause(5000);
    const idleMb = residentMb(stack.parts.worker.pid);
    let mostMb = 0;
    const timer = setInterval(() => (mostMb = Math.max(mostMb, residentMb(stack.parts.worker.pid))), 200);
    const began = performance.now();
    const job = await begin(channel);
    await until(
      'half of it is read',
      async () => ((await jobOf(job)).report['read'] ?? 0) > LISTINGS[channel] / 2,
      IMPORTED_MS,
    );
    await stack.parts.worker.kill();
    await stack.parts.worker.start();
    const ended = await until(
      'it is through',
      async () => {
        const found = await jobOf(job);
        return ['done', 'failed'].includes(found.state) ? found : undefined;
      },
      IMPORTED_MS,
    );
    clearInterval(timer);
    const seconds = Math.round((performance.now() - began) / 1000);
    console.info(
      `import ${channel}: ${seconds} s; ${Math.round(idleMb)} MB idle, at most ${Math.round(mostMb)} MB; ` +
        JSON.stringify(ended.report),
    );
    expect(ended).toMatchObject({ state: 'done', done: LISTINGS[channel] });
    const keys = (await listingsOf(channel).project({ key: 1, skus: 1 }).toArray()) as {
      key: string;
      skus: string[];
    }[];
    expect(keys).toHaveLength(LISTINGS[channel]);
    expect(new Set(keys.map(({ key }) => key)).size).toBe(LISTINGS[channel]);
    expect(new Set(keys.flatMap(({ skus }) => skus)).size).toBe(LISTINGS[channel]);
    expect(mostMb - idleMb).toBeLessThan(MOST_MB_ABOVE_IDLE);
  });
});
