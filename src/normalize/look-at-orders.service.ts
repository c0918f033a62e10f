import { Injectable } from '@nestjs/common';
import { ChannelError } from '../../connectors/kit';
import { auditOrder, isUpToDate, orderIdOf } from '../domain';
import { Clock } from '../platform/clock';
import type { CompareAnswer, LookAnswer, ShopRef } from '../platform/doors';
import { HubError } from '../platform/hub-error';
import { HubOptions } from '../platform/options';
import { DeadLetterBox } from '../store/dead-letter-box.store';
import { OrdersStore, type StoredOrder } from '../store/orders.store';
import { ShopCalls, type CallableShop } from '../store/shop-calls.store';
import { ShopTrouble } from '../store/shop-trouble.store';
import { ShopsStore } from '../store/shops.store';
import { TellUnmappedService } from './tell-unmapped.service';
import { WriteOrdersService, type OrderOutcome, type Told } from './write-orders.service';

/** What a second is long, and how late a channel may show its own changes; clocks that differ come on top. */
const SETTLE_MS = 4000;
const NOTHING: ReadonlyMap<string, OrderOutcome> = new Map();
const NOT_KNOWN = 'the channel lists it and does not know it';

/** Orders that a channel's list named, through the same reading and writing as those that a push named. */
@Injectable()
export class LookAtOrdersService {
  constructor(
    private readonly orders: OrdersStore,
    private readonly shops: ShopsStore,
    private readonly calls: ShopCalls,
    private readonly trouble: ShopTrouble,
    private readonly writer: WriteOrdersService,
    private readonly unmapped: TellUnmappedService,
    private readonly letters: DeadLetterBox,
    private readonly clock: Clock,
    private readonly options: HubOptions,
  ) {}

  async look(
    ref: ShopRef,
    externalIds: readonly string[],
    listedAt: ReadonlyMap<string, number> = new Map(),
  ): Promise<readonly LookAnswer[]> {
    const known = await this.upToDate(ref, listedAt, externalIds);
    const now = this.clock.now();
    const hints = externalIds.flatMap((id) => (known.has(id) ? [] : [{ externalId: id, heardAt: now }]));
    const read = hints.length > 0 ? await this.ask(ref, (shop) => this.writer.readAndWrite(shop, hints)) : NOTHING;
    await this.confirm(read, listedAt, now);
    const answers: LookAnswer[] = [];
    for (const id of externalIds) {
      answers.push(await this.conclude(ref, id, known.get(id) ?? read.get(id) ?? { kind: 'unknown' }));
    }
    return answers;
  }

  async compare(ref: ShopRef, externalIds: readonly string[]): Promise<readonly CompareAnswer[]> {
    const told = await this.ask(ref, (shop) => this.writer.read(shop, externalIds));
    const stored = await Promise.all(externalIds.map((id) => this.orders.find(orderIdOf(ref.seller, ref.shop, id))));
    return externalIds.map((id, index) => compared(id, stored[index], told.get(id)));
  }

  /** Keeps that an order of a list cannot be read. */
  async bury({ seller, shop }: ShopRef, externalId: string, why: string): Promise<void> {
    await this.put({ seller, shop }, externalId, { cause: 'unreadable-order', why });
  }

  /** Windows overlap, and an order's instant says that nothing happened since it was read. */
  private async upToDate(
    ref: ShopRef,
    listedAt: ReadonlyMap<string, number>,
    externalIds: readonly string[],
  ): Promise<ReadonlyMap<string, OrderOutcome>> {
    const listed = externalIds.filter((id) => listedAt.has(id));
    const orders = await Promise.all(listed.map((id) => this.orders.find(orderIdOf(ref.seller, ref.shop, id))));
    const known = orders.filter((order) => order !== undefined).filter((order) => this.isUpToDate(order, listedAt));
    return new Map(known.map((order) => [order.externalId, { kind: 'same', order }]));
  }

  /** One that was read in the second of its change is read once more; then that is kept. */
  private async confirm(
    read: ReadonlyMap<string, OrderOutcome>,
    listedAt: ReadonlyMap<string, number>,
    readAt: number,
  ): Promise<void> {
    const same = [...read.values()].flatMap((outcome) => (outcome.kind === 'same' ? [outcome.order] : []));
    await this.orders.confirm(
      same.filter((order) => this.isUpToDate({ ...order, readAt }, listedAt)),
      readAt,
    );
  }

  private isUpToDate(order: StoredOrder, listedAt: ReadonlyMap<string, number>): boolean {
    const at = listedAt.get(order.externalId);
    return at !== undefined && isUpToDate(order, at, SETTLE_MS + this.options.clockSkewMs);
  }

  private async open({ seller, shop }: ShopRef): Promise<CallableShop> {
    try {
      const ready = await this.calls.open(seller, shop);
      if (ready !== undefined) return { ...ready, call: ready.callAs('bulk') };
    } catch (error) {
      const found = error instanceof ChannelError ? await this.shops.find(seller, shop) : undefined;
      if (found !== undefined) await this.trouble.failed(found, error as ChannelError);
      throw error;
    }
    throw new HubError('missing', 'never', { message: `no shop ${shop} that this hub can call` });
  }

  private async ask<Answer>(ref: ShopRef, call: (shop: CallableShop) => Promise<Answer>): Promise<Answer> {
    const ready = await this.open(ref);
    try {
      const answer = await call(ready);
      await this.trouble.worked(ready.shop);
      return answer;
    } catch (error) {
      if (error instanceof ChannelError) await this.trouble.failed(ready.shop, error);
      throw error;
    }
  }

  private async conclude(ref: ShopRef, externalId: string, outcome: OrderOutcome): Promise<LookAnswer> {
    switch (outcome.kind) {
      case 'written':
        await this.unmapped.tell(outcome.order);
        return { externalId, kind: 'written', order: outcome.order };
      case 'same':
      case 'older':
        // Whoever wrote it may have ended before saying so.
        await this.unmapped.tell(outcome.order);
        return { externalId, kind: outcome.kind, order: outcome.order };
      case 'refused':
        await this.put(ref, externalId, { cause: outcome.cause, why: outcome.reason });
        return { externalId, kind: 'refused', why: outcome.reason };
      case 'failed':
        return { externalId, kind: 'unread', why: outcome.error.message };
      case 'unknown':
        return { externalId, kind: 'unread', why: NOT_KNOWN };
    }
  }

  private async put(
    { seller, shop }: ShopRef,
    externalId: string,
    { cause, why }: { readonly cause: string; readonly why: string },
  ): Promise<void> {
    const found = await this.shops.find(seller, shop);
    await this.letters.put({
      kind: 'fact',
      cause,
      ...{ seller, shop, order: orderIdOf(seller, shop, externalId) },
      ...(found !== undefined && { channel: found.channel }),
      message: `order ${externalId} of a list: ${why}`,
    });
  }
}

function compared(externalId: string, stored: StoredOrder | undefined, told: Told | undefined): CompareAnswer {
  if (told?.kind === 'order') {
    return { externalId, kind: 'compared', differences: auditOrder(stored, told.order) };
  }
  if (told !== undefined) {
    return { externalId, kind: 'unread', why: told.kind === 'failed' ? told.error.message : told.reason };
  }
  if (stored !== undefined) return { externalId, kind: 'compared', differences: ['unknown'] };
  return { externalId, kind: 'unread', why: NOT_KNOWN };
}
