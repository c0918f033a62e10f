import { Injectable } from '@nestjs/common';
import { keyOf, type SellerId, type ShopId } from '../domain';
import { Clock } from '../platform/clock';
import { OrderDoor } from '../platform/doors';
import { DeadLetterBox } from '../store/dead-letter-box.store';
import { DeadLettersStore } from '../store/dead-letters.store';

const UNMAPPED = 'unmapped-listing';
const AT_A_TIME = 200;
const DONE = { state: 'retried', by: 'the hub', reason: 'the listing was made' } as const;

/** Takes in what orders sold before their listing was known here. */
@Injectable()
export class TakeInOrdersService {
  constructor(
    private readonly letters: DeadLettersStore,
    private readonly box: DeadLetterBox,
    private readonly orders: OrderDoor,
    private readonly clock: Clock,
  ) {}

  /** All orders that waited for this listing of the shop: it is here now. */
  async takeIn(ref: { readonly seller: SellerId; readonly shop: ShopId; readonly key: string }): Promise<void> {
    const narrow = { about: keyOf(ref.shop, ref.key), limit: AT_A_TIME };
    for (let more = true; more;) {
      const letters = await this.letters.byCause(ref.seller, UNMAPPED, narrow);
      if (letters.length === 0) return;
      await this.orders.resolve(
        ref.seller,
        letters.flatMap(({ order }) => order ?? []),
      );
      const settled = await Promise.all(letters.map((each) => this.letters.settle(each, DONE, this.clock.now())));
      await this.box.tidy(ref.seller, UNMAPPED);
      more = letters.length === AT_A_TIME && settled.includes(true);
    }
  }
}
