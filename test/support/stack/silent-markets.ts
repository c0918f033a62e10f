import { MongoClient, type Db } from 'mongodb';
import { until } from '../until';
import { CHANNELS } from './channels';
import { Shelf } from './goods';
import { Api } from './http';
import { Look } from './look';
import { Market, type Line, type Placed } from './market';
import { makeSeller, type Seller } from './seller';
import { Stack } from './stack';

/** 240 s between polls, sixty times as fast. */
const ENV = { HUB_CLOCK_FACTOR: '60', HUB_POLL_SECONDS: '240' };
const POLL_MS = 4000;
/** What api.md promises: the time between polls and 30 s. */
const BOUND_MS = POLL_MS + 30_000;
const SKUS = ['N-1', 'N-2', 'N-3'];

/** A stack of its own whose marketplaces may lose every push, and whose hub polls them every few seconds. */
export class SilentMarkets {
  private constructor(
    readonly stack: Stack,
    readonly seller: Seller,
    private readonly client: MongoClient,
  ) {}

  static async start(): Promise<SilentMarkets> {
    const stack = await Stack.start({ env: ENV });
    const client = await MongoClient.connect(stack.places.mongoUrl);
    const made = new SilentMarkets(stack, await makeSeller(stack, { id: 'news' }), client);
    const shelf = new Shelf({ hub: made.hub, sandbox: stack.sandbox }, made.seller);
    await shelf.stock(SKUS.map((sku) => ({ sku, onHand: 1000 })));
    return made;
  }

  async stop(): Promise<void> {
    await this.client.close();
    await this.stack.stop();
  }

  get db(): Db {
    return this.client.db();
  }

  get hub(): Api {
    return new Api(this.stack.places.hubUrl).withKey(this.seller.key);
  }

  get market(): Market {
    return new Market(this.stack.sandbox, this.seller);
  }

  get look(): Look {
    return new Look(this.hub);
  }

  async loseAll(): Promise<void> {
    for (const channel of CHANNELS) await this.market.faults(channel, { loseRate: 1 });
  }

  /** What the buyer of so many orders before this one takes. */
  lines(at: number): readonly Line[] {
    return [{ sku: SKUS[at % SKUS.length] ?? '', units: 1 + (at % 2) }];
  }

  /** So many orders at each marketplace. */
  async orders(count: number): Promise<readonly Placed[]> {
    const placed: Placed[] = [];
    for (let at = 0; at < count; at += 1) {
      for (const channel of CHANNELS) placed.push(await this.market.order(channel, this.lines(at)));
    }
    return placed;
  }

  async statusOf(placed: Placed): Promise<string | undefined> {
    return (await this.look.order(placed.orderId))?.status;
  }

  async untilAll(placed: readonly Placed[], status: string, withinMs = BOUND_MS): Promise<void> {
    await until(
      `${placed.length} orders are ${status}`,
      async () => (await Promise.all(placed.map((each) => this.statusOf(each)))).every((each) => each === status),
      withinMs,
    );
  }
}
