import {
  auditShare,
  EMPTY_POSITION,
  foldMoves,
  inCommitOrder,
  NOTHING_HELD,
  stockOf,
  wantBySku,
  type Holding,
  type Move,
  type OrderId,
  type SellerId,
  type StockRequest,
} from '../../../src/domain';
import { OrdersStore, type StoredOrder } from '../../../src/store/orders.store';
import { numbersOf } from '../../builders/stock';
import { faultsInLedger } from '../ledger/faults-in-ledger';
import type { Rooms } from '../rooms/open-rooms';
import { keptOf, type Kept } from './arena';

const MOST_ORDERS = 2000;

/** The position as its moves make it, those in the archive too, is the position as it is stored. */
function faultsInFold({ position, moves }: Kept): string[] {
  const folded = foldMoves({ position: EMPTY_POSITION, holdings: new Map() }, inCommitOrder(moves)).position;
  const [is, right] = [position, folded].map((each) => JSON.stringify(numbersOf({ v: 0, ...stockOf(each) })));
  return is === right ? [] : [`the position is ${is}, its moves make ${right}`];
}

/** What an order asks for, as it is stored, is what its newest move holds. */
function faultsInShares(orders: readonly StoredOrder[], sku: string, moves: readonly Move[]): string[] {
  const newest = new Map(
    inCommitOrder(moves).flatMap((move) => (move.order === undefined ? [] : [[move.order, move]])),
  );
  return orders.flatMap((order) =>
    wantBySku(order)
      .filter((wanted) => wanted.sku === sku)
      .flatMap(({ request }) => {
        const difference = auditShare(request.want, newest.get(order.id));
        return difference === undefined ? [] : [`the share of ${order.id}: ${JSON.stringify(difference)}`];
      }),
  );
}

/** Units come from counts and from people, and go with what left; no others. Every number is held against what was asked. */
function faultsOnHand(moves: readonly Move[], wishes: readonly StockRequest[]): string[] {
  const asked = new Map(wishes.map((wish) => [wish.id, wish]));
  const holdings = new Map<OrderId | undefined, Holding>();
  const faults: string[] = [];
  let onHand = 0;
  for (const move of inCommitOrder(moves)) {
    const wish = asked.get(move.id);
    const [before, after] = [holdings.get(move.order) ?? NOTHING_HELD, move.holding ?? NOTHING_HELD];
    if (wish?.kind === 'count') onHand = wish.onHand;
    if (wish?.kind === 'manual') onHand += wish.units;
    if (move.order !== undefined) {
      onHand += before.shipped - after.shipped + after.restocked - before.restocked;
      holdings.set(move.order, after);
    }
    if (move.onHand !== onHand) faults.push(`${move.onHand} are on hand after ${move.id}, not ${onHand}`);
  }
  return faults.slice(0, 5);
}

/** Everything that does not add up on a sku after these wishes, to the unit, in sentences. */
export async function faultsInStock(
  rooms: Rooms,
  seller: string,
  { sku, wishes }: { readonly sku: string; readonly wishes: readonly StockRequest[] },
): Promise<string[]> {
  const kept = await keptOf(rooms, seller, sku);
  const orders = await rooms.get(OrdersStore).list(seller as SellerId, { limit: MOST_ORDERS });
  return [
    ...faultsInLedger(kept.position, kept.moves),
    ...faultsInFold(kept),
    ...faultsInShares(orders, sku, kept.moves),
    ...faultsOnHand(kept.moves, wishes),
  ];
}
