import { MongoClient, type Db } from 'mongodb';
import { until } from '../until';
import { CHANNELS, type Channel } from './channels';
import { Shelf, type Part } from './goods';
import { Api } from './http';
import { makeSeller } from './seller';
import { Stack, type StackOptions } from './stack';
import {
  deliveryFaults,
  listingDifferences,
  orderDifferences,
  readTruth,
  stockDifferences,
  type Catalogue,
  type Judged,
} from './truth';

const SKUS = 5;
const COUNTED = 50_000;
const SETTLED_MS = 60_000;
/** Longer than the lease of a listing whose call nobody answered. */
const AGREED_MS = 75_000;
const HURRY_MS = 1000;

/** A stack of its own with one seller and buyers who never stop, for faults that a shared one could not bear. */
export class Trial {
  private hurriedAt = 0;

  private constructor(
    readonly stack: Stack,
    readonly judged: Judged,
    private readonly client: MongoClient,
  ) {}

  static async start(options: StackOptions = {}): Promise<Trial> {
    const stack = await Stack.start(options);
    const client = new MongoClient(stack.places.mongoUrl, { serverSelectionTimeoutMS: 15_000 });
    try {
      return new Trial(stack, await openShops(stack, client.db()), client);
    } catch (error) {
      await client.close();
      await stack.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.client.close();
    await this.stack.stop();
  }

  /** Buyers order, pay late, cancel and get their parcels, so many times a minute, until `rest`. */
  async trade(perMinute: number, seed: number): Promise<void> {
    const terms = { perMinute, maxUnits: 2, payLaterRate: 0.2, cancelRate: 0.15, shipAfterS: 1, seed };
    await this.stack.sandbox.must('POST', '/buyers', terms);
  }

  async rest(): Promise<void> {
    await this.stack.sandbox.must('DELETE', '/buyers');
  }

  /** Waits until so many more orders were placed. */
  async moreOrders(count: number): Promise<void> {
    const from = await this.ordered();
    await until(`${count} more orders`, async () => (await this.ordered()) >= from + count, 30_000);
  }

  /** How many orders the marketplaces have. */
  async ordered(): Promise<number> {
    const { orders } = await readTruth(this.judged);
    return CHANNELS.reduce((sum, channel) => sum + orders[channel].size, 0);
  }

  /**
   * Waits until every push is delivered and no work is left, then answers in what the hub differs from the
   * marketplaces in orders, stock and the numbers it wants shown.
   */
  async differences(): Promise<string[]> {
    await this.untilSettled(['deliveries', 'orders', 'positions']);
    const truth = await readTruth(this.judged);
    return [
      ...(await deliveryFaults(this.judged)),
      ...(await orderDifferences(this.judged, truth)),
      ...(await stockDifferences(this.judged, truth)),
      ...(await listingDifferences(this.judged, truth, 'hub')),
    ];
  }

  /** The same for what buyers see, once no call is out any more. */
  async differencesForBuyers(): Promise<string[]> {
    await this.untilSettled(['deliveries', 'orders', 'positions', 'targets'], AGREED_MS);
    return listingDifferences(this.judged, await readTruth(this.judged), 'buyers');
  }

  private async untilSettled(collections: readonly string[], withinMs = SETTLED_MS): Promise<void> {
    let left = '';
    await until(
      'everything is settled',
      async () => {
        left = await this.unsettled(collections);
        return left === '';
      },
      withinMs,
    ).catch(() => {
      throw new Error(`not settled within ${withinMs} ms: ${left}`);
    });
  }

  /** Brings the marketplaces' ladders forward: what was refused is sent again, once a second. */
  private async hurryPushes(): Promise<void> {
    if (performance.now() < this.hurriedAt + HURRY_MS) return;
    this.hurriedAt = performance.now();
    const { sandbox } = this.stack;
    await Promise.all(CHANNELS.map((channel) => sandbox.must('POST', `/${channel}/pushes/retry`, { givenUp: true })));
  }

  private async unsettled(collections: readonly string[]): Promise<string> {
    await this.hurryPushes();
    const { sandbox } = this.stack;
    const { counts } = await sandbox.must('GET', '/pushes?limit=0');
    const late = Object.entries(counts as Record<string, number>).filter(
      ([state, n]) => state !== 'delivered' && n > 0,
    );
    if (late.length > 0) return `pushes ${JSON.stringify(counts)}`;
    for (const collection of collections) {
      const [due] = await this.judged.db
        .collection(collection)
        .find({ due: { $exists: true } })
        .limit(1)
        .toArray();
      if (due !== undefined) return `${collection} ${JSON.stringify({ ...due, bytes: undefined, moves: undefined })}`;
    }
    return '';
  }
}

/** Five skus in three shops, a pack of three, a pack of four, and a bundle of two. */
async function openShops(stack: Stack, db: Db): Promise<Judged> {
  const seller = await makeSeller(stack, { id: 'trial' });
  const hub = new Api(stack.places.hubUrl).withKey(seller.key);
  const shelf = new Shelf({ hub, sandbox: stack.sandbox }, seller);
  const skus = Array.from({ length: SKUS }, (_, index) => `T-${index + 1}`);
  await shelf.stock(skus.map((sku) => ({ sku, onHand: COUNTED })));
  const more: [Channel, string, Part[]][] = [
    ['lazada', 'T-1-by-3', [{ sku: 'T-1', units: 3 }]],
    ['shopee', 'T-2-by-4', [{ sku: 'T-2', units: 4 }]],
    [
      'zalora',
      'T-1-with-T-3',
      [
        { sku: 'T-1', units: 1 },
        { sku: 'T-3', units: 2 },
      ],
    ],
  ];
  for (const [channel, listing, parts] of more) await shelf.list(channel, listing, { parts, quantity: 1000 });
  const catalogue = Object.fromEntries(
    CHANNELS.map((channel) => [
      channel,
      new Map<string, readonly Part[]>([
        ...skus.map((sku) => [sku, [{ sku, units: 1 }]] as const),
        ...more.filter(([where]) => where === channel).map(([, listing, parts]) => [listing, parts] as const),
      ]),
    ]),
  ) as unknown as Catalogue;
  return { sandbox: stack.sandbox, db, seller, catalogue, counted: new Map(skus.map((sku) => [sku, COUNTED])) };
}
