import { partsOf, type Listing } from './shop';

interface SkuTally {
  ordered: number;
  cancelled: number;
  returned: number;
  peak: number;
  stated: number | undefined;
  start: number;
}

export interface SkuReport {
  sku: string;
  ordered: number;
  cancelled: number;
  returned: number;
  sold: number;
  existed: number;
  existedFrom: 'stated' | 'start';
  oversold: number;
  oversoldPeak: number;
}

/**
 * Counts, per the seller's own sku, what all channels sold together and what the seller says there was.
 * Not said: the largest number that any single-sku listing of it began with.
 */
export class Tally {
  private readonly skus = new Map<string, SkuTally>();

  clear(): void {
    this.skus.clear();
  }

  begin(listing: Listing): void {
    for (const part of partsOf(listing)) {
      const tally = this.of(part.sku);
      if (partsOf(listing).length === 1) tally.start = Math.max(tally.start, listing.startQuantity * part.units);
    }
  }

  state(sku: string, units: number): void {
    this.of(sku).stated = units;
  }

  ordered(listing: Listing, sales: number): void {
    listing.sold += sales;
    for (const part of partsOf(listing)) {
      const tally = this.of(part.sku);
      tally.ordered += sales * part.units;
      tally.peak = Math.max(tally.peak, oversold(tally));
    }
  }

  cancelled(listing: Listing, sales: number): void {
    listing.sold -= sales;
    for (const part of partsOf(listing)) this.of(part.sku).cancelled += sales * part.units;
  }

  returned(listing: Listing, sales: number): void {
    for (const part of partsOf(listing)) this.of(part.sku).returned += sales * part.units;
  }

  report(only?: string): SkuReport[] {
    const rows: SkuReport[] = [];
    for (const [sku, tally] of this.skus) {
      if (only !== undefined && sku !== only) continue;
      rows.push({
        sku,
        ordered: tally.ordered,
        cancelled: tally.cancelled,
        returned: tally.returned,
        sold: tally.ordered - tally.cancelled,
        existed: existed(tally),
        existedFrom: tally.stated === undefined ? 'start' : 'stated',
        oversold: oversold(tally),
        oversoldPeak: tally.peak,
      });
    }
    return rows;
  }

  private of(sku: string): SkuTally {
    let tally = this.skus.get(sku);
    if (tally === undefined) {
      tally = { ordered: 0, cancelled: 0, returned: 0, peak: 0, stated: undefined, start: 0 };
      this.skus.set(sku, tally);
    }
    return tally;
  }
}

function existed(tally: SkuTally): number {
  return tally.stated ?? tally.start;
}

/** A returned unit may be sold again, so it does not count against what existed. */
function oversold(tally: SkuTally): number {
  return Math.max(0, tally.ordered - tally.cancelled - tally.returned - existed(tally));
}
