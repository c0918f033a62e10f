/** What a shop's region tells. [S4][S6] prices have two decimals in some countries and are whole numbers elsewhere. */
export interface Region {
  /** ISO 4217. */
  readonly currency: string;
  /** IANA name. */
  readonly timeZone: string;
  readonly priceDigits: 0 | 2;
}

const REGIONS: ReadonlyMap<string, Region> = new Map<string, Region>([
  ['SG', { currency: 'SGD', timeZone: 'Asia/Singapore', priceDigits: 2 }],
  ['MY', { currency: 'MYR', timeZone: 'Asia/Kuala_Lumpur', priceDigits: 2 }],
  ['PH', { currency: 'PHP', timeZone: 'Asia/Manila', priceDigits: 0 }],
  ['TH', { currency: 'THB', timeZone: 'Asia/Bangkok', priceDigits: 0 }],
  ['VN', { currency: 'VND', timeZone: 'Asia/Ho_Chi_Minh', priceDigits: 0 }],
  ['ID', { currency: 'IDR', timeZone: 'Asia/Jakarta', priceDigits: 0 }],
  ['TW', { currency: 'TWD', timeZone: 'Asia/Taipei', priceDigits: 0 }],
  ['BR', { currency: 'BRL', timeZone: 'America/Sao_Paulo', priceDigits: 2 }],
  ['MX', { currency: 'MXN', timeZone: 'America/Mexico_City', priceDigits: 2 }],
  ['CN', { currency: 'CNY', timeZone: 'Asia/Shanghai', priceDigits: 0 }],
]);

/** Undefined for a region that the hub does not serve. */
export const regionOf = (code: string): Region | undefined => REGIONS.get(code.toUpperCase());
