import { Injectable } from '@nestjs/common';
import { keyOf } from '../domain';
import { Queues } from '../platform/queues';
import type { DirtyShop } from '../store/targets.store';

/** *This shop has work*: one token per shop and moment. Whoever takes it writes all the shop's dirty listings. */
@Injectable()
export class DeliverTokens {
  private readonly waiting = new Map<string, DirtyShop>();
  private count = 0;

  constructor(private readonly queues: Queues) {}

  /** Issues tokens as best it can; what is lost, a sweep finds. */
  issue(shops: readonly DirtyShop[]): void {
    if (shops.length > 0 && this.waiting.size === 0) setImmediate(() => this.flush());
    for (const { seller, shop } of shops) this.waiting.set(keyOf(seller, shop), { seller, shop });
  }

  private flush(): void {
    const shops = [...this.waiting.values()];
    this.waiting.clear();
    this.count += 1;
    void this.queues.enqueue('deliver', shops, { generation: `${process.pid}-${Date.now()}-${this.count}` });
  }
}
