import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { ulid } from 'ulid';
import { freeOf, sharedOf, type Move, type Order, type SellerId } from '../domain';
import { Batcher } from '../platform/batch';
import { Clock } from '../platform/clock';
import { crashPoint } from '../platform/crash-point';
import { Loader } from '../platform/loader';
import type { StoredPosition } from './positions.store';
import type { ProblemRecord } from './problems.store';
import { KEPT_MS, WebhookEventsStore, type NewEvent } from './webhook-events.store';
import { WebhooksStore, type EventType, type WebhookRecord } from './webhooks.store';

type News = Pick<NewEvent, 'subject' | 'v' | 'data'> & { readonly type: EventType };

interface Subscribed {
  readonly seller: SellerId;
  readonly webhooks: readonly WebhookRecord[];
}

interface Cached {
  readonly until: number;
  readonly subscribed: Promise<readonly WebhookRecord[]>;
}

/** A new webhook is told of what happens 5 s later, and of nothing before. */
const FRESH_MS = 4000;
const MOST_CACHED = 10_000;
const FLUSH_MS = 3;

/**
 * Writes what sellers' systems are to be told. Whoever handles a `due` asks for it before unsetting that `due`: written
 * twice is written once. A seller without webhooks costs one read in four seconds, together with other sellers.
 */
@Injectable()
export class TellWebhooks implements BeforeApplicationShutdown {
  private readonly cached = new Map<SellerId, Cached>();
  private readonly loader = new Loader<SellerId, Subscribed>({
    read: (sellers) => this.subscribed(sellers),
    idOf: ({ seller }) => seller,
  });
  private readonly batcher = new Batcher<readonly NewEvent[], true>({
    flushMs: FLUSH_MS,
    most: 100,
    inFlight: 2,
    waiting: 10_000,
    write: async (batch) => {
      await this.write(batch.flat());
      return batch.map(() => true);
    },
  });

  constructor(
    private readonly webhooks: WebhooksStore,
    private readonly events: WebhookEventsStore,
    private readonly clock: Clock,
  ) {}

  async beforeApplicationShutdown(): Promise<void> {
    await this.batcher.drain();
  }

  /** These skus were looked at: those of which a move was not handled yet have new numbers. */
  async ofStock(
    seller: SellerId,
    changed: readonly { readonly position: StoredPosition; readonly moves: readonly Move[] }[],
  ): Promise<void> {
    await this.tell(seller, () =>
      changed.flatMap(({ position, moves }) =>
        moves.some((move) => move.v > position.handled) ? [stockNews(position)] : [],
      ),
    );
  }

  /** The order was written, or changed. A hold is none before it is confirmed. */
  async ofOrder(order: Order): Promise<void> {
    if (order.hold !== undefined && order.hold.status !== 'confirmed') return;
    await this.tell(order.seller, () => orderNews(order, this.clock.now()));
  }

  /** These problems of a seller opened or closed. */
  async ofProblems(seller: SellerId, problems: readonly ProblemRecord[]): Promise<void> {
    await this.tell(seller, () => problems.flatMap(problemNews));
  }

  /** An event for trying a webhook out. */
  async test({ id, seller }: WebhookRecord): Promise<void> {
    const at = this.clock.now();
    await this.batcher.add([{ webhook: id, seller, type: 'test', subject: ulid(at), v: 1, data: {}, at }]);
  }

  private async tell(seller: SellerId, news: () => readonly News[]): Promise<void> {
    const webhooks = await this.of(seller);
    if (webhooks.length === 0) return;
    const at = this.clock.now();
    const told = news();
    const events = webhooks.flatMap(({ id, events: types }) =>
      told.filter(({ type }) => types.includes(type)).map((one) => ({ ...one, webhook: id, seller, at })),
    );
    if (events.length > 0) await this.batcher.add(events);
  }

  private of(seller: SellerId): Promise<readonly WebhookRecord[]> {
    const known = this.cached.get(seller);
    if (known !== undefined && known.until > performance.now()) return known.subscribed;
    const subscribed = this.loader.load(seller).then((found) => found?.webhooks ?? []);
    if (this.cached.size >= MOST_CACHED) this.cached.clear();
    const entry = { until: performance.now() + FRESH_MS, subscribed };
    this.cached.set(seller, entry);
    subscribed.catch(() => this.cached.get(seller) === entry && this.cached.delete(seller));
    return subscribed;
  }

  private async subscribed(sellers: readonly SellerId[]): Promise<readonly Subscribed[]> {
    const found = await this.webhooks.ofSellers(sellers);
    const active = found.filter(({ pausedAt }) => pausedAt === undefined);
    return sellers.map((seller) => ({ seller, webhooks: active.filter((one) => one.seller === seller) }));
  }

  private async write(events: readonly NewEvent[]): Promise<void> {
    await this.events.record(events);
    crashPoint('event.written');
    await this.webhooks.wake([...new Set(events.map(({ webhook }) => webhook))], this.clock.now());
  }
}

function stockNews(position: StoredPosition): News {
  const { sku, v, counted, onHand, committed } = position;
  const data = { sku, version: v, counted, onHand, committed, free: freeOf(position), shared: sharedOf(position) };
  return { type: 'stock.changed', subject: sku, v, data };
}

/** Told as new once: the event of it is kept as long as this looks back. */
function orderNews(order: Order, now: number): readonly News[] {
  const { id, channel, shop, externalId, status, v, placedAt, facts } = order;
  const data = { order: id, channel, shop, externalId, status, version: v };
  const placedV = facts.find(({ kind }) => kind === 'OrderPlaced')?.v;
  const created: News = { type: 'order.created', subject: id, v: 1, data };
  const updated: News = { type: 'order.updated', subject: id, v, data };
  return [...(now - placedAt < KEPT_MS ? [created] : []), ...(placedV === v ? [] : [updated])];
}

function problemNews(problem: ProblemRecord): readonly News[] {
  const { key, kind, since, closedAt, detail, action, sku, shop } = problem;
  const instants = { since: textOf(since), ...(closedAt !== undefined && { closedAt: textOf(closedAt) }) };
  const about = { ...(sku !== undefined && { sku }), ...(shop !== undefined && { shop }) };
  const data = { problem: key, kind, ...about, ...instants, detail, action };
  const isOpen = closedAt === undefined;
  const news = { subject: key, v: closedAt ?? since, data };
  const low: readonly News[] =
    kind === 'low-stock' ? [{ ...news, type: isOpen ? 'stock.low' : 'stock.low.closed' }] : [];
  return [...low, { ...news, type: isOpen ? 'problem.opened' : 'problem.closed' }];
}

const textOf = (ms: number): string => new Date(ms).toISOString();
