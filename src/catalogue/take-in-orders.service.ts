import { Injectable } from '@nestjs/common';
import { keyOf, unresolvedKeys, type SellerId, type ShopId } from '../domain';
import { Clock } from '../platform/clock';
import { OrderDoor } from '../platform/doors';
import { DeadLetterBox } from '../store/dead-letter-box.store';
import { DeadLettersStore, UNMAPPED_LISTING, type DeadLetterRecord } from '../store/dead-letters.store';
import { OrdersStore } from '../store/orders.store';

const AT_A_TIME = 200;
const DONE = { state: 'retried', by: 'the hub', reason: 'the listing was made' } as const;

/** Takes in what orders sold before their listing was known here. */
@Injectable()
export class TakeInOrdersService {
  constructor(
    private readonly letters: DeadLettersStore,
    private readonly box: DeadLetterBox,
    private readonly door: OrderDoor,
    private readonly orders: OrdersStore,
    private readonly clock: Clock,
  ) {}

  /** All orders that waited for this listing of the shop: it is here now. */
  async takeIn(ref: { readonly seller: SellerId; readonly shop: ShopId; readonly key: string }): Promise<void> {
    const narrow = { about: keyOf(ref.shop, ref.key), limit: AT_A_TIME };
    for (let more = true; more;) {
      const letters = await this.letters.byCause(ref.seller, UNMAPPED_LISTING, narrow);
      if (letters.length === 0) return;
      await this.door.resolve(
        ref.seller,
        letters.flatMap(({ order }) => order ?? []),
      );
      const settled = await Promise.all(letters.map((letter) => this.settle(letter, ref.key)));
      await this.box.tidy(ref.seller, UNMAPPED_LISTING);
      more = letters.length === AT_A_TIME && settled.includes(true);
    }
  }

  /** Only where the order's line is resolved: else the letter is the one thing that tells of it. */
  private async settle(letter: DeadLetterRecord, key: string): Promise<boolean> {
    const order = letter.order === undefined ? undefined : await this.orders.find(letter.order);
    if (order !== undefined && unresolvedKeys(order).includes(key)) return false;
    return this.letters.settle(letter, DONE, this.clock.now());
  }
}
