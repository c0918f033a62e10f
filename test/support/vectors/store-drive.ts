import type { SellerId } from '../../../src/domain';
import { HoldsService } from '../../../src/ledger/holds.service';
import { DeliverService } from '../../../src/push/deliver.service';
import { LocksWorker } from '../../../src/push/locks.worker';
import { PlanService } from '../../../src/push/plan.service';
import { OrdersStore } from '../../../src/store/orders.store';
import { PositionsStore } from '../../../src/store/positions.store';
import { TargetsStore } from '../../../src/store/targets.store';
import type { HandClock } from '../rooms/hand-clock';
import type { Rooms } from '../rooms/open-rooms';
import type { TestChannel } from '../rooms/test-channel';
import { until } from '../until';

/** The rooms that a world lives in; several worlds may, each with a seller of its own. */
export interface WorldPlace {
  readonly rooms: Rooms;
  readonly clock: HandClock;
  readonly channel: TestChannel;
  readonly seller: SellerId;
}

const MOST = 500;
/** Longer than a raise waits for the lowerings. */
const AGAIN_MS = 2100;
/** Looks ahead without work after which a raise that waits is one that waits for a yes. */
const MOST_LOOKS_AHEAD = 2;

/** Does what workers and sweeps do, in this process and until there is nothing left to do. */
export class StoreDrive {
  readonly #calls = new Map<string, Promise<void>>();

  constructor(private readonly place: WorldPlace) {}

  async untilAtRest(): Promise<void> {
    for (let looks = 0; looks < MOST_LOOKS_AHEAD;) {
      const found = [await this.#bring(), await this.#plan(), await this.#deliver(), await this.#follow()].some(Boolean);
      if (found) looks = 0;
      else if (await this.#waitsSoon()) looks += 1;
      else return;
    }
  }

  /** The channel says yes to all that a shop was told; what its worker does then is done when this returns. */
  async ack(shop: string): Promise<void> {
    this.place.channel.ack(shop);
    await this.#untilReturned(shop);
  }

  async #bring(): Promise<boolean> {
    const { rooms, clock } = this.place;
    const orders = rooms.get(OrdersStore);
    const due = await orders.dueBefore(clock.now(), MOST);
    for (const id of due) {
      const order = await orders.find(id);
      if (order !== undefined) await rooms.get(HoldsService).end(order);
    }
    return due.length > 0;
  }

  async #follow(): Promise<boolean> {
    return (await this.place.rooms.get(LocksWorker).follow()) > 0;
  }

  async #plan(): Promise<boolean> {
    const { rooms, clock } = this.place;
    const due = await rooms.get(PositionsStore).dueBefore(clock.now(), MOST);
    await rooms.get(PlanService).plan(due);
    return due.length > 0;
  }

  async #deliver(): Promise<boolean> {
    const { rooms, clock, channel } = this.place;
    const before = channel.writes.length;
    const shops = await rooms.get(TargetsStore).dirtyShops(clock.now(), MOST);
    const free = shops.filter(({ shop }) => !this.#calls.has(shop));
    await Promise.all(
      free.map((ref) => {
        const call = rooms
          .get(DeliverService)
          .deliver(ref)
          .finally(() => this.#calls.delete(ref.shop));
        this.#calls.set(ref.shop, call);
        return channel.acksByHand ? this.#untilReturned(ref.shop) : call;
      }),
    );
    return channel.writes.length > before;
  }

  /** Whether a listing is due within a moment; the clock is there then. */
  async #waitsSoon(): Promise<boolean> {
    const { rooms, clock } = this.place;
    const soon = await rooms.get(TargetsStore).dirtyShops(clock.now() + AGAIN_MS, MOST);
    if (soon.every(({ shop }) => this.#calls.has(shop))) return false;
    clock.advance(AGAIN_MS);
    return true;
  }

  /** Until the shop's worker is done, or waits for the channel. */
  async #untilReturned(shop: string): Promise<void> {
    const { channel } = this.place;
    await until(`the deliveries of ${shop}`, () => !this.#calls.has(shop) || channel.hasCallOf(shop));
  }
}
