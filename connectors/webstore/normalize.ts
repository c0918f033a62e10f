import { z } from 'zod';
import { currencyDigits, LINE_STATUSES, parseMoney, type LineStatus, type OrderTotals } from '../../src/domain';
import {
  firstFault,
  foldUnits,
  optionalText,
  type Normalized,
  type RawOrder,
  type ShopAccess,
  type UnitRow,
} from '../kit';

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/;

/** PROTOCOL 1: ISO 8601 in UTC; what is finer than a millisecond is cut off. */
const instantField = z
  .string()
  .regex(INSTANT)
  .transform((text) => Date.parse(text))
  .pipe(z.number().min(0));
/** PROTOCOL 1: decimal text, never below 0. */
const amountField = z.string().regex(/^\d{1,13}(?:\.\d{1,6})?$/);
const statusField = z.string().min(1).max(40);

const lineSchema = z.object({
  sku: z.string().min(1).max(128),
  title: optionalText.catch(undefined),
  units: z.int().min(1).max(1_000_000),
  unitPrice: amountField,
  status: statusField.nullish(),
});

const orderSchema = z.object({
  id: z.string(),
  number: optionalText.catch(undefined),
  status: statusField,
  placedAt: instantField,
  updatedAt: instantField,
  shipBy: instantField.nullish(),
  currency: z.string().refine((currency) => currencyDigits(currency) !== undefined),
  fulfilledBy: z.enum(['seller', 'channel']).default('seller'),
  lines: z.array(lineSchema).min(1).max(1000),
  totals: z.object({
    discountSeller: amountField.default('0'),
    discountChannel: amountField.default('0'),
    shipping: amountField.default('0'),
    tax: amountField.default('0'),
    paid: amountField,
  }),
  buyer: z
    .object({
      name: optionalText.catch(undefined),
      phone: optionalText.catch(undefined),
      address: optionalText.catch(undefined),
    })
    .nullish()
    .catch(undefined),
});

type OwnOrder = z.infer<typeof orderSchema>;

const refused = (cause: 'malformed' | 'unknown-status', reason: string): Normalized => ({
  kind: 'refused',
  cause,
  reason,
});

/** Minor units; NaN for what is no amount of the currency, so that no sum with it is believed. */
const minorOf = (text: string, currency: string): number => parseMoney(text, currency)?.minor ?? Number.NaN;

const LEFT: ReadonlySet<LineStatus> = new Set(['shipped', 'delivered', 'returned']);
const isStatus = (text: string): text is LineStatus => (LINE_STATUSES as readonly string[]).includes(text);

/** A line without a status of its own has its order's. */
function rowsOf(order: OwnOrder): readonly UnitRow[] | { readonly unknown: string } {
  const rows: UnitRow[] = [];
  for (const line of order.lines) {
    const status = line.status ?? order.status;
    if (!isStatus(status)) return { unknown: status };
    rows.push({
      listingKey: line.sku,
      sellerSku: line.sku,
      ...(line.title === undefined ? {} : { title: line.title }),
      unitPrice: minorOf(line.unitPrice, order.currency),
      units: line.units,
      status,
      shipped: LEFT.has(status) ? line.units : 0,
    });
  }
  return rows;
}

/** Undefined when an amount is none of the currency, or the parts do not add up to what was paid (QUIRKS 4). */
function totalsOf({ totals, currency }: OwnOrder, rows: readonly UnitRow[]): OrderTotals | undefined {
  const items = rows.reduce((sum, row) => sum + row.units * row.unitPrice, 0);
  const discountSeller = minorOf(totals.discountSeller, currency);
  const discountChannel = minorOf(totals.discountChannel, currency);
  const shipping = minorOf(totals.shipping, currency);
  const tax = minorOf(totals.tax, currency);
  const paid = minorOf(totals.paid, currency);
  if (items - discountSeller - discountChannel + shipping + tax !== paid) return undefined;
  return Number.isSafeInteger(items) ? { items, discountSeller, discountChannel, shipping, tax, paid } : undefined;
}

function buyerOf({ buyer }: OwnOrder): { readonly buyer?: { name?: string; phone?: string; address?: string } } {
  const known = Object.entries(buyer ?? {}).filter(([, text]) => text !== undefined);
  return known.length === 0 ? {} : { buyer: Object.fromEntries(known) };
}

/**
 * Brings an order of the protocol to the order model. A status that the protocol does not name is refused as
 * `unknown-status`, money that does not add up as malformed. Pure; never throws.
 */
export function normalize(raw: RawOrder, _shop: Pick<ShopAccess, 'currency' | 'region' | 'settings'>): Normalized {
  const parsed = orderSchema.safeParse(raw.payload);
  if (!parsed.success) return refused('malformed', firstFault(parsed.error));
  const order = parsed.data;
  if (order.id !== raw.externalId) return refused('malformed', 'id is another order');
  const rows = rowsOf(order);
  if ('unknown' in rows) return refused('unknown-status', `status ${rows.unknown}`);
  const totals = totalsOf(order, rows);
  if (totals === undefined) return refused('malformed', 'totals: the parts do not add up to paid');
  return {
    kind: 'order',
    order: {
      externalId: order.id,
      ...(order.number === undefined ? {} : { reference: order.number }),
      placedAt: order.placedAt,
      updatedAt: order.updatedAt,
      currency: order.currency,
      ...foldUnits(rows),
      totals,
      fulfilledBy: order.fulfilledBy,
      ...buyerOf(order),
      ...(order.shipBy == null ? {} : { shipBy: order.shipBy }),
    },
  };
}
