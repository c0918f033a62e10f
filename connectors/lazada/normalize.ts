import type { Buyer, OrderState } from '../../src/domain';
import type { Normalized, RawOrder, ShopAccess } from '../kit';
import { readInstant } from './amounts';
import { type ItemRow, type OrderHead, type OrderPayload, PAYLOAD } from './order-payload';
import { choiceOf, offsetWhenMissing } from './settings';
import { type MoneyReading, totalsOf } from './totals';
import { linesOf, type Reading, readUnit, type Unit } from './units';

/**
 * Makes the canonical order of `{order, items}` as `readOrders` hands it over. Pure; any JSON gives an order or a
 * refusal. Instants are ms, money is minor units of the rows' currency (the shop's where they name none).
 */
export function normalize(raw: RawOrder, shop: Pick<ShopAccess, 'currency' | 'region' | 'settings'>): Normalized {
  const parsed = PAYLOAD.safeParse(raw.payload);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return malformed(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not an order'}`);
  }
  const payload = parsed.data;
  const mismatch = identityFault(payload, raw.externalId);
  if (mismatch !== undefined) return malformed(mismatch);
  const currency = currencyOf(payload.items, shop.currency);
  if (currency === undefined) return malformed('items of several currencies');
  const reading: Reading & MoneyReading = {
    currency,
    offsetWhenMissing: offsetWhenMissing(shop.settings),
    warehouseIs: choiceOf(shop.settings, 'warehouseIs'),
    paidFrom: choiceOf(shop.settings, 'paidFrom'),
  };
  const units: Unit[] = [];
  for (const row of payload.items) {
    const unit = readUnit(row, reading);
    if ('cause' in unit) return { kind: 'refused', ...unit };
    units.push(unit);
  }
  return assemble(payload, units, reading);
}

const malformed = (reason: string): Normalized => ({ kind: 'refused', cause: 'malformed', reason });

/** An answer about another order, or one unit twice, is not believed. */
function identityFault({ order, items }: OrderPayload, externalId: string): string | undefined {
  if (order.order_id !== externalId) return 'order_id is not the one asked for';
  if (items.some((row) => row.order_id !== undefined && row.order_id !== externalId)) return 'an item of another order';
  const ids = new Set(items.map((row) => row.order_item_id));
  return ids.size === items.length ? undefined : 'one order_item_id twice';
}

function currencyOf(items: readonly ItemRow[], shopCurrency: string): string | undefined {
  const named = new Set(items.map((row) => (row.currency || shopCurrency).toUpperCase()));
  return named.size === 1 ? [...named][0] : undefined;
}

function assemble(payload: OrderPayload, units: readonly Unit[], reading: Reading & MoneyReading): Normalized {
  const { order } = payload;
  const { currency } = reading;
  const placedAt = readInstant(order.created_at, reading.offsetWhenMissing);
  if (placedAt === undefined) return malformed('created_at is no instant');
  const orderUpdatedAt = readInstant(order.updated_at, reading.offsetWhenMissing);
  if (orderUpdatedAt === undefined) return malformed('updated_at is no instant');
  const totals = totalsOf(payload, sum(units.map((unit) => unit.unitPrice)), reading);
  if (totals === undefined) return malformed(`an amount that is none in ${currency}`);
  const allInWarehouse = units.every((unit) => unit.inChannelWarehouse);
  const statuses = [...new Set(units.map((unit) => unit.status))];
  const state: OrderState = {
    externalId: order.order_id,
    ...(order.order_number === undefined || order.order_number === order.order_id
      ? {}
      : { reference: order.order_number }),
    placedAt,
    // The rows are read after the order: the newest of all is the state's instant (QUIRKS 7).
    updatedAt: units.reduce((latest, unit) => Math.max(latest, unit.updatedAt), orderUpdatedAt),
    currency,
    status: statuses.length === 1 && statuses[0] !== undefined ? statuses[0] : 'mixed',
    lines: linesOf(units, !allInWarehouse),
    totals,
    fulfilledBy: allInWarehouse ? 'channel' : 'seller',
    ...buyerOf(order),
    ...shipByOf(payload, units, reading),
  };
  return { kind: 'order', order: state };
}

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);

/** As given: masked unless the app is approved. [L9 doc] */
function buyerOf(order: OrderHead): { readonly buyer?: Buyer } {
  const address = order.address_shipping;
  const name =
    joined([address?.first_name, address?.last_name], ' ') ??
    joined([order.customer_first_name, order.customer_last_name], ' ');
  const lines = [address?.address1, address?.address2, address?.address3, address?.address4, address?.address5];
  const whole = joined([...lines, address?.city, address?.post_code, address?.country], ', ');
  const buyer: Buyer = {
    ...(name === undefined ? {} : { name }),
    ...(address?.phone === undefined ? {} : { phone: address.phone }),
    ...(whole === undefined ? {} : { address: whole }),
  };
  return Object.keys(buyer).length === 0 ? {} : { buyer };
}

const joined = (parts: readonly (string | undefined)[], separator: string): string | undefined =>
  parts.filter((part) => part !== undefined).join(separator) || undefined;

/** The earliest promise among units still to be sent; a text that is no instant is left out. [L4 doc] */
function shipByOf(payload: OrderPayload, units: readonly Unit[], reading: Reading): { readonly shipBy?: number } {
  const open = payload.items.filter((_, at) => units[at]?.status === 'paid' || units[at]?.status === 'unpaid');
  if (open.length === 0) return {};
  const texts = [...open.map((row) => row.sla_time_stamp), payload.order.promised_shipping_times];
  const instants = texts
    .map((text) => (text === undefined ? undefined : readInstant(text, reading.offsetWhenMissing)))
    .filter((instant) => instant !== undefined);
  return instants.length === 0 ? {} : { shipBy: Math.min(...instants) };
}
