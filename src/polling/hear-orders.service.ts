import { Injectable } from '@nestjs/common';
import type { OrderId } from '../domain';
import { Clock } from '../platform/clock';
import { StockDoor, type LookAnswer } from '../platform/doors';
import { Queues } from '../platform/queues';
import type { PollCursor } from '../store/poll-cursors.store';
import { TargetsStore } from '../store/targets.store';
import { PollTimes } from './poll-times';
import type { Turn } from './read-list.service';
import { WalkOrdersService } from './walk-orders.service';

/** A shop with more than this to tell is read by polling first. */
const MOST_PAGES = 20;
const AGAIN_MS = 1000;

/**
 * Reads every order that changed at a shop up to an instant for which listings are off sale, brings them to the ledger,
 * and only then says so.
 */
@Injectable()
export class HearOrdersService {
  constructor(
    private readonly walk: WalkOrdersService,
    private readonly stock: StockDoor,
    private readonly targets: TargetsStore,
    private readonly queues: Queues,
    private readonly times: PollTimes,
    private readonly clock: Clock,
  ) {}

  /** When somebody is to hear; undefined where nothing waits for it. */
  dueAt({ hearTo, heardTo = 0 }: PollCursor): number | undefined {
    return hearTo === undefined || hearTo <= heardTo ? undefined : hearTo + this.times.listedMs;
  }

  /** The same after it was tried in vain. */
  againAt(cursor: PollCursor): number | undefined {
    const at = this.dueAt(cursor);
    return at === undefined ? undefined : Math.max(at, this.clock.now() + AGAIN_MS);
  }

  /** Does nothing where nobody waits. @throws ChannelError, CursorLost */
  async hear(turn: Turn): Promise<void> {
    const { shop, held } = turn;
    const began = this.clock.now();
    if ((this.dueAt(held.present) ?? Infinity) > began) return;
    const readTo = await this.read(turn, began);
    if (readTo === undefined || held.present.unread.length > 0) return;
    const heardTo = readTo - this.times.listedMs;
    await held.keep({ heardTo });
    const ref = { seller: shop.seller, shop: shop.id };
    await this.targets.wakeHeard(ref, { heardTo, now: this.clock.now() });
    await this.queues.enqueue('deliver', [ref], { generation: `heard-${heardTo}` });
  }

  /**
   * Up to when all was read. One page is read up to now; where there are more, what enters the window meanwhile pushes
   * others past the reader, so it is read as far as nothing enters any more.
   */
  private async read(turn: Turn, now: number): Promise<number | undefined> {
    const settledTo = now - this.times.settledMs;
    if (await this.pages(turn, { to: now, most: 1 })) return now;
    return (await this.pages(turn, { to: settledTo, most: MOST_PAGES })) ? settledTo : undefined;
  }

  /** Whether these were all, and each is in the ledger. */
  private async pages({ shop, held }: Turn, { to, most }: { to: number; most: number }): Promise<boolean> {
    const { readTo, heardTo = 0 } = held.present;
    const from = Math.min(Math.max(readTo, heardTo), to) - this.times.leastOverlapMs;
    let next: string | undefined;
    for (let page = 0; page < most; page += 1) {
      const listed = await this.walk.page(shop, { by: 'updated', from, to }, next);
      const answers = await this.walk.take(shop, listed.externalIds, listed.updatedAt);
      await this.stock.bring(answers.flatMap(ordersOf));
      if (answers.some(({ kind }) => kind === 'unread')) return false;
      if (listed.next === undefined) return true;
      next = listed.next;
    }
    return false;
  }
}

const ordersOf = (answer: LookAnswer): readonly OrderId[] => ('order' in answer ? [answer.order.id] : []);
