import { toHundredths } from '../money';
import { shown, type Listing, type Promotion, type Shop } from '../shop';
import type { Ground } from '../world';
import type { Fields } from './door';

/** A discount or a flash sale: a span of time in which listings have another price and units set apart. */
export interface Deal {
  readonly id: number;
  readonly kind: 'discount' | 'flash_sale';
  readonly name: string;
  readonly startsMs: number;
  readonly endsMs: number;
  enabled: boolean;
  readonly rows: Map<Listing, DealRow>;
}

export interface DealRow {
  priceHundredths: number;
  /** Units set apart; 0 for a price alone. */
  stock: number;
  purchaseLimit: number;
  promotion: Promotion | undefined;
}

const MOST_RUNNING = 1000;
const shops = new WeakMap<Shop, Map<number, Deal>>();
let nextId = 700_001;

export function dealsOf(shop: Shop): Map<number, Deal> {
  let deals = shops.get(shop);
  if (deals === undefined) {
    deals = new Map();
    shops.set(shop, deals);
  }
  for (const [id, deal] of deals) if (deal.endsMs <= Date.now() && deals.size > MOST_RUNNING) deals.delete(id);
  return deals;
}

/** Opens one; undefined when a thousand run already. [S6 doc] */
export function openDeal(shop: Shop, terms: Omit<Deal, 'id' | 'rows' | 'enabled'>): Deal | undefined {
  const deals = dealsOf(shop);
  const running = [...deals.values()].filter((deal) => deal.kind === terms.kind && deal.endsMs > Date.now());
  if (running.length >= MOST_RUNNING) return undefined;
  const deal: Deal = { ...terms, id: nextId, enabled: terms.kind === 'discount', rows: new Map() };
  nextId += 1;
  deals.set(deal.id, deal);
  return deal;
}

/** Sets a row's units apart and gives its listing the price from the deal's start on. */
export function startRow(ground: Ground, deal: Deal, listing: Listing): void {
  const row = deal.rows.get(listing);
  if (row === undefined || listing.promotion !== undefined || row.stock > shown(listing)) return;
  row.promotion = ground.promotions.start(listing, {
    units: row.stock,
    kind: deal.kind,
    refusal: 'floor',
    startsMs: deal.startsMs,
    endsMs: deal.endsMs,
  });
  listing.sale = {
    priceHundredths: row.priceHundredths,
    startsAt: new Date(deal.startsMs).toISOString(),
    endsAt: new Date(deal.endsMs).toISOString(),
  };
}

/** Gives a row's units back and takes its price away. */
export function endRow(ground: Ground, deal: Deal, listing: Listing): void {
  const row = deal.rows.get(listing);
  if (row?.promotion === undefined) return;
  if (listing.promotion === row.promotion) {
    ground.promotions.end(row.promotion, 'cancelled');
    listing.sale = undefined;
  }
  row.promotion = undefined;
}

/** One wanted row out of a call: an item without models names its own fields. */
export interface WantedRow {
  itemId: number;
  modelId: number;
  priceHundredths: number | undefined;
  stock: number;
  purchaseLimit: number;
}

export interface RowNames {
  models: string;
  price: string;
  stock: string;
  itemPrice: string;
  itemStock: string;
}

/** The rows of a list of items, each with its models or with fields of its own. */
export function readRows(list: readonly Fields[], names: RowNames): WantedRow[] {
  return list.flatMap((item) => {
    const shared = { itemId: Number(item['item_id']), purchaseLimit: Number(item['purchase_limit'] ?? 0) };
    const models = item[names.models];
    if (!Array.isArray(models) || models.length === 0) {
      const stock = Number(item[names.itemStock] ?? 0);
      return [{ ...shared, modelId: 0, priceHundredths: priceOf(item[names.itemPrice]), stock }];
    }
    return (models as Fields[]).map((row) => ({
      ...shared,
      modelId: Number(row['model_id'] ?? 0),
      priceHundredths: priceOf(row[names.price]),
      stock: Number(row[names.stock] ?? 0),
    }));
  });
}

function priceOf(value: unknown): number | undefined {
  return typeof value === 'number' && value > 0 ? toHundredths(Number(value.toFixed(2))) : undefined;
}

export function listingOf(shop: Shop, row: WantedRow): Listing | undefined {
  return shop.byItem.get(row.itemId)?.find((one) => one.modelId === row.modelId);
}
