import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock';
import { Log } from '../platform/logger';
import type { ShopRecord } from '../store/shops.store';
import type { Answered } from './write-stock.service';

/** Says in the log what went out, with how long the number had been waiting. */
@Injectable()
export class MoveLog {
  constructor(
    private readonly log: Log,
    private readonly clock: Clock,
  ) {}

  wrote(shop: ShopRecord, answered: readonly Answered[]): void {
    const now = this.clock.now();
    for (const { target, answer, said } of answered) {
      const fields = {
        seller: target.seller,
        shop: target.shop,
        channel: shop.channel,
        listing: target.listing,
        units: target.sent?.units,
        version: target.sent?.version,
        waitedMs: target.wanted === undefined ? undefined : now - target.wanted.at,
        answer: answer.kind,
      };
      if (answer.kind === 'done') this.log.info(fields, 'listing written');
      else if (answer.kind === 'read') this.log.info({ ...fields, shown: answer.units }, 'listing read back');
      else this.log.warn({ ...fields, ...said }, 'listing not written');
    }
  }
}
