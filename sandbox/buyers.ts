import { Chance } from './chance';
import { problem } from './http/call';
import type { Order } from './order';
import { shown, type Channel, type Listing } from './shop';
import type { OrderTerms } from './trade';
import type { World } from './world';

export interface BuyerTerms {
  perMinute: number;
  channels: readonly Channel[];
  skus: string[] | undefined;
  maxUnits: number;
  payLaterRate: number;
  cancelRate: number;
  shipAfterS: number;
  seed: number | undefined;
}

export interface RaceTerms {
  sku: string;
  buyers: number;
  units: number;
  channels: readonly Channel[];
  unpaid: boolean;
  seed: number | undefined;
}

export interface RaceResult {
  buyers: number;
  succeeded: number;
  perChannel: Record<string, number>;
  orders: { channel: Channel; shop: string; orderId: string }[];
}

const NAMES = ['Mei Tan', 'Arif Rahman', 'Somchai P.', 'Linh Nguyen', 'Jose Cruz', 'Siti Aminah'];

/** Buyers who order now and then by themselves, and buyers who race. */
export class Buyers {
  private timer: NodeJS.Timeout | undefined;
  private readonly later = new Set<NodeJS.Timeout>();

  constructor(private readonly world: World) {}

  start(terms: BuyerTerms): void {
    this.stop();
    const chance = new Chance(terms.seed);
    const everyMs = 60_000 / terms.perMinute;
    const next = (): void => {
      // Between half and one and a half of the usual wait.
      this.timer = setTimeout(
        () => {
          this.buyOne(terms, chance);
          next();
        },
        everyMs * (0.5 + chance.next()),
      );
    };
    next();
  }

  stop(): void {
    clearTimeout(this.timer);
    for (const timer of this.later) clearTimeout(timer);
    this.later.clear();
    this.timer = undefined;
  }

  /** All at once, before anybody hears of it: each buyer picks one of the sku's listings and tries. */
  race(terms: RaceTerms): RaceResult {
    const listings = this.world.market.listingsOf(terms.sku, terms.channels);
    if (listings.length === 0) throw problem(404, `no listing of ${terms.sku}`);
    const chance = new Chance(terms.seed);
    const order = Array.from({ length: terms.buyers }, (_, index) => listings[index % listings.length] as Listing);
    const result: RaceResult = { buyers: terms.buyers, succeeded: 0, perChannel: {}, orders: [] };
    for (const listing of chance.shuffle(order)) {
      const { channel, id } = listing.shop;
      result.perChannel[channel] ??= 0;
      if (shown(listing) < terms.units) continue;
      const placed = this.world.trade.place(
        listing.shop,
        [{ listing, units: terms.units }],
        simpleTerms(terms.unpaid, 'Mei Tan'),
      );
      result.succeeded += 1;
      result.perChannel[channel] += 1;
      result.orders.push({ channel, shop: id, orderId: placed.id });
    }
    return result;
  }

  private buyOne(terms: BuyerTerms, chance: Chance): void {
    const shop = chance.pick(this.world.market.shopsOf().filter((one) => terms.channels.includes(one.channel)));
    if (shop === undefined) return;
    const listing = pickListing(terms, chance, [...shop.listings.values()]);
    if (listing === undefined) return;
    const units = Math.min(shown(listing), 1 + chance.below(terms.maxUnits));
    const unpaid = chance.happens(terms.payLaterRate);
    const order = this.world.trade.place(
      shop,
      [{ listing, units }],
      simpleTerms(unpaid, chance.pick(NAMES) ?? 'Mei Tan'),
    );
    this.goOn(order, terms, { unpaid, cancels: chance.happens(terms.cancelRate) });
  }

  /** Pays or cancels after a while, then is shipped. */
  private goOn(order: Order, terms: BuyerTerms, plan: { unpaid: boolean; cancels: boolean }): void {
    const stepS = terms.shipAfterS / 4;
    if (plan.unpaid) this.after(stepS, () => this.world.trade.move(order, 'paid'));
    if (plan.cancels) this.after(stepS * 2, () => this.world.trade.move(order, 'cancelled'));
    else this.after(terms.shipAfterS, () => this.world.trade.move(order, 'shipped'));
  }

  private after(delayS: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.later.delete(timer);
      try {
        act();
      } catch {
        // Somebody else moved the order meanwhile.
      }
    }, delayS * 1000);
    this.later.add(timer);
  }
}

function pickListing(terms: BuyerTerms, chance: Chance, listings: Listing[]): Listing | undefined {
  const able = listings.filter((one) => shown(one) > 0 && (terms.skus === undefined || terms.skus.includes(one.sku)));
  return chance.pick(able);
}

function simpleTerms(unpaid: boolean, name: string): OrderTerms {
  return {
    unpaid,
    fulfilledByMarketplace: false,
    buyer: { name, phone: '6591234567', city: 'Singapore', email: 'buyer@example.com' },
    money: { discountSeller: 0, discountChannel: 0, shipping: 0 },
  };
}
