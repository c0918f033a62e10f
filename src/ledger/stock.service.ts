import { Injectable } from '@nestjs/common';
import { ulid } from 'ulid';
import type { ExposurePolicy, OrderId, Quota, SellerId, SkuUnits, StockAnswer } from '../domain';
import { StockDoor, type AdjustAnswer, type HoldAnswer, type HoldStepAnswer } from '../platform/doors';
import { OrdersStore } from '../store/orders.store';
import { AdjustService } from './adjust.service';
import { BringOrderService } from './bring-order.service';
import { GroupCommitService } from './group-commit.service';
import { HoldsService } from './holds.service';

/** The ledger's side of the door by which other rooms ask for stock. */
@Injectable()
export class StockService extends StockDoor {
  constructor(
    private readonly ledger: GroupCommitService,
    private readonly adjustments: AdjustService,
    private readonly holds: HoldsService,
    private readonly orders: OrdersStore,
    private readonly bringer: BringOrderService,
  ) {
    super();
  }

  override count(
    seller: SellerId,
    sku: string,
    count: { id: string; onHand: number; reason: string; by: string },
  ): Promise<StockAnswer> {
    return this.ledger.ask(seller, sku, { kind: 'count', ...count });
  }

  override adjust(
    seller: SellerId,
    wish: { id: string; lines: readonly SkuUnits[]; reason: string; by: string },
  ): Promise<AdjustAnswer> {
    return this.adjustments.adjust(seller, wish);
  }

  override setRules(
    seller: SellerId,
    sku: string,
    rules: { safetyBuffer?: number; exposure?: ExposurePolicy; lowStockAt?: number | null },
  ): Promise<StockAnswer> {
    return this.ledger.ask(seller, sku, { kind: 'rules', id: `rules|${ulid()}`, ...rules });
  }

  override async bring(orders: readonly OrderId[]): Promise<void> {
    const found = await Promise.all(orders.map((id) => this.orders.find(id)));
    const waiting = found.flatMap((order) => (order?.due === undefined || order.hold !== undefined ? [] : [order]));
    await Promise.all(waiting.map((order) => this.bringer.bring(order)));
  }

  override async replan(seller: SellerId, skus: readonly string[]): Promise<void> {
    await Promise.all(skus.map((sku) => this.ledger.ask(seller, sku, { kind: 'replan', id: 'replan' })));
  }

  override startQuota(
    seller: SellerId,
    sku: string,
    wish: { id: string; quota: Omit<Quota, 'remaining'>; cut: boolean },
  ): Promise<StockAnswer> {
    return this.ledger.ask(seller, sku, { kind: 'quota-start', ...wish });
  }

  override endQuota(seller: SellerId, sku: string, wish: { id: string; quota: string }): Promise<StockAnswer> {
    return this.ledger.ask(seller, sku, { kind: 'quota-end', ...wish });
  }

  override hold(
    seller: SellerId,
    wish: { id: string; lines: readonly SkuUnits[]; expiresInMs: number },
  ): Promise<HoldAnswer> {
    return this.holds.hold(seller, wish);
  }

  override release(seller: SellerId, id: string): Promise<HoldStepAnswer> {
    return this.holds.release(seller, id);
  }

  override confirm(seller: SellerId, id: string): Promise<HoldStepAnswer> {
    return this.holds.confirm(seller, id);
  }
}
