import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { positionIdOf, type SellerId } from '../src/domain';
import { StockDoor } from '../src/platform/doors';
import { PlanService } from '../src/push/plan.service';

/** Changes a sku in the hub's process, and plans its listings as a worker does. */
export class Planning {
  constructor(private readonly app: NestFastifyApplication) {}

  /** Counts so many units and answers how long planning took after that, ms. */
  async run({
    seller,
    sku,
    onHand,
  }: {
    readonly seller: string;
    readonly sku: string;
    readonly onHand: number;
  }): Promise<number> {
    const count = { id: `count-${onHand}`, onHand, reason: 'bench', by: 'bench' };
    await this.app.get(StockDoor).count(seller as SellerId, sku, count);
    const began = performance.now();
    const failed = await this.app.get(PlanService).plan([positionIdOf(seller as SellerId, sku)]);
    for (const error of failed.values()) throw error;
    return performance.now() - began;
  }
}
