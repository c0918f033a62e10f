import { Injectable } from '@nestjs/common';
import { ChannelError, type Hint } from '../../connectors/kit';
import type { DeliveryId } from '../domain';
import { Channels } from '../platform/channels';
import { Clock } from '../platform/clock';
import { failureOf } from '../platform/retry';
import type { Outcome } from '../platform/worker';
import { CatchUp } from '../store/catch-up.store';
import { DeadLetterBox } from '../store/dead-letter-box.store';
import { DeliveriesStore, type DeliveryRecord, type Settled } from '../store/deliveries.store';
import { PollCursorsStore } from '../store/poll-cursors.store';
import type { CallableShop } from '../store/shop-calls.store';
import type { ShopRecord } from '../store/shops.store';
import { AccessNewsService } from './access-news.service';
import { CheckListingsService } from './check-listings.service';
import { FindShopService, Uncallable } from './find-shop.service';
import { MissBudget } from './miss-budget';
import { ShopTrouble } from '../store/shop-trouble.store';
import { TellUnmappedService } from './tell-unmapped.service';
import { WriteOrdersService, type OrderOutcome } from './write-orders.service';

/** A delivery with the order it names and the shop it is about. */
interface Named {
  readonly delivery: DeliveryRecord;
  readonly externalId: string;
  readonly shop: CallableShop;
}

type Concluded = { readonly settled: Settled } | { readonly outcome: Outcome };

/** How long an order that cannot be read yet is looked for (api.md, *Zalora*). */
const UNKNOWN_MS = 60_000;
const UNKNOWN_AGAIN_MS = 3000;
const DONE: Outcome = { kind: 'done' };

/** Takes kept pushes as hints: reads what they name, writes what changed, and says of each what became of it. */
@Injectable()
export class ReadDeliveriesService {
  private readonly misses = new MissBudget();

  constructor(
    private readonly deliveries: DeliveriesStore,
    private readonly channels: Channels,
    private readonly shops: FindShopService,
    private readonly writer: WriteOrdersService,
    private readonly unmapped: TellUnmappedService,
    private readonly cursors: PollCursorsStore,
    private readonly letters: DeadLetterBox,
    private readonly trouble: ShopTrouble,
    private readonly access: AccessNewsService,
    private readonly checks: CheckListingsService,
    private readonly catchUp: CatchUp,
    private readonly clock: Clock,
  ) {}

  /** One outcome per delivery, in their order. Nothing is dropped: what is not settled stays due. */
  async read(ids: readonly DeliveryId[]): Promise<readonly Outcome[]> {
    const found = new Map((await this.deliveries.readMany([...new Set(ids)])).map((each) => [each.id, each]));
    const waiting = [...found.values()].filter((delivery) => delivery.due !== undefined);
    const concluded = new Map<DeliveryId, Concluded>();
    const named = await this.name(waiting, concluded);
    await Promise.all([...groupByShop(named)].map((group) => this.readGroup(group, concluded)));
    await this.deliveries.settle(
      [...concluded.values()].flatMap((each) => ('settled' in each ? [each.settled] : [])),
      this.clock.now(),
    );
    return ids.map((id) => {
      const end = concluded.get(id);
      return end !== undefined && 'outcome' in end ? end.outcome : DONE;
    });
  }

  /** A delivery that will not be read again: kept with its bytes and cause. */
  async bury(delivery: DeliveryRecord, cause: string, message: string): Promise<void> {
    await this.deliveries.settle([await this.dead(delivery, cause, message)], this.clock.now());
  }

  private async name(
    deliveries: readonly DeliveryRecord[],
    concluded: Map<DeliveryId, Concluded>,
  ): Promise<readonly Named[]> {
    const named = await Promise.all(
      deliveries.map(async (delivery) => {
        const hint = this.hintOf(delivery);
        const named = hint.kind === 'order' ? this.toShop(delivery, hint) : this.withoutOrder(delivery, hint);
        const end = await named.catch(failed);
        if (!('shop' in end)) concluded.set(delivery.id, end);
        return end;
      }),
    );
    return named.flatMap((each) => ('shop' in each ? [each] : []));
  }

  private hintOf(delivery: DeliveryRecord): Hint {
    const connector = this.channels.byCode.get(delivery.channel);
    return connector?.hint(delivery.bytes) ?? { kind: 'unreadable', reason: `no channel ${delivery.channel}` };
  }

  private async withoutOrder(delivery: DeliveryRecord, hint: Exclude<Hint, { kind: 'order' }>): Promise<Concluded> {
    if (hint.kind === 'unreadable') return { settled: await this.dead(delivery, 'unreadable', hint.reason) };
    if (hint.kind === 'listings') return { settled: await this.checks.take(delivery, hint) };
    if (hint.kind === 'access') return { settled: await this.access.take(delivery, hint) };
    return { settled: { id: delivery.id, v: delivery.v, verdict: 'ignored', why: hint.reason } };
  }

  private async toShop(delivery: DeliveryRecord, hint: Extract<Hint, { kind: 'order' }>): Promise<Named | Concluded> {
    const shop = await this.shops.find(delivery.app, hint.channelShopId);
    if (shop instanceof Uncallable) return { outcome: await this.held(shop.shop, [delivery], shop.error) };
    if (shop !== undefined) return { delivery, shop, externalId: hint.externalId };
    const name = hint.channelShopId ?? 'that this address belongs to';
    return { settled: await this.dead(delivery, 'unknown-shop', `no shop ${name} is known under this app`) };
  }

