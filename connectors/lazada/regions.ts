/** What is fixed about a region. None of the six countries moves its clocks. */
export interface Region {
  /** Domain of its API. [L1 doc] */
  readonly domain: string;
  readonly currency: string;
  /** IANA name. */
  readonly timeZone: string;
  /** Of its wall clock from UTC, ms. */
  readonly offsetMs: number;
}

const HOUR_MS = 3_600_000;

/** The six countries. [L1 doc] */
const REGIONS: ReadonlyMap<string, Region> = new Map([
  ['sg', { domain: 'lazada.sg', currency: 'SGD', timeZone: 'Asia/Singapore', offsetMs: 8 * HOUR_MS }],
  ['th', { domain: 'lazada.co.th', currency: 'THB', timeZone: 'Asia/Bangkok', offsetMs: 7 * HOUR_MS }],
  ['my', { domain: 'lazada.com.my', currency: 'MYR', timeZone: 'Asia/Kuala_Lumpur', offsetMs: 8 * HOUR_MS }],
  ['vn', { domain: 'lazada.vn', currency: 'VND', timeZone: 'Asia/Ho_Chi_Minh', offsetMs: 7 * HOUR_MS }],
  ['ph', { domain: 'lazada.com.ph', currency: 'PHP', timeZone: 'Asia/Manila', offsetMs: 8 * HOUR_MS }],
  ['id', { domain: 'lazada.co.id', currency: 'IDR', timeZone: 'Asia/Jakarta', offsetMs: 7 * HOUR_MS }],
]);

export const REGION_CODES: readonly string[] = [...REGIONS.keys()];

/** A region by its code in any case; undefined for one that Lazada does not have. */
export const regionOf = (code: string): Region | undefined => REGIONS.get(code.toLowerCase());
