import { Injectable } from '@nestjs/common';
import { keyOf, unresolvedKeys } from '../domain';
import { Clock } from '../platform/clock';
import { DeadLetterBox } from '../store/dead-letter-box.store';
import { UNMAPPED_LISTING } from '../store/dead-letters.store';
import { ListingsStore } from '../store/listings.store';
import type { StoredOrder } from '../store/orders.store';

/** Dead letters of lines that no listing is known for: the order is kept, its stock waits for the listing. */
@Injectable()
export class TellUnmappedService {
  constructor(
    private readonly letters: DeadLetterBox,
    private readonly listings: ListingsStore,
    private readonly clock: Clock,
  ) {}

  async tell(order: StoredOrder): Promise<void> {
    const keys = unresolvedKeys(order);
    for (const key of keys) {
      await this.letters.put({
        kind: 'fact',
        cause: UNMAPPED_LISTING,
        about: keyOf(order.shop, key),
        seller: order.seller,
        channel: order.channel,
        shop: order.shop,
        order: order.id,
        message: `order ${order.externalId} sold ${key}, which is no listing of this shop here`,
      });
    }
    // One that was made after the order looked for it looked for letters before there was this one.
    if (keys.length > 0) await this.listings.makeDue(order, keys, this.clock.now());
  }
}
