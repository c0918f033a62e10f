import { Injectable } from '@nestjs/common';
import { stepsOf, wantBySku, type Order, type StockAnswer } from '../domain';
import { OrdersStore } from '../store/orders.store';
import { TellWebhooks } from '../store/tell-webhooks.store';
import { GroupCommitService } from './group-commit.service';

/** Why an order is brought again, for its moves to say. */
export interface Why {
  readonly reason: string;
  readonly by: string;
}

/** Brings the stock of every sku of an order to the order's state. */
@Injectable()
export class BringOrderService {
  constructor(
    private readonly ledger: GroupCommitService,
    private readonly orders: OrdersStore,
    private readonly webhooks: TellWebhooks,
  ) {}

  /** Asks for what the order holds now, on all skus, and marks this version of the order as brought. */
  async bring(order: Order, why?: Why): Promise<void> {
    await this.ask(order, why);
    await this.settle(order);
  }

  /** The answers of all skus; a sale is never refused. */
  async ask(order: Order, why?: Why): Promise<readonly StockAnswer[]> {
    const answers: StockAnswer[] = [];
    for (const step of stepsOf(order, wantBySku(order))) {
      const asked = step.map(({ sku, request }) => this.ledger.ask(order.seller, sku, { ...request, ...why }));
      answers.push(...(await Promise.all(asked)));
    }
    return answers;
  }

  /** The stock is where this version of the order asks it to be: who wants to know is told, then nothing waits any more. */
  async settle(order: Order): Promise<void> {
    await this.webhooks.ofOrder(order);
    const ends = order.hold?.status === 'held' ? { due: order.hold.expiresAt } : {};
    await this.orders.settle(order.id, { v: order.v, ...ends });
  }
}
