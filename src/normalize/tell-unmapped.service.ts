import { Injectable } from '@nestjs/common';
import { keyOf, unresolvedKeys } from '../domain';
import { DeadLetterBox } from '../store/dead-letter-box.store';
import type { StoredOrder } from '../store/orders.store';

/** Dead letters of lines that no listing is known for: the order is kept, its stock waits for the listing. */
@Injectable()
export class TellUnmappedService {
  constructor(private readonly letters: DeadLetterBox) {}

  async tell(order: StoredOrder): Promise<void> {
    for (const key of unresolvedKeys(order)) {
      await this.letters.put({
        kind: 'fact',
        cause: 'unmapped-listing',
        about: keyOf(order.shop, key),
        seller: order.seller,
        channel: order.channel,
        shop: order.shop,
        order: order.id,
        message: `order ${order.externalId} sold ${key}, which is no listing of this shop here`,
      });
    }
  }
}
