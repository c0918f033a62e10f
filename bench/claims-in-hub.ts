import { orderIdOf, orderMoveId, type ListingId, type SellerId, type ShopId, type StockRequest } from '../src/domain';
import type { GroupCommitService } from '../src/ledger/group-commit.service';
import { spreadOf, type Spread } from './figures';

export interface Claimed {
  readonly claims: number;
  readonly tookMs: number;
  readonly spread: Spread;
}

const SHOP = 'shop-of-claims' as ShopId;
const LISTING = 'listing-of-claims' as ListingId;
/** As many moves as a position keeps. */
const MOST_MOVES = 64;
let count = 0;

/** Racing claims, asked for inside the hub's process: each is one ledger commit of one order on one sku. */
export class Claims {
  constructor(private readonly ledger: GroupCommitService) {}

  /** `racing` askers, each asking again when it was answered. */
  async run(about: {
    readonly seller: string;
    readonly skus: readonly string[];
    readonly racing: number;
    readonly forMs: number;
  }): Promise<Claimed> {
    const latencies: number[] = [];
    const began = performance.now();
    const race = async (): Promise<void> => {
      while (performance.now() - began < about.forMs) {
        const askedAt = performance.now();
        await this.claim(about.seller, about.skus[count % about.skus.length] ?? '');
        latencies.push(performance.now() - askedAt);
      }
    };
    await Promise.all(Array.from({ length: about.racing }, race));
    return { claims: latencies.length, tookMs: performance.now() - began, spread: spreadOf(latencies) };
  }

  /** Gives every position as many moves as it keeps, so that what is measured is a hub that has sold before. */
  async fill({ seller, skus }: { readonly seller: string; readonly skus: readonly string[] }): Promise<number> {
    for (let from = 0; from < skus.length; from += 100) {
      const some = skus.slice(from, from + 100);
      await Promise.all(some.flatMap((sku) => Array.from({ length: MOST_MOVES }, () => this.claim(seller, sku))));
    }
    return skus.length * MOST_MOVES;
  }

  private async claim(seller: string, sku: string): Promise<void> {
    count += 1;
    const answer = await this.ledger.ask(seller as SellerId, sku, claimOf(seller as SellerId, count));
    if (answer.kind !== 'done') throw new Error(`a claim was answered ${answer.kind}`);
  }
}

function claimOf(seller: SellerId, number: number): StockRequest {
  const order = orderIdOf(seller, SHOP, `claim-${process.pid}-${number}`);
  const at = Date.now();
  return {
    kind: 'order',
    id: orderMoveId(order, 1),
    order,
    stockV: 1,
    shop: SHOP,
    want: { held: 1, shipped: 0, restocked: 0 },
    mustFit: false,
    sold: [{ listing: LISTING, units: 1, open: 1 }],
    placedAt: at,
    updatedAt: at,
  };
}
