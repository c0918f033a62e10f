import { createHmac } from 'node:crypto';
import {
  keyOf,
  positionIdOf,
  type SellerId,
  type StockAnswer,
  type StockRequest,
  type WebhookId,
} from '../../../src/domain';
import { GroupCommitService } from '../../../src/ledger/group-commit.service';
import { PlanService } from '../../../src/push/plan.service';
import { WebhookEventsStore, type WebhookEvent } from '../../../src/store/webhook-events.store';
import { WebhooksStore, type EventType, type WebhookRecord } from '../../../src/store/webhooks.store';
import { SendEventsWorker } from '../../../src/webhooks/send-events.worker';
import { TellProblemsWorker } from '../../../src/webhooks/tell-problems.worker';
import { countWish, orderWish } from '../../builders/stock';
import { startReceiver, type Received, type Receiver } from '../receiver';
import { HandClock } from './hand-clock';
import { makePlace, openRooms, type Place, type Rooms } from './open-rooms';

const KEY = Buffer.alloc(32, 1);
const SECRET = `whsec_${KEY.toString('base64')}`;

/** A seller with a receiver, in rooms without timers: the test handles every due and sends every event. */
export class WebhookBench {
  readonly clock = new HandClock();
  seller = '' as SellerId;
  rooms!: Rooms;
  /** The same place in other rooms, as another process would be. */
  elsewhere!: Rooms;
  place!: Place;
  receiver!: Receiver;
  #stops: (() => Promise<void>)[] = [];
  #count = 0;

  async open(): Promise<void> {
    const { db: _db, remove, ...place } = await makePlace();
    this.place = place;
    this.#stops.unshift(remove);
    this.rooms = await openRooms({ place, clock: this.clock });
    this.#stops.unshift(this.rooms.close);
    this.elsewhere = await openRooms({ place, clock: this.clock });
    this.#stops.unshift(this.elsewhere.close);
  }

  async close(): Promise<void> {
    for (const stop of this.#stops) await stop();
  }

  /** A new seller with a receiver that takes everything, and no webhook yet. */
  async newSeller(): Promise<void> {
    this.#count += 1;
    this.seller = `seller-${this.#count}` as SellerId;
    this.receiver = await this.newReceiver();
  }

  /** Another seller's system on this machine; it ends with the bench. */
  async newReceiver(): Promise<Receiver> {
    const receiver = await startReceiver();
    this.#stops.unshift(receiver.close);
    return receiver;
  }

  async subscribe(events: readonly EventType[], { url } = this.receiver): Promise<WebhookId> {
    const id = keyOf(this.seller, new URL(url).port) as WebhookId;
    const webhook = { id, seller: this.seller, url, events, createdAt: this.clock.now() };
    await this.rooms.get(WebhooksStore).insert(webhook, SECRET);
    return id;
  }

  stock(wish: StockRequest, sku = 'SKU'): Promise<StockAnswer> {
    return this.rooms.get(GroupCommitService).ask(this.seller, sku, wish);
  }

  /** What follows from the sku's latest moves. */
  async handle(sku = 'SKU'): Promise<void> {
    const failed = await this.rooms.get(PlanService).plan([positionIdOf(this.seller, sku)]);
    for (const error of failed.values()) throw error;
  }

  async count(onHand: number): Promise<void> {
    await this.stock(countWish(onHand));
    await this.handle();
  }

  /** An order brought to what it holds, by its version. */
  async sell(id: string, held: number, stockV = 1): Promise<void> {
    await this.stock(orderWish({ id, stockV }, { held }));
    await this.handle();
  }

  /** One look of the worker, until nothing is under way. */
  async send(): Promise<void> {
    await this.rooms.get(SendEventsWorker).begin();
    await this.rooms.get(SendEventsWorker).rest();
  }

  async tellProblems(): Promise<void> {
    await this.rooms.get(TellProblemsWorker).sweep();
  }

  events(id: WebhookId): Promise<readonly WebhookEvent[]> {
    return this.rooms.get(WebhookEventsStore).list(id, { limit: 100 });
  }

  async webhook(id: WebhookId): Promise<WebhookRecord | undefined> {
    return (await this.rooms.get(WebhooksStore).ofSellers([this.seller])).find((webhook) => webhook.id === id);
  }
}

export const typesOf = (calls: readonly Received[]): string[] => calls.map(({ type }) => type);

/** What a receiver checks. */
export function isGenuine({ headers, body }: Received): boolean {
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
  return headers['webhook-signature'] === `v1,${createHmac('sha256', KEY).update(signed).digest('base64')}`;
}
