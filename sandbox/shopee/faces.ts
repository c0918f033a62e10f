import type { App, Shop } from '../shop';

/** What only Shopee knows of a shop. */
export interface ShopFace {
  holiday: 'off' | 'partial' | 'full';
  /** Warehouses that stock is kept in; empty for a shop outside the multi-warehouse list. */
  locations: string[];
  /** The seller has taken the authorisation back. */
  unlinked: boolean;
  authorisedMs: number;
  /** An authorisation lasts at most 365 days. [S1 doc] */
  authorisedUntilMs: number;
}

/** A token of a main account or a merchant, which is no shop's. */
export interface AccountGrant {
  kind: 'main' | 'merchant';
  accessEndsMs: number;
  refreshEndsMs: number;
  /** Ids that this refresh token was already spent for. */
  spentFor: Set<string>;
}

/** What only Shopee knows of an app. */
export interface AppFace {
  mainAccountId: number;
  merchantId: number;
  /** Consent codes of the main account and their ends. */
  codes: Map<string, number>;
  byAccess: Map<string, AccountGrant>;
  byRefresh: Map<string, AccountGrant>;
  /** Codes that give the pair again whose answer was lost. */
  resendCodes: Map<string, Shop>;
  pushesOff: Set<number>;
  blockedShops: Set<string>;
  /** How far the lost pushes are confirmed. */
  confirmedId: number;
}

const YEAR_MS = 365 * 86_400_000;
const shops = new WeakMap<Shop, ShopFace>();
const apps = new WeakMap<App, AppFace>();

export function faceOfShop(shop: Shop): ShopFace {
  let face = shops.get(shop);
  if (face === undefined) {
    const now = Date.now();
    face = { holiday: 'off', locations: [], unlinked: false, authorisedMs: now, authorisedUntilMs: now + YEAR_MS };
    shops.set(shop, face);
  }
  return face;
}

/** The seller has said yes, perhaps again: linked for another year. */
export function authorise(shop: Shop): void {
  const face = faceOfShop(shop);
  face.unlinked = false;
  face.authorisedMs = Date.now();
  face.authorisedUntilMs = face.authorisedMs + YEAR_MS;
}

export function faceOfApp(app: App): AppFace {
  let face = apps.get(app);
  if (face === undefined) {
    face = {
      mainAccountId: 500_000_000 + Number(app.key),
      merchantId: 600_000_000 + Number(app.key),
      ...{ codes: new Map(), byAccess: new Map(), byRefresh: new Map(), resendCodes: new Map() },
      ...{ pushesOff: new Set(), blockedShops: new Set() },
      confirmedId: 0,
    };
    apps.set(app, face);
  }
  return face;
}

/** Keeps a map from growing without end: the oldest entry goes. */
export function keepBounded<K, V>(map: Map<K, V>, key: K, value: V): void {
  map.set(key, value);
  if (map.size <= MOST_KEPT) return;
  for (const oldest of map.keys()) {
    map.delete(oldest);
    return;
  }
}

const MOST_KEPT = 10_000;
