import { Injectable } from '@nestjs/common';
import {
  adoptHoldLines,
  mergeOrder,
  orderIdOf,
  OWN_SHOP,
  resolveLines,
  restockLines,
  unresolvedKeys,
  type Order,
  type OrderId,
  type OrderState,
  type SellerId,
} from '../domain';
import { Clock } from '../platform/clock';
import {
  OrderDoor,
  type AcceptAnswer,
  type CompareAnswer,
  type LookAnswer,
  type RestockAnswer,
  type ShopRef,
} from '../platform/doors';
import { Queues } from '../platform/queues';
import { OrdersStore, type StoredOrder } from '../store/orders.store';
import { SkusStore } from '../store/skus.store';
import { LookAtOrdersService } from './look-at-orders.service';
import { WriteOrdersService } from './write-orders.service';

/** Orders of the seller's own site, phone and files; and what a person says of an order that is here already. */
@Injectable()
export class AcceptOrderService extends OrderDoor {
  constructor(
    private readonly orders: OrdersStore,
    private readonly skus: SkusStore,
    private readonly writer: WriteOrdersService,
    private readonly looker: LookAtOrdersService,
    private readonly queues: Queues,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async accept(seller: SellerId, state: OrderState): Promise<AcceptAnswer> {
    const unknown = await this.unknownSkus(seller, state);
    if (unknown.length > 0) return { kind: 'unknown-skus', skus: unknown };
    const id = orderIdOf(seller, OWN_SHOP, state.externalId);
    const found = await this.orders.find(id);
    const stored = found === undefined ? undefined : adoptHoldLines(found, state.lines);
    if (stored?.hold !== undefined && stored.hold.status !== 'confirmed') return { kind: 'conflict', order: stored };
    const merged = mergeOrder(stored, state, ownContext(seller, id));
    if (merged.kind !== 'changed') return { kind: merged.kind, order: stored as StoredOrder };
    const fromHold = stored?.hold !== undefined && stored.totals.items === 0;
    if (merged.equalInstant && !fromHold) return { kind: 'conflict', order: stored as StoredOrder };
    if (!(await this.write(this.withBuyer(merged.order, { told: state, stored })))) return this.accept(seller, state);
    return { kind: stored === undefined ? 'made' : 'moved', order: merged.order };
  }

  override look(...asked: Parameters<OrderDoor['look']>): Promise<readonly LookAnswer[]> {
    return this.looker.look(...asked);
  }

  override compare(shop: ShopRef, externalIds: readonly string[]): Promise<readonly CompareAnswer[]> {
    return this.looker.compare(shop, externalIds);
  }

  override bury(shop: ShopRef, externalId: string, why: string): Promise<void> {
    return this.looker.bury(shop, externalId, why);
  }

  override async restock(
    seller: SellerId,
    id: string,
    lines: readonly { id: string; units: number }[],
  ): Promise<RestockAnswer> {
    const order = await this.orders.find(id as OrderId);
    if (order?.seller !== seller || order.updatedAt === 0) return { kind: 'unknown' };
    const returned = new Map(order.lines.map((line) => [line.id, line.returned]));
    const tooMany = lines.filter((line) => line.units > (returned.get(line.id) ?? -1)).map((line) => line.id);
    if (tooMany.length > 0) return { kind: 'too-many', lines: tooMany };
    const restocked = restockLines(order, new Map(lines.map((line) => [line.id, line.units])));
    if (restocked === undefined) return { kind: 'done', order };
    return (await this.write(restocked)) ? { kind: 'done', order: restocked } : this.restock(seller, id, lines);
  }

  override async resolve(seller: SellerId, ids: readonly OrderId[]): Promise<readonly OrderId[]> {
    const answers = await Promise.all(ids.map((id) => this.resolveOne(seller, id)));
    return ids.filter((_, index) => answers[index] === true);
  }

  /** True when no line of it waits for a listing any more. */
  private async resolveOne(seller: SellerId, id: OrderId): Promise<boolean> {
    const order = await this.orders.find(id);
    if (order?.seller !== seller) return false;
    const keys = unresolvedKeys(order);
    if (keys.length === 0) return true;
    const resolve = await this.writer.resolverOf({ seller, id: order.shop }, keys);
    const next = resolveLines(order, resolve);
    if (next === undefined) return false;
    return (await this.write(next)) ? unresolvedKeys(next).length === 0 : this.resolveOne(seller, id);
  }

  private withBuyer(order: Order, by: { told: OrderState; stored: StoredOrder | undefined }): StoredOrder {
    const buyer = this.orders.buyerOf(order, by);
    return buyer === undefined ? order : { ...order, buyer };
  }

  private async write(order: StoredOrder): Promise<boolean> {
    const now = this.clock.now();
    if (!(await this.orders.swap({ ...order, heardAt: now, due: now }))) return false;
    void this.queues.enqueue('reserve', [{ order: order.id }], { generation: order.v });
    return true;
  }

  private async unknownSkus(seller: SellerId, state: OrderState): Promise<readonly string[]> {
    const asked = [...new Set(state.lines.map((line) => line.listingKey))];
    const known = new Set((await this.skus.findMany(seller, asked)).map(({ sku }) => sku));
    return asked.filter((sku) => !known.has(sku));
  }
}

const ownContext = (seller: SellerId, id: OrderId) => ({
  id,
  seller,
  shop: OWN_SHOP,
  channel: OWN_SHOP as string,
  restock: 'confirm' as const,
  resolve: (sku: string) => ({ parts: [{ sku, units: 1 }] }),
});
