import { bringOrder, NOTHING_HELD } from './bring-order';
import { freeOf, heldByQuotas, sharedOf, sumUnits, type Move, type Position, type Quota, type Shown } from './position';
import type { StockAnswer, StockRequest } from './stock-request';

/** A position after one wish, and the answer to who asked. Without a move nothing changed. */
export interface Decided {
  readonly position: Position;
  readonly move?: Move;
  readonly answer: StockAnswer;
}

type Wish<K extends StockRequest['kind']> = Extract<StockRequest, { kind: K }>;

/** What the decision needs besides the position: the move that answers the wish already, and the instant. */
export interface Known {
  /** For an order: its move on this sku with the highest stockV. Otherwise: the move of the same id. */
  readonly move?: Move | undefined;
  /** For `undo-manual`: the move to be undone. */
  readonly undone?: Move | undefined;
  /** Another wish of the same swap has changed the position already. */
  readonly isTouched?: boolean;
  readonly at: number;
}

type Details = Omit<Move, 'id' | 'v' | 'at' | 'onHand' | 'committed' | 'kind'>;

interface Made {
  readonly wish: Exclude<StockRequest, { kind: 'replan' }>;
  readonly at: number;
  readonly details?: Details;
}

function moved(position: Position, { wish, at, details }: Made): Decided {
  const kind = wish.kind === 'undo-manual' ? 'manual' : wish.kind;
  const move: Move = {
    id: wish.id,
    kind,
    v: position.v + 1,
    at,
    onHand: position.onHand,
    committed: position.committed,
    ...details,
  };
  return { position, move, answer: { kind: 'done', move } };
}

/** How this step changed what the channel's buyers see, against the order's last move. */
function shownBy(wish: Wish<'order'>, last: Move | undefined): readonly Shown[] {
  const before = new Map((last?.holding?.sold ?? []).map((sold) => [sold.listing, sold]));
  const after = new Map(wish.sold.map((sold) => [sold.listing, sold]));
  const at = last === undefined ? wish.placedAt : wish.updatedAt;
  const nothing = { units: 0, open: 0 };
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((listing) => {
      const [was, is] = [before.get(listing) ?? nothing, after.get(listing) ?? nothing];
      return { listing, units: was.units - is.units, open: is.open - was.open, at };
    })
    .filter((shown) => shown.units !== 0 || shown.open !== 0);
}

function decideOrder(position: Position, wish: Wish<'order'>, known: Known): Decided {
  const last = known.move;
  if (last?.stockV !== undefined && last.stockV >= wish.stockV) {
    return { position, answer: { kind: last.stockV === wish.stockV ? 'duplicate' : 'superseded', move: last } };
  }
  const holding = last?.holding ?? NOTHING_HELD;
  const more = wish.want.held - sumUnits(holding.drew);
  if (wish.mustFit && more > sharedOf(position)) {
    return { position, answer: { kind: 'short', asked: more, available: sharedOf(position) } };
  }
  const brought = bringOrder(position, holding, wish);
  const shown = shownBy(wish, last);
  const sold = wish.sold.filter((each) => each.units > 0);
  return moved(brought.position, {
    wish,
    at: known.at,
    details: {
      order: wish.order,
      stockV: wish.stockV,
      shop: wish.shop,
      ...(wish.isHold === true ? { hold: true } : {}),
      holding: sold.length > 0 ? { ...brought.holding, sold } : brought.holding,
      ...(shown.length > 0 ? { shown } : {}),
      ...(brought.broke.length > 0 ? { broke: brought.broke } : {}),
      ...(brought.short > 0 && position.counted ? { short: brought.short } : {}),
      ...(wish.reason === undefined ? {} : { reason: wish.reason }),
      ...(wish.by === undefined ? {} : { by: wish.by }),
    },
  });
}

function decideCount(position: Position, wish: Wish<'count'>, known: Known): Decided {
  const counted = { ...position, counted: true, onHand: wish.onHand };
  return moved(counted, { wish, at: known.at, details: { reason: wish.reason, by: wish.by } });
}

function decideManual(position: Position, wish: Wish<'manual'>, known: Known): Decided {
  const onHand = position.onHand + wish.units;
  if (wish.units < 0 && onHand < 0) {
    return { position, answer: { kind: 'short', asked: -wish.units, available: Math.max(0, position.onHand) } };
  }
  return moved({ ...position, onHand }, { wish, at: known.at, details: { reason: wish.reason, by: wish.by } });
}

