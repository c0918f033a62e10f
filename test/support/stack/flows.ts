import { MongoClient, type Db } from 'mongodb';
import type { Channel } from './channels';
import { Shelf } from './goods';
import { Api } from './http';
import { Market } from './market';
import { makeSeller, type Seller, type SellerPlan, type Shop } from './seller';
import { ROOT_KEY, type StackPlaces } from './stack';

/** Where the setup of a run leaves what its tests need. */
export const FLOWS = 'SLUICE_FLOWS';

export interface FlowsRun {
  readonly places: StackPlaces;
  /** The seller with 50,000 of everything; its shops' catalogues are left out. */
  readonly large: Seller;
}

interface Claims {
  _id: string;
  next: number;
}

/** A seller with everything a test does with it. */
export interface Bench {
  readonly seller: Seller;
  /** The hub's API with a key that may do everything but approve. */
  readonly hub: Api;
  readonly market: Market;
  readonly shelf: Shelf;
}

/** The running hub and marketplaces that all flows share. */
export class Flows {
  private constructor(
    readonly places: StackPlaces,
    private readonly largeSeller: Seller,
    private readonly client: MongoClient,
  ) {}

  static async join(): Promise<Flows> {
    const text = process.env[FLOWS];
    if (text === undefined) throw new Error('run it by: npm test -- test/flows');
    const { places, large } = JSON.parse(text) as FlowsRun;
    return new Flows(places, large, await MongoClient.connect(places.mongoUrl));
  }

  get root(): Api {
    return new Api(this.places.hubUrl).withKey(ROOT_KEY);
  }

  get sandbox(): Api {
    return new Api(`${this.places.sandboxUrl}/_sandbox`);
  }

  get db(): Db {
    return this.client.db();
  }

  /** The seller with 50,000 skus and as many old orders. */
  get large(): Bench {
    return this.benchOf(this.largeSeller);
  }

  /** A seller of this test's own, with nothing. */
  async newSeller(plan: Partial<SellerPlan> = {}): Promise<Bench> {
    const id = `s${await this.claim('sellers', 1)}-${Date.now().toString(36)}`;
    return this.benchOf(await makeSeller({ root: this.root, sandbox: this.sandbox }, { id, ...plan }));
  }

  /** Skus of the large seller that no other test touches. Each shows 100 in every shop. */
  async takeSkus(count: number): Promise<readonly string[]> {
    const first = await this.claim('skus', count);
    return Array.from({ length: count }, (_, index) => `S-${String(first + index).padStart(5, '0')}`);
  }

  /** A name that nobody else in this run has. */
  async newName(prefix: string): Promise<string> {
    return `${prefix}-${await this.claim('names', 1)}`;
  }

  leave(): Promise<void> {
    return this.client.close();
  }

  private benchOf(seller: Seller): Bench {
    const hub = new Api(this.places.hubUrl).withKey(seller.key);
    const market = new Market(this.sandbox, seller);
    return { seller, hub, market, shelf: new Shelf({ hub, sandbox: this.sandbox }, seller) };
  }

  /** The first of so many numbers, counted from 1, that are this caller's alone. */
  private async claim(kind: string, count: number): Promise<number> {
    const claims = this.db.collection<Claims>('test-claims');
    const after = await claims.findOneAndUpdate(
      { _id: kind },
      { $inc: { next: count } },
      { upsert: true, returnDocument: 'after' },
    );
    return (after?.next ?? count) - count + 1;
  }
}

/** The shop without its catalogue, so that it fits into an environment. */
export function withoutListings(seller: Seller): Seller {
  const shops = Object.entries(seller.shops).map(([channel, shop]) => [channel, { ...shop, listings: [] }]);
  return { ...seller, shops: Object.fromEntries(shops) as Record<Channel, Shop> };
}
