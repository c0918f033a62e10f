import { Injectable } from '@nestjs/common';
import type { SellerId, ShopId } from '../domain';
import { Clock } from '../platform/clock';
import { OrderDoor } from '../platform/doors';
import { DeadLetterBox } from '../store/dead-letter-box.store';
import { DeadLettersStore, type DeadLetterRecord } from '../store/dead-letters.store';

const UNMAPPED = 'unmapped-listing';
const AT_A_TIME = 200;

/** Takes in what orders of a shop sold before its listings were known here. */
@Injectable()
export class TakeInOrdersService {
  constructor(
    private readonly letters: DeadLettersStore,
    private readonly box: DeadLetterBox,
    private readonly orders: OrderDoor,
    private readonly clock: Clock,
  ) {}

  /** Looks at the open letters after `after`; answers where the next look begins, undefined when all were looked at. */
  async takeIn(
    ref: { readonly seller: SellerId; readonly shop: ShopId; readonly by: string },
    after: readonly [number, string] | undefined,
  ): Promise<{ readonly count: number; readonly next?: readonly [number, string] }> {
    const page = { state: 'open' as const, cause: UNMAPPED, limit: AT_A_TIME, ...(after && { after }) };
    const letters = await this.letters.list(ref.seller, page);
    const mine = letters.filter(({ shop }) => shop === ref.shop);
    const resolved = new Set(
      await this.orders.resolve(ref.seller, [...new Set(mine.flatMap(({ order }) => order ?? []))]),
    );
    const settled = mine.filter(({ order }) => order !== undefined && resolved.has(order));
    await Promise.all(settled.map((letter) => this.settle(letter, ref.by)));
    const last = letters.at(-1);
    if (last !== undefined && letters.length === AT_A_TIME) {
      return { count: settled.length, next: [last.since, last.id] };
    }
    await this.box.tidy(ref.seller, UNMAPPED);
    return { count: settled.length };
  }

  private async settle(letter: DeadLetterRecord, by: string): Promise<void> {
    const disposal = { state: 'retried' as const, by, reason: 'the listing was made' };
    await this.letters.settle(letter, disposal, this.clock.now());
  }
}
