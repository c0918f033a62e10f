/** A shop of the bench as its buyers and its marketplace know it. */
export interface BenchShop {
  readonly seller: string;
  readonly id: string;
  readonly channelShopId: string;
  readonly listings: readonly BenchListing[];
}

export interface BenchListing {
  readonly listing: string;
  readonly itemId: string;
  readonly sku: string;
}

/** Where pushes go and what signs them. */
export interface BenchApp {
  readonly port: number;
  readonly path: string;
  readonly hookUrl: string;
  readonly secret: string;
}

export interface World {
  readonly app: BenchApp;
  readonly shops: readonly BenchShop[];
}

export interface WorldSize {
  readonly sellers: number;
  readonly shopsPerSeller: number;
  readonly skusPerSeller: number;
  /** Units counted of each sku; none is counted where this is 0. */
  readonly units: number;
  /** How often each shop lists each sku; once where it is left out. */
  readonly listingsPerSku?: number;
  /** Whose shops they are; the bench's marketplace where it is left out. */
  readonly channel?: string;
}

export const CHANNEL = 'shopee';
/** One in the hub's own process, which answers at once. */
export const INSTANT = 'instant';
export const APP_KEY = '2000001';
export const APP_SECRET = 'bench-partner-key-0123456789abcdef';
export const HOOK_ID = 'benchhook0123456789abcdef01234567';
export const HOOK_URL = `http://bench.invalid/hooks/${CHANNEL}/${HOOK_ID}`;
