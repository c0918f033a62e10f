import { Injectable } from '@nestjs/common';
import type { OnShow, SellerId } from '../domain';
import { Channels } from '../platform/channels';
import { Clock } from '../platform/clock';
import { HubOptions } from '../platform/options';
import { Markets } from './markets.store';

/**
 * Reads what buyers may see of skus beside what there is. Who takes of what may be on show writes first what it takes,
 * and reads this after: of two that meet, at least one then sees the other.
 */
@Injectable()
export class ShownStock {
  constructor(
    private readonly markets: Markets,
    private readonly channels: Channels,
    private readonly clock: Clock,
    private readonly options: HubOptions,
  ) {}

  /** The targets first, the positions after: no change of what is shown is missed that what is free counts already. */
  async read(seller: SellerId, skus: readonly string[]): Promise<OnShow> {
    const { positions, outlets, targets, shops } = await this.markets.read(seller, [...new Set(skus)]);
    return {
      positions: new Map([...positions.values()].map((position) => [position.sku, position])),
      outlets: [...outlets.values()],
      targets,
      countsReserved: ({ shop }) => {
        const channel = shops.get(shop)?.channel ?? '';
        return this.channels.byCode.get(channel)?.manifest.countsReserved === true;
      },
      now: this.clock.now(),
      skewMs: this.options.clockSkewMs,
    };
  }
}
