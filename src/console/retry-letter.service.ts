import { Injectable } from '@nestjs/common';
import { ulid } from 'ulid';
import { digestHex } from '../../connectors/kit';
import { keyOf, partsOf, type DeliveryId, type SellerId, type TargetId } from '../domain';
import { Clock } from '../platform/clock';
import { OrderDoor } from '../platform/doors';
import { Queues } from '../platform/queues';
import { DeadLetterBox } from '../store/dead-letter-box.store';
import { DeadLettersStore, UNMAPPED_LISTING, type DeadLetterRecord, type Disposal } from '../store/dead-letters.store';
import { DeliveriesStore } from '../store/deliveries.store';
import { TargetsStore } from '../store/targets.store';
import { HUB } from '../store/problems.store';
import { conflict } from './refusal';

/** The buttons of dead letters. Each first makes the work due, as the hub would, and then settles the letter. */
@Injectable()
export class RetryLetterService {
  constructor(
    private readonly letters: DeadLettersStore,
    private readonly box: DeadLetterBox,
    private readonly deliveries: DeliveriesStore,
    private readonly targets: TargetsStore,
    private readonly orders: OrderDoor,
    private readonly queues: Queues,
    private readonly clock: Clock,
  ) {}

  /** Tries again what failed. */
  async retry(letter: DeadLetterRecord, by: string): Promise<void> {
    if (letter.delivery !== undefined) await this.readAgain(letter.delivery);
    else if (letter.target !== undefined) await this.pushAgain(letter);
    else if (letter.cause === UNMAPPED_LISTING) await this.resolveAgain(letter);
    else await this.lookAgain(letter);
    await this.settle(letter, { state: 'retried', by });
  }

  /** Takes a corrected copy in as a push of its own; the original stays as it arrived. */
  async edit(letter: DeadLetterRecord, body: string, by: string): Promise<void> {
    const [original] = letter.delivery === undefined ? [] : await this.deliveries.readMany([letter.delivery]);
    if (!original) throw conflict('no-bytes', 'This letter has no push to correct.');
    const now = this.clock.now();
    const bytes = Buffer.from(body);
    const id = keyOf(original.app, 'edit', letter.id, digestHex(bytes)) as DeliveryId;
    const { app, channel, channelShopId, seller, headers } = original;
    const about = { ...(channelShopId !== undefined && { channelShopId }), ...(seller !== undefined && { seller }) };
    const [kept] = await this.deliveries.insertBatch(
      [{ id, app, channel, ...about, bytes, headers, receivedAt: now, due: now }],
      now,
    );
    if (kept instanceof Error) throw kept;
    await this.enqueue(id);
    await this.settle(letter, { state: 'retried', by, edited: body });
  }

  async discard(letter: DeadLetterRecord, reason: string, by: string): Promise<void> {
    await this.settle(letter, { state: 'discarded', by, reason });
  }

  private async readAgain(id: DeliveryId): Promise<void> {
    await this.deliveries.makeDue([id], this.clock.now());
    await this.enqueue(id);
  }

  private async pushAgain({ target, seller, shop }: DeadLetterRecord): Promise<void> {
    await this.targets.makeDue(target as TargetId, this.clock.now());
    if (seller === undefined || shop === undefined) return;
    await this.queues.enqueue('deliver', [{ seller, shop }], { generation: ulid() });
  }

  private async resolveAgain({ order, seller }: DeadLetterRecord): Promise<void> {
    const resolved = order && seller ? await this.orders.resolve(seller, [order]) : [];
    if (resolved.length === 0) throw notMended();
  }

  /** An order that polling found in a list and could not take. */
  private async lookAgain({ order, seller, shop }: DeadLetterRecord): Promise<void> {
    const externalId = order === undefined ? undefined : partsOf(order)[2];
    if (seller === undefined || shop === undefined || externalId === undefined) throw notMended();
    const [answer] = await this.orders.look({ seller, shop }, [externalId]);
    if (answer === undefined || answer.kind === 'refused' || answer.kind === 'unread') throw notMended();
  }

  private async enqueue(delivery: DeliveryId): Promise<void> {
    await this.queues.enqueue('normalize', [{ delivery }], { generation: ulid() });
  }

  private async settle(letter: DeadLetterRecord, disposal: Disposal): Promise<void> {
    if (!(await this.letters.settle(letter, disposal, this.clock.now()))) {
      throw conflict('changed', 'Somebody settled this letter at the same time.');
    }
    await this.box.tidy(sellerOf(letter), letter.cause);
  }
}

const notMended = () => conflict('not-mended', 'What it failed for is still so.');
const sellerOf = ({ seller }: DeadLetterRecord): SellerId => seller ?? HUB;