function decideUndo(position: Position, wish: Wish<'undo-manual'>, known: Known): Decided {
  const units = known.undone?.units ?? 0;
  return moved(
    { ...position, onHand: position.onHand - units },
    {
      wish,
      at: known.at,
      details: {
        reason: `undo of ${wish.of}`,
        by: wish.by,
      },
    },
  );
}

function decideQuotaStart(position: Position, wish: Wish<'quota-start'>, known: Known): Decided {
  const available = sharedOf(position);
  if (wish.quota.quantity > available && !wish.cut) {
    return { position, answer: { kind: 'short', asked: wish.quota.quantity, available } };
  }
  const quantity = Math.min(wish.quota.quantity, available);
  const quota: Quota = { ...wish.quota, quantity, remaining: quantity };
  const missing = wish.quota.quantity - quantity;
  return moved(
    { ...position, quotas: [...position.quotas, quota] },
    {
      wish,
      at: known.at,
      details: {
        quota,
        ...(missing > 0 ? { short: missing } : {}),
      },
    },
  );
}

function decideQuotaEnd(position: Position, wish: Wish<'quota-end'>, known: Known): Decided {
  const quota = position.quotas.find((each) => each.id === wish.quota);
  if (quota === undefined) return { position, answer: { kind: 'unknown-quota' } };
  return moved(
    { ...position, quotas: position.quotas.filter((each) => each !== quota) },
    { wish, at: known.at, details: { quota } },
  );
}

function decideRules(position: Position, wish: Wish<'rules'>, known: Known): Decided {
  const rules = {
    ...(wish.safetyBuffer === undefined ? {} : { safetyBuffer: wish.safetyBuffer }),
    ...(wish.exposure === undefined ? {} : { exposure: wish.exposure }),
    ...(wish.lowStockAt === undefined ? {} : { lowStockAt: wish.lowStockAt }),
  };
  return moved({ ...position, ...rules }, { wish, at: known.at, details: { rules } });
}

function decideRepair(position: Position, wish: Wish<'repair'>, known: Known): Decided {
  if (position.v !== wish.v || known.isTouched === true) return { position, answer: { kind: 'overtaken' } };
  const { stock: repaired, reason, by } = wish;
  return moved({ ...repaired, v: position.v }, { wish, at: known.at, details: { repaired, reason, by } });
}

function decideAnew(position: Position, wish: StockRequest, known: Known): Decided {
  switch (wish.kind) {
    case 'order':
      return decideOrder(position, wish, known);
    case 'count':
      return decideCount(position, wish, known);
    case 'manual':
      return decideManual(position, wish, known);
    case 'undo-manual':
      return decideUndo(position, wish, known);
    case 'quota-start':
      return decideQuotaStart(position, wish, known);
    case 'quota-end':
      return decideQuotaEnd(position, wish, known);
    case 'rules':
      return decideRules(position, wish, known);
    case 'repair':
      return decideRepair(position, wish, known);
    case 'replan':
      return { position, answer: { kind: 'planned' } };
  }
}

/**
 * Decides one wish over one position. Pure: the same wish on the same position gives the same move. The move carries
 * the version that the committing swap will have (`position.v + 1`), and the numbers after it.
 */
export function decideMove(position: Position, wish: StockRequest, known: Known): Decided {
  if (wish.kind !== 'order' && known.move !== undefined) {
    return { position, answer: { kind: 'duplicate', move: known.move } };
  }
  const decided = decideAnew(position, wish, known);
  if (decided.move === undefined) return decided;
  const units = decided.position.onHand - position.onHand;
  const move = units === 0 ? decided.move : { ...decided.move, units };
  return { ...decided, move, answer: { kind: 'done', move } };
}

/** The problems of a position as it stands; each closes when its condition is gone. */
export function troubleOf(position: Position): { oversold: number; uncovered: number; negativeCount: number } {
  const free = freeOf(position);
  return {
    oversold: position.counted ? Math.max(0, -free) : 0,
    uncovered: position.counted ? Math.max(0, heldByQuotas(position) - Math.max(0, free)) : 0,
    negativeCount: position.counted ? Math.max(0, -position.onHand) : 0,
  };
}
