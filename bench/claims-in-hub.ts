import {
  keyOf,
  orderIdOf,
  orderMoveId,
  type ListingId,
  type SellerId,
  type ShopId,
  type StockRequest,
} from '../src/domain';
import type { GroupCommitService } from '../src/ledger/group-commit.service';
import { spreadOf, type Spread } from './figures';

export interface Claimed {
  readonly claims: number;
  readonly tookMs: number;
  readonly spread: Spread;
}

/** A sku as one shop sells it. */
export interface Offer {
  readonly sku: string;
  readonly shop: string;
  readonly listing: string;
}

/** A sku in a shop that is not planned for. */
export const unlisted = (sku: string): Offer => ({ sku, shop: 'shop-of-claims', listing: 'listing-of-claims' });

/** As many moves as a position keeps. */
const MOST_MOVES = 64;
let count = 0;

/** Racing claims, asked for inside the hub's process: each is one ledger commit of one order on one sku. */
export class Claims {
  constructor(private readonly ledger: GroupCommitService) {}

  /** `racing` askers, each asking again when it was answered. */
  async run(about: {
    readonly seller: string;
    readonly offers: readonly Offer[];
    readonly racing: number;
    readonly forMs: number;
  }): Promise<Claimed> {
    const latencies: number[] = [];
    const began = performance.now();
    const race = async (): Promise<void> => {
      while (performance.now() - began < about.forMs) {
        const askedAt = performance.now();
        await this.claim(about.seller, about.offers[count % about.offers.length] as Offer);
        latencies.push(performance.now() - askedAt);
      }
    };
    await Promise.all(Array.from({ length: about.racing }, race));
    return { claims: latencies.length, tookMs: performance.now() - began, spread: spreadOf(latencies) };
  }

  /** Gives every position as many moves as it keeps, so that what is measured is a hub that has sold before. */
  async fill({ seller, skus }: { readonly seller: string; readonly skus: readonly string[] }): Promise<number> {
    for (let from = 0; from < skus.length; from += 100) {
      const some = skus.slice(from, from + 100).map(unlisted);
      await Promise.all(some.flatMap((offer) => Array.from({ length: MOST_MOVES }, () => this.claim(seller, offer))));
    }
    return skus.length * MOST_MOVES;
  }

  /** Holds so many units of each sku for the shop that offers it. */
  async hold(about: {
    readonly seller: string;
    readonly offers: readonly Offer[];
    readonly quantity: number;
  }): Promise<void> {
    const { seller, offers, quantity } = about;
    await Promise.all(
      offers.map(async ({ sku, shop }) => {
        const id = keyOf('bench', shop);
        const quota = { id, campaign: 'bench', shop: shop as ShopId, mode: 'reservation' as const, quantity };
        const answer = await this.ledger.ask(seller as SellerId, sku, {
          ...{ kind: 'quota-start', id: keyOf('start', id), quota, cut: false },
        });
        if (answer.kind !== 'done') throw new Error(`a quota was answered ${answer.kind}`);
      }),
    );
  }

  private async claim(seller: string, offer: Offer): Promise<void> {
    count += 1;
    const answer = await this.ledger.ask(seller as SellerId, offer.sku, claimOf(seller as SellerId, offer, count));
    if (answer.kind !== 'done') throw new Error(`a claim was answered ${answer.kind}`);
  }
}

function claimOf(seller: SellerId, { shop, listing }: Offer, number: number): StockRequest {
  const order = orderIdOf(seller, shop as ShopId, `claim-${process.pid}-${number}`);
  const at = Date.now();
  return {
    kind: 'order',
    id: orderMoveId(order, 1),
    order,
    stockV: 1,
    shop: shop as ShopId,
    want: { held: 1, shipped: 0, restocked: 0 },
    mustFit: false,
    sold: [{ listing: listing as ListingId, units: 1, open: 1 }],
    placedAt: at,
    updatedAt: at,
  };
}
