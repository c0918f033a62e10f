import { keyOf, type LineState, type LineStatus, type OrderStatus } from '../../src/domain';

/** Units of one listing at one price that share one fate: what a channel's row says after it is split by status. */
export interface UnitRow {
  readonly listingKey: string;
  /** Minor units. */
  readonly unitPrice: number;
  readonly units: number;
  readonly status: LineStatus;
  /** How many of `units` left the seller; a cancelled unit may have. */
  readonly shipped: number;
  readonly sellerSku?: string;
  readonly title?: string;
}

const ADVANCE: readonly LineStatus[] = ['unpaid', 'paid', 'shipped', 'delivered'];

/** One status for all, else the least advanced of what is neither cancelled nor returned, else `returned`. */
function lineStatus(statuses: ReadonlySet<LineStatus>): LineStatus {
  const [only] = statuses;
  if (statuses.size === 1 && only !== undefined) return only;
  return ADVANCE.find((status) => statuses.has(status)) ?? 'returned';
}

function lineOf(id: string, rows: readonly UnitRow[], first: UnitRow): LineState {
  const sum = (count: (row: UnitRow) => number): number => rows.reduce((total, row) => total + count(row), 0);
  const sellerSku = rows.find((row) => row.sellerSku !== undefined)?.sellerSku;
  const title = rows.find((row) => row.title !== undefined)?.title;
  return {
    id,
    listingKey: first.listingKey,
    ...(sellerSku === undefined ? {} : { sellerSku }),
    ...(title === undefined ? {} : { title }),
    units: sum((row) => row.units),
    cancelled: sum((row) => (row.status === 'cancelled' ? row.units : 0)),
    shipped: sum((row) => row.shipped),
    returned: sum((row) => (row.status === 'returned' ? row.units : 0)),
    unitPrice: first.unitPrice,
    status: lineStatus(new Set(rows.map((row) => row.status))),
  };
}

/**
 * Brings a channel's rows to the order model: one line per listing and unit price, in the order of first appearance,
 * counts summed. The order's status is the one that all units share, else `mixed`.
 */
export function foldUnits(rows: readonly UnitRow[]): {
  readonly lines: readonly LineState[];
  readonly status: OrderStatus;
} {
  const groups = new Map<string, UnitRow[]>();
  for (const row of rows.filter(({ units }) => units > 0)) {
    const id = keyOf(row.listingKey, String(row.unitPrice));
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [row]);
    else group.push(row);
  }
  const lines = [...groups].flatMap(([id, group]) => (group[0] === undefined ? [] : [lineOf(id, group, group[0])]));
  const [only, ...others] = new Set(rows.filter(({ units }) => units > 0).map((row) => row.status));
  return { lines, status: only === undefined || others.length > 0 ? 'mixed' : only };
}
