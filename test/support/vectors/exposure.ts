import type { Stage } from './scenario';
import type { StockNumbers } from './stock-world';

/** Σ over skus of max(0, Σ units × what buyers may see − free). */
export function exposureOf(
  stage: Stage,
  seen: Readonly<Record<string, number>>,
  stock: Readonly<Record<string, Pick<StockNumbers, 'free'>>>,
): number {
  const bySku = stage.skus.map(({ sku }) => {
    const visible = stage.listings.reduce((sum, { id, parts }) => {
      const units = parts.filter((part) => part.sku === sku).reduce((all, part) => all + part.units, 0);
      return sum + units * (seen[id] ?? 0);
    }, 0);
    return Math.max(0, visible - (stock[sku]?.free ?? 0));
  });
  return bySku.reduce((sum, units) => sum + units, 0);
}
