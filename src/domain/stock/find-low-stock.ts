import { freeOf, type Position, type Quota } from './position';

/** Units that came down to where somebody is to be told. */
export interface LowStock {
  /** Which quota's; absent: what is free of the sku. */
  readonly quota?: Quota;
  readonly left: number;
  readonly at: number;
}

/** The most that a quota may have left to be low; below 0 where nobody is told. A quota of nothing was told when it was cut. */
const limitOf = ({ quantity, lowStockPercent }: Quota): number =>
  lowStockPercent === undefined || quantity === 0 ? -1 : Math.floor((quantity * lowStockPercent) / 100);

/** What of a position is low: free units at or below the sku's threshold, and quotas at or below their percentage. */
export function findLowStock(position: Position): readonly LowStock[] {
  const { counted, lowStockAt, quotas } = position;
  if (!counted) return [];
  const left = freeOf(position);
  const isLow = typeof lowStockAt === 'number' && left <= lowStockAt;
  const low = quotas.filter((quota) => quota.remaining <= limitOf(quota));
  return [
    ...(isLow ? [{ left, at: lowStockAt }] : []),
    ...low.map((quota) => ({ quota, left: quota.remaining, at: limitOf(quota) })),
  ];
}
