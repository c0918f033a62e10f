import { z } from 'zod';
import type { LockReading, ShopAccess } from '../kit';
import { readInstant } from './amounts';
import { fieldsOf, optionalQuantity, optionalText } from './fields';
import { regionOf } from './regions';

/** One campaign's part: spelled `sellableQuantity` in the sample of the page, `quantity` in its text. [L3 doc][L5 doc] */
const PART = z.object({
  sellableQuantity: optionalQuantity,
  quantity: optionalQuantity,
  endTime: optionalText,
});
const SKU = z.object({ channelInventories: z.array(z.unknown()).optional().catch(undefined) });

/**
 * What campaigns lock of a SKU as `/products/get` shows it: the sum of `channelInventories[]`, a part of what is
 * sellable. Its end is that of the last of them, where each says it; undefined where nothing is locked. [L3 doc]
 */
export function readLock(sku: unknown, { region }: Pick<ShopAccess, 'region'>): LockReading | undefined {
  const { channelInventories = [] } = SKU.parse(fieldsOf(sku));
  const parts = channelInventories.map((part) => PART.parse(fieldsOf(part)));
  const locking = parts.filter((part) => unitsOf(part) > 0);
  const units = locking.reduce((sum, part) => sum + unitsOf(part), 0);
  if (!Number.isSafeInteger(units) || units === 0) return undefined;
  const ends = locking.map(({ endTime }) => (endTime === undefined ? undefined : endOf(endTime, region)));
  const until = ends.reduce((last, end) => (last === undefined || end === undefined ? undefined : Math.max(last, end)));
  return until === undefined ? { units } : { units, until };
}

const unitsOf = ({ sellableQuantity, quantity }: z.infer<typeof PART>): number =>
  Math.max(0, sellableQuantity ?? quantity ?? 0);

/** Written without an offset, by the country's clock: its last second is still inside (QUIRKS 33). */
function endOf(text: string, region: string): number | undefined {
  const hours = (regionOf(region)?.offsetMs ?? 0) / 3_600_000;
  const instant = readInstant(text, `+0${hours}:00`);
  return instant === undefined ? undefined : instant + 1000;
}

/** A number that stands behind what is locked in a refusal. No sample of the text is known: NOT CONFIRMED (QUIRKS 33). */
const LOCKED_UNITS = /locked\s+(?:quantity|stock|inventory|units)\D{0,20}?(\d{1,9})(?!\d)/i;

/** The least quantity that a refusal below a lock would take, where its text says so. */
export function floorIn(message: string): number | undefined {
  const units = LOCKED_UNITS.exec(message)?.[1];
  return units === undefined ? undefined : Number(units);
}
