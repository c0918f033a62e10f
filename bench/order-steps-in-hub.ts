import { setTimeout as delay } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OrderId, PositionId, SellerId, ShopId } from '../src/domain';
import { HoldsService } from '../src/ledger/holds.service';
import { ReadDeliveriesService } from '../src/normalize/read-deliveries.service';
import { DeliverService } from '../src/push/deliver.service';
import { PlanService } from '../src/push/plan.service';
import { DeliveriesStore } from '../src/store/deliveries.store';
import { OrdersStore } from '../src/store/orders.store';
import { isSweep, totalOf, type CommandCounts, type Commands } from './commands';

/** Writes that are gathered for a moment are out after this long. */
const GATHERED_MS = 20;

/** What one step of one order took. */
export interface Step {
  readonly tookMs: number;
  /** Commands to the database. */
  readonly calls: number;
  readonly counts: CommandCounts;
}

/** Does one step of an order at a time, as the worker of its room does; nothing else runs in this process. */
export class OrderSteps {
  constructor(
    private readonly app: NestFastifyApplication,
    private readonly commands: Commands,
  ) {}

  /** Reads the push that waits, and writes what it tells of. */
  async read(): Promise<Step> {
    const due = await this.app.get(DeliveriesStore).dueBefore(Number.MAX_SAFE_INTEGER, 2);
    const [delivery] = due;
    if (delivery === undefined || due.length > 1) throw new Error(`${due.length} pushes wait, not one`);
    return this.timed(async () => {
      const [outcome] = await this.app.get(ReadDeliveriesService).read([delivery.id]);
      if (outcome?.kind !== 'done') throw new Error(`a push was read ${outcome?.kind ?? 'not at all'}`);
    });
  }

  /** Brings the stock to the order. */
  bring({ order }: { readonly order: string }): Promise<Step> {
    return this.timed(async () => {
      const found = await this.app.get(OrdersStore).find(order as OrderId);
      if (found?.due === undefined) throw new Error(`${order} does not wait for its stock`);
      await this.app.get(HoldsService).end(found);
    });
  }

  plan({ position }: { readonly position: string }): Promise<Step> {
    return this.timed(async () => {
      const failed = await this.app.get(PlanService).plan([position as PositionId]);
      for (const error of failed.values()) throw error;
    });
  }

  /** Writes what shops are to show. */
  write({ seller, shops }: { readonly seller: string; readonly shops: readonly string[] }): Promise<Step> {
    return this.timed(async () => {
      for (const shop of shops) {
        await this.app.get(DeliverService).deliver({ seller: seller as SellerId, shop: shop as ShopId });
      }
    });
  }

  private async timed(act: () => Promise<void>): Promise<Step> {
    this.commands.take();
    const began = performance.now();
    await act();
    const tookMs = performance.now() - began;
    await delay(GATHERED_MS);
    const counts = this.commands.take();
    return { tookMs, calls: totalOf(counts, (name) => !isSweep(name)), counts };
  }
}
