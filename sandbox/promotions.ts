import { problem } from './http/call';
import { shown, type Listing, type Promotion, type PromotionRefusal } from './shop';

export interface PromotionTerms {
  units: number;
  refusal: PromotionRefusal;
  kind: string;
  startsMs: number;
  endsMs: number | undefined;
}

export type PromotionNews = 'added' | 'ended' | 'cancelled';

const LONGEST_MS = 2_000_000_000;

/**
 * Campaigns that lock units of a listing (Lazada) or reserve them (Shopee). Sales eat them; what is left at the end is
 * ordinary stock again, with no write of anybody. One at a time for a listing. [L3 doc][S8 doc]
 */
export class Promotions {
  private readonly running = new Map<number, Promotion>();
  private nextId = 1;

  constructor(private readonly tell: (promotion: Promotion, what: PromotionNews) => void) {}

  start(listing: Listing, terms: PromotionTerms): Promotion {
    if (listing.shop.channel === 'zalora') throw problem(409, 'Zalora has no promotions with stock');
    if (listing.promotion !== undefined) throw problem(409, `${listing.sku} is in a promotion already`);
    if (terms.units > shown(listing)) {
      throw problem(409, `${listing.sku} shows ${shown(listing)}, too few for ${terms.units} units`);
    }
    const promotion: Promotion = { id: this.nextId, listing, ...terms, timer: undefined };
    this.nextId += 1;
    listing.promotion = promotion;
    listing.locked = terms.units;
    this.running.set(promotion.id, promotion);
    if (terms.endsMs !== undefined) {
      const waitMs = Math.min(Math.max(0, terms.endsMs - Date.now()), LONGEST_MS);
      promotion.timer = setTimeout(() => this.end(promotion, 'ended'), waitMs).unref();
    }
    this.tell(promotion, 'added');
    return promotion;
  }

  /** Ends one; the units that are left become ordinary. */
  end(promotion: Promotion, how: 'ended' | 'cancelled'): number {
    if (!this.running.delete(promotion.id)) return 0;
    clearTimeout(promotion.timer);
    const { listing } = promotion;
    const left = listing.locked;
    listing.locked = 0;
    listing.promotion = undefined;
    this.tell(promotion, how);
    return left;
  }

  find(id: number): Promotion | undefined {
    return this.running.get(id);
  }

  all(): Promotion[] {
    return [...this.running.values()];
  }

  clear(): void {
    for (const promotion of this.running.values()) {
      clearTimeout(promotion.timer);
      promotion.listing.promotion = undefined;
    }
    this.running.clear();
  }
}
