import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { Batcher } from '../platform/batch';
import { Clock } from '../platform/clock';
import { crashPoint } from '../platform/crash-point';
import { Queues } from '../platform/queues';
import { DeliveriesStore, type Kept, type NewDelivery } from '../store/deliveries.store';

/** Keeps a push; resolves when it is durable. */
export abstract class Inbox {
  abstract keep(delivery: NewDelivery): Promise<Kept>;
}

const FLUSH_MS = 2;
const MOST_PER_WRITE = 100;
const WRITES_IN_FLIGHT = 2;
const MOST_WAITING = 5000;
const WRITE_MS = 2500;

/** Many pushes in one durable write, then one attempt to queue them; what that misses, the sweep finds. */
@Injectable()
export class InboxService extends Inbox implements BeforeApplicationShutdown {
  private readonly batcher = new Batcher<NewDelivery, Kept>({
    flushMs: FLUSH_MS,
    most: MOST_PER_WRITE,
    inFlight: WRITES_IN_FLIGHT,
    waiting: MOST_WAITING,
    timeoutMs: WRITE_MS,
    write: (deliveries) => this.write(deliveries),
  });

  constructor(
    private readonly deliveries: DeliveriesStore,
    private readonly queues: Queues,
    private readonly clock: Clock,
  ) {
    super();
  }

  override keep(delivery: NewDelivery): Promise<Kept> {
    return this.batcher.add(delivery);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.batcher.drain();
  }

  private async write(batch: readonly NewDelivery[]): Promise<readonly Kept[]> {
    const kept = await this.deliveries.insertBatch(batch, this.clock.now());
    crashPoint('delivery.stored');
    void this.queue(batch, kept);
    return kept;
  }

  private async queue(batch: readonly NewDelivery[], kept: readonly Kept[]): Promise<void> {
    const stored = batch.filter((_, index) => !(kept[index] instanceof Error));
    const again = new Set(batch.flatMap(({ id }, index) => (kept[index] === 'again' ? [id] : [])));
    const copiesTurn = `again-${this.clock.now().toString(36)}`;
    await this.queues.enqueue(
      'normalize',
      stored.map(({ id }) => ({ delivery: id })),
      { generation: ({ delivery }) => (again.has(delivery) ? copiesTurn : 1) },
    );
    crashPoint('delivery.queued');
  }
}
