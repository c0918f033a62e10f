import {
  EMPTY_POSITION,
  foldWishes,
  orderIdOf,
  orderMoveId,
  type Move,
  type Position,
  type Quota,
  type SellerId,
  type ShopId,
  type StockAnswer,
  type StockRequest,
  type Want,
} from '../../src/domain';

export const SELLER = 'seller' as SellerId;
export const [L, S, Z] = ['L', 'S', 'Z'].map((id) => id as ShopId) as [ShopId, ShopId, ShopId];
export const SHOPS: readonly ShopId[] = [L, S, Z];

/** A counted position of 100 units that nobody holds. */
export const positionOf = (changes: Partial<Position> = {}): Position => ({
  ...EMPTY_POSITION,
  v: 1,
  counted: true,
  onHand: 100,
  ...changes,
});

export const quotaOf = (changes: Partial<Quota> & { readonly id: string }): Quota => {
  const quantity = changes.quantity ?? 10;
  return { campaign: 'flash', shop: L, mode: 'allocation', quantity, remaining: quantity, ...changes };
};

export type OrderWish = Extract<StockRequest, { kind: 'order' }>;

/** What an order of one shop asks of one sku. */
export function orderWish(
  order: { readonly id: string; readonly shop?: ShopId; readonly stockV?: number },
  want: Partial<Want>,
  changes: Partial<OrderWish> = {},
): OrderWish {
  const shop = order.shop ?? L;
  const id = orderIdOf(SELLER, shop, order.id);
  const stockV = order.stockV ?? 1;
  return {
    kind: 'order',
    id: orderMoveId(id, stockV),
    order: id,
    stockV,
    shop,
    want: { held: 0, shipped: 0, restocked: 0, ...want },
    mustFit: false,
    sold: [],
    placedAt: 1000,
    updatedAt: 1000 * stockV,
    ...changes,
  };
}

export const countWish = (onHand: number, id = `count ${onHand}`): StockRequest => ({
  kind: 'count',
  id,
  onHand,
  reason: 'stocktaking',
  by: 'somebody',
});

/** A sku's stock with all its moves, as a ledger of one process would have them. */
export interface Ledger {
  readonly position: Position;
  readonly moves: readonly Move[];
}

export const EMPTY_LEDGER: Ledger = { position: EMPTY_POSITION, moves: [] };

/** The ledger after these wishes, all in one swap. */
export function ask(ledger: Ledger, wishes: readonly StockRequest[]): Ledger & { answers: readonly StockAnswer[] } {
  const folded = foldWishes(ledger.position, wishes, { moves: ledger.moves, at: 5000 });
  return { position: folded.position, moves: [...ledger.moves, ...folded.moves], answers: folded.answers };
}

/** Every wish in a swap of its own. */
export const askOneByOne = (ledger: Ledger, wishes: readonly StockRequest[]): Ledger =>
  wishes.reduce<Ledger>((known, wish) => ask(known, [wish]), ledger);

/** The numbers of a position, without how often it was written and with nothing lost said as 0. */
export const numbersOf = ({ v: _v, quotas, ...rest }: Position): unknown => ({
  ...rest,
  quotas: quotas.map((quota) => ({ ...quota, lost: quota.lost ?? 0 })),
});
