import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { SellerId } from '../domain';
import { Clock } from '../platform/clock';
import { StockDoor } from '../platform/doors';
import { Log } from '../platform/logger';
import { Sweeps } from '../platform/sweep';
import { ListingsStore, type ListingRecord } from '../store/listings.store';
import { TakeInOrdersService } from './take-in-orders.service';

const SWEEP_MS = 300;
const MOST_PER_SWEEP = 200;
const LATER_MS = 30_000;

/** Does what follows when a listing was made or mapped anew: its numbers are planned, and orders that waited come in. */
@Injectable()
export class FollowListingsWorker implements OnModuleInit {
  constructor(
    private readonly sweeps: Sweeps,
    private readonly listings: ListingsStore,
    private readonly stock: StockDoor,
    private readonly orders: TakeInOrdersService,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.sweeps.every({ name: 'listings', everyMs: SWEEP_MS, sweep: () => this.follow() });
  }

  /** Looks at those that wait; answers how many there were. */
  async follow(): Promise<number> {
    const due = await this.listings.dueBefore(this.clock.now(), MOST_PER_SWEEP);
    const bySeller = new Map<SellerId, ListingRecord[]>();
    for (const listing of due) bySeller.set(listing.seller, [...(bySeller.get(listing.seller) ?? []), listing]);
    await Promise.all(
      [...bySeller].map(([seller, listings]) =>
        this.followOf(seller, listings).catch((error: unknown) => this.putOff(listings, error)),
      ),
    );
    return due.length;
  }

  /** One seller's trouble is not another's: these are looked at again later. */
  private async putOff(listings: readonly ListingRecord[], error: unknown): Promise<void> {
    this.log.error({ seller: listings[0]?.seller, err: error }, 'what follows from changed listings was not done');
    await this.listings.postpone(listings, this.clock.now() + LATER_MS);
  }

  private async followOf(seller: SellerId, listings: readonly ListingRecord[]): Promise<void> {
    await this.stock.replan(seller, [...new Set(listings.flatMap(({ skus, was = [] }) => [...skus, ...was]))]);
    await Promise.all(listings.map((listing) => this.orders.takeIn(listing)));
    await this.listings.settle(listings);
  }
}
