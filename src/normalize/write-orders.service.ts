import { Injectable } from '@nestjs/common';
import type { ChannelError, Normalized } from '../../connectors/kit';
import { mergeOrder, orderIdOf, type MergeContext, type OrderId, type OrderState, type Resolved } from '../domain';
import { Clock } from '../platform/clock';
import { crashPoint } from '../platform/crash-point';
import { HubError } from '../platform/hub-error';
import { Log } from '../platform/logger';
import { Queues } from '../platform/queues';
import { ListingsStore } from '../store/listings.store';
import { OrdersStore, type StoredOrder } from '../store/orders.store';
import type { CallableShop } from '../store/shop-calls.store';
import { readInBatches, type Read } from './read-in-batches';

/** What became of one order that a hint named. */
export type OrderOutcome =
  | { readonly kind: 'written' | 'same' | 'older'; readonly order: StoredOrder }
  /** The channel does not know it (yet). */
  | { readonly kind: 'unknown' }
  /** The channel's answer about this one could not be used; its neighbours were read. */
  | { readonly kind: 'failed'; readonly error: ChannelError }
  | Extract<Normalized, { kind: 'refused' }>;

/** What the channel says of one order. */
export type Told = Normalized | Extract<OrderOutcome, { kind: 'failed' }>;

/** An order to be read, and when the push that named it arrived (ms). */
export interface OrderHint {
  readonly externalId: string;
  readonly heardAt: number;
}

/** An order here, beside what its channel told when it was asked at `readAt`. */
interface Found {
  readonly stored: StoredOrder | undefined;
  readonly told: Told | undefined;
  readonly readAt: number;
  readonly resolve: MergeContext['resolve'];
}

const MOST_ROUNDS = 30;

/**
 * Reads orders of one shop from the channel and writes what changed. The stored order is always read before the
 * channel is asked, and the write swaps that version: so a channel's answer never overwrites a newer one, without any
 * two clocks being compared.
 */
@Injectable()
export class WriteOrdersService {
  constructor(
    private readonly orders: OrdersStore,
    private readonly listings: ListingsStore,
    private readonly queues: Queues,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** @throws ChannelError when the channel could not be asked. */
  async readAndWrite(shop: CallableShop, hints: readonly OrderHint[]): Promise<ReadonlyMap<string, OrderOutcome>> {
    const outcomes = new Map<string, OrderOutcome>();
    let waiting = hints;
    for (let round = 0; waiting.length > 0; round += 1) {
      if (round === MOST_ROUNDS)
        throw new HubError('conflict', 'later', { message: 'orders changed under every read' });
      const found = await this.round(shop, waiting);
      found.forEach((outcome, externalId) => outcomes.set(externalId, outcome));
      waiting = waiting.filter((hint) => !outcomes.has(hint.externalId));
    }
    return outcomes;
  }

  /** Reads orders and writes nothing; what the channel does not know is left out. @throws ChannelError */
  async read(shop: CallableShop, externalIds: readonly string[]): Promise<ReadonlyMap<string, Told>> {
    const raw = await readInBatches(shop, externalIds);
    return new Map(raw.map((order) => [order.externalId, normalized(shop, order)]));
  }

  /** One read of all of them; an order that somebody else wrote meanwhile has no outcome yet. */
  private async round(shop: CallableShop, hints: readonly OrderHint[]): Promise<ReadonlyMap<string, OrderOutcome>> {
    const stored = await Promise.all(hints.map((hint) => this.orders.find(idOf(shop, hint.externalId))));
    const readAt = this.clock.now();
    const told = await this.read(
      shop,
      hints.map((hint) => hint.externalId),
    );
    crashPoint('order.read');
    const resolve = await this.resolver(shop, [...told.values()]);
    const outcomes = await Promise.all(
      hints.map(async (hint, index) => {
        const outcome = await this.write(shop, hint, {
          stored: stored[index],
          told: told.get(hint.externalId),
          readAt,
          resolve,
        });
        return [hint.externalId, outcome] as const;
      }),
    );
    return new Map(outcomes.flatMap(([id, outcome]) => (outcome === undefined ? [] : [[id, outcome] as const])));
  }

  private async write(shop: CallableShop, hint: OrderHint, found: Found): Promise<OrderOutcome | undefined> {
    const { stored, told } = found;
    if (told === undefined) return { kind: 'unknown' };
    if (told.kind !== 'order') return told;
    const merged = mergeOrder(stored, told.order, contextOf(shop, told.order, found.resolve));
    if (merged.kind !== 'changed') return { kind: merged.kind, order: stored as StoredOrder };
    const buyer = this.orders.buyerOf(merged.order, { told: told.order, stored });
    const due = this.clock.now();
    const when = { heardAt: hint.heardAt, readAt: found.readAt, due };
    const order = { ...merged.order, ...when, ...(buyer === undefined ? {} : { buyer }) };
    if (!(await this.orders.swap(order))) return undefined;
    crashPoint('order.written');
    this.say(order);
    void this.queues.enqueue('reserve', [{ order: order.id }], { generation: order.v });
    return { kind: 'written', order };
  }

  private say(order: StoredOrder): void {
    const { seller, shop, channel, externalId, status, v, heardAt } = order;
    const facts = order.facts.filter((fact) => fact.v === v).map(({ kind, units }) => ({ kind, units }));
    const heardMs = this.clock.now() - (heardAt ?? 0);
    this.log.info({ seller, shop, channel, order: order.id, externalId, status, v, facts, heardMs }, 'order written');
  }

  /** What the lines' listing keys stand for now, in one read. */
  private async resolver(shop: CallableShop, told: readonly Told[]): Promise<MergeContext['resolve']> {
    const keys = told.flatMap((each) => (each.kind === 'order' ? each.order.lines.map((line) => line.listingKey) : []));
    return this.resolverOf(shop.shop, [...new Set(keys)]);
  }

  /** Looks listing keys of one shop up. */
  async resolverOf(
    ref: Pick<CallableShop['shop'], 'seller' | 'id'>,
    keys: readonly string[],
  ): Promise<(key: string) => Resolved | undefined> {
    if (keys.length === 0) return () => undefined;
    const listings = await this.listings.byKeys(ref.seller, ref.id, keys);
    const byKey = new Map(listings.map(({ key, listing, parts }) => [key, { listing, parts }]));
    return (key) => byKey.get(key);
  }
}

const idOf = ({ shop }: CallableShop, externalId: string): OrderId => orderIdOf(shop.seller, shop.id, externalId);

function normalized({ connector, call }: CallableShop, read: Read): Told {
  return 'error' in read ? { kind: 'failed', error: read.error } : connector.normalize(read, call.shop);
}

function contextOf({ shop }: CallableShop, told: OrderState, resolve: MergeContext['resolve']): MergeContext {
  return {
    id: orderIdOf(shop.seller, shop.id, told.externalId),
    seller: shop.seller,
    shop: shop.id,
    channel: shop.channel,
    restock: shop.restock,
    resolve,
  };
}
