import type { SellerId } from '../domain';
import type { SkusStore } from '../store/skus.store';
import { faulty } from './refusal';

/**
 * Every line names a sku that the seller has, and no sku twice.
 * @throws Refusal 422 with the path of every line that does not.
 */
export async function checkSkus(skus: SkusStore, seller: SellerId, lines: readonly { sku: string }[]): Promise<void> {
  const names = lines.map(({ sku }) => sku);
  const known = new Set((await skus.findMany(seller, names)).map(({ sku }) => sku));
  const faults = names.flatMap((sku, at) => {
    const path = `lines.${at}.sku`;
    if (!known.has(sku)) return [{ path, message: `there is no sku ${sku}` }];
    return names.indexOf(sku) < at ? [{ path, message: `${sku} has a line already` }] : [];
  });
  if (faults.length > 0) throw faulty(faults);
}
