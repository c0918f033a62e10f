import type { ShopAccess } from '../kit';

/**
 * The choices of a shop where the reference says NOT CONFIRMED or CONFLICT; QUIRKS.md tells why each exists.
 * The first value is the default, also for a value that is not listed.
 */
export const CHOICES = {
  /** QUIRKS 1: the SKUs that a `code "0"` answer with `detail[]` does not name. */
  unlistedOn0: ['done', 'failed'],
  /** QUIRKS 2: the SKUs that a `code "501"` answer with `detail[]` does not name. */
  unlistedOn501: ['failed', 'done'],
  /** QUIRKS 3: what a SKU's top-level `quantity` is. */
  quantityMeans: ['sellable', 'total'],
  /** QUIRKS 5: how the stock payload is written. */
  stockPayload: ['xml', 'json'],
  /** QUIRKS 22: the midnight at which a daily quota of calls begins anew. */
  quotaDay: ['gmt+8', 'utc'],
  /** QUIRKS 23: what is written where a listing shall have no sale price. */
  saleRemovedBy: ['zero', 'empty'],
  /** QUIRKS 25: whose warehouse `shipping_type` Warehouse is, where `is_fbl` is not told. */
  warehouseIs: ['channel', 'seller'],
  /** QUIRKS 32: whether an order's `price` is believed, or the sum of its rows. */
  paidFrom: ['price', 'items'],
} as const;

type Choices = typeof CHOICES;

/** The shop's choice for a named setting. */
export function choiceOf<Name extends keyof Choices>(
  settings: ShopAccess['settings'],
  name: Name,
): Choices[Name][number] {
  const values: readonly Choices[Name][number][] = CHOICES[name];
  const chosen = Object.hasOwn(settings, name) ? settings[name] : undefined;
  return values.find((value) => value === chosen) ?? CHOICES[name][0];
}

/** QUIRKS 4: `refuse` (default), or the offset, such as `+08:00`, of instants that are written without one. */
export function offsetWhenMissing(settings: ShopAccess['settings']): string | undefined {
  const offset = Object.hasOwn(settings, 'instantWithoutOffset') ? settings['instantWithoutOffset'] : undefined;
  return offset !== undefined && /^[+-]\d\d:?\d\d$/.test(offset) ? offset : undefined;
}

/** QUIRKS 11: the code of the one warehouse that stock is written to; undefined for the default one. */
export function warehouseOf(settings: ShopAccess['settings']): string | undefined {
  const code = Object.hasOwn(settings, 'warehouse') ? settings['warehouse'] : undefined;
  return code !== undefined && /^[\w.:-]{1,64}$/.test(code) ? code : undefined;
}