  private async readGroup(group: readonly Named[], concluded: Map<DeliveryId, Concluded>): Promise<void> {
    const [first] = group;
    if (first === undefined) return;
    const { shop } = first;
    this.cursors.hear(shop.shop.seller, shop.shop.id, {
      pushes: group.filter(hasArrived).length,
      at: this.clock.now(),
    });
    const allowed = shop.connector.manifest.signsPushes || this.misses.allows(first.delivery.app);
    if (!allowed) {
      this.all(group, concluded, { kind: 'later', delayMs: UNKNOWN_AGAIN_MS });
      return;
    }
    try {
      const outcomes = await this.writer.readAndWrite(shop, hintsOf(group));
      await this.trouble.worked(shop.shop);
      for (const named of group) concluded.set(named.delivery.id, await this.conclude(named, outcomes));
    } catch (error) {
      if (error instanceof ChannelError) await this.trouble.failed(shop.shop, error);
      const failure = failureOf(error);
      const deliveries = group.map(({ delivery }) => delivery);
      const wantsToken = failure.kind === 'unauthorized';
      this.all(
        group,
        concluded,
        wantsToken ? await this.held(shop.shop, deliveries, error) : { kind: 'failed', failure },
      );
    }
  }

  /** What waits for a token is due at once when there is one. */
  private async held(shop: ShopRecord, deliveries: readonly DeliveryRecord[], error: unknown): Promise<Outcome> {
    const ids = deliveries.map(({ id }) => id);
    await this.catchUp.hold(ids, shop);
    return { kind: 'failed', failure: failureOf(error) };
  }

  private all(group: readonly Named[], concluded: Map<DeliveryId, Concluded>, outcome: Outcome): void {
    group.forEach(({ delivery }) => concluded.set(delivery.id, { outcome }));
  }

  private async conclude(named: Named, outcomes: ReadonlyMap<string, OrderOutcome>): Promise<Concluded> {
    const { delivery, shop, externalId } = named;
    const outcome = outcomes.get(externalId) ?? { kind: 'unknown' };
    const about = { id: delivery.id, v: delivery.v, seller: shop.shop.seller, shop: shop.shop.id };
    switch (outcome.kind) {
      case 'unknown':
        return this.notFound(named);
      case 'failed':
        return { outcome: { kind: 'failed', failure: failureOf(outcome.error) } };
      case 'refused':
        return { settled: await this.dead({ ...delivery, ...about }, outcome.cause, outcome.reason) };
      case 'written':
      case 'same':
      case 'older':
        await this.unmapped.tell(outcome.order);
        return { settled: { ...about, order: outcome.order.id, ...verdictOf(outcome.kind) } };
    }
  }

  /** The channel may be late with its own order; after a minute it is no order of this shop. */
  private async notFound({ delivery, shop, externalId }: Named): Promise<Concluded> {
    const signs = shop.connector.manifest.signsPushes;
    if (!signs) this.misses.charge(delivery.app);
    if (this.clock.now() - delivery.receivedAt < UNKNOWN_MS) {
      return { outcome: { kind: 'later', delayMs: UNKNOWN_AGAIN_MS } };
    }
    const about = { seller: shop.shop.seller, shop: shop.shop.id };
    const why = `the channel does not know the order ${externalId}`;
    if (!signs) return { settled: { id: delivery.id, v: delivery.v, verdict: 'ignored', why, ...about } };
    return { settled: await this.dead({ ...delivery, ...about }, 'unknown-order', why) };
  }

  private async dead(delivery: DeliveryRecord, cause: string, message: string): Promise<Settled> {
    const { id, v, channel, bytes, seller, shop } = delivery;
    const known = { ...(seller === undefined ? {} : { seller }), ...(shop === undefined ? {} : { shop }) };
    await this.letters.put({ kind: 'delivery', cause, message, channel, delivery: id, bytes, ...known });
    return { id, v, verdict: 'dead', why: message, ...known };
  }
}

/** One shop that cannot be called, or one letter that cannot be kept, does not hold up its neighbours. */
const failed = (error: unknown): Concluded => ({ outcome: { kind: 'failed', failure: failureOf(error) } });

const verdictOf = (kind: 'written' | 'same' | 'older'): Pick<Settled, 'verdict' | 'why'> =>
  kind === 'written' ? { verdict: 'accepted' } : { verdict: 'duplicate', why: 'the order was in this state already' };

/** It was pushed, not taken out of the channel's lost queue, and is not a push of before that is tried again. */
const hasArrived = ({ delivery }: Named): boolean => delivery.headers['taken'] === undefined && delivery.tries === 0;

/** Each order of the group once, with the earliest push that names it. */
function hintsOf(group: readonly Named[]): readonly { externalId: string; heardAt: number }[] {
  const heard = new Map<string, number>();
  for (const { externalId, delivery } of group) {
    heard.set(externalId, Math.min(heard.get(externalId) ?? Infinity, delivery.updatedAt));
  }
  return [...heard].map(([externalId, heardAt]) => ({ externalId, heardAt }));
}

function groupByShop(named: readonly Named[]): Iterable<readonly Named[]> {
  const groups = new Map<string, Named[]>();
  for (const each of named) {
    const group = groups.get(each.shop.shop.id) ?? [];
    group.push(each);
    groups.set(each.shop.shop.id, group);
  }
  return groups.values();
}
