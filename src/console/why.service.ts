import { Injectable } from '@nestjs/common';
import {
  asOf,
  MOST_DATED,
  positionIdOf,
  ShareOut,
  type Dated,
  type Move,
  type Outlet,
  type Position,
  type SellerId,
  type Share,
  type ShopId,
} from '../domain';
import { Clock } from '../platform/clock';
import { ListingsStore } from '../store/listings.store';
import { Markets, type MarketRead } from '../store/markets.store';
import { ShopsStore } from '../store/shops.store';
import { StockHistory, type PastStock } from '../store/stock-history.store';

/** A listing with what it should show, as the planner has it. */
export interface OutletShare {
  readonly outlet: Outlet;
  readonly share: Share;
}

/** All that gave the numbers of a sku at an instant. */
export interface Reasons {
  readonly at: number;
  readonly position: Position | undefined;
  readonly moves: readonly Move[];
  readonly positions: ReadonlyMap<string, Position>;
  readonly shares: readonly OutletShare[];
  readonly notKept: readonly string[];
}

interface Ask {
  readonly seller: SellerId;
  readonly sku: string;
  readonly shop?: ShopId;
  readonly at?: number;
}

interface PastOutlets {
  readonly outlets: readonly Outlet[];
  readonly notKept: readonly string[];
}

const MOST_MOVES = 20;
const LOCKS_NOT_KEPT = 'Locks and promotion reserves of that time are not kept: the numbers are as if there were none.';
const WEIGHT_NOT_KEPT = "What the seller's own site took part with then is not kept: the present weight is used.";

/** Puts together what gave a sku's numbers: now, or at an instant of the past. */
@Injectable()
export class WhyService {
  constructor(
    private readonly markets: Markets,
    private readonly history: StockHistory,
    private readonly shops: ShopsStore,
    private readonly listings: ListingsStore,
    private readonly clock: Clock,
  ) {}

  async of({ seller, sku, shop, at }: Ask): Promise<Reasons> {
    const now = this.clock.now();
    const instant = at === undefined ? now : Math.min(at, now);
    const isPast = instant < now;
    const market = await this.markets.read(seller, [sku]);
    const stocks = await this.stocksOf(market, instant);
    const positions = new Map([...stocks].map(([of, { position }]) => [of, position]));
    const { outlets, notKept } = isPast
      ? await this.outletsAt(market, instant)
      : { outlets: [...market.outlets.values()], notKept: [] };
    const { storefrontWeight } = market;
    const shareOut = new ShareOut({ positions, outlets, storefrontWeight });
    const asked = outlets.filter((outlet) => sells(outlet, sku) && (shop === undefined || outlet.shop === shop));
    const shares = asked.map((outlet) => ({ outlet, share: shareOut.of(outlet) }));
    const isDealt = isPast && storefrontWeight > 0;
    return {
      ...{ at: instant, positions, position: positions.get(sku), moves: stocks.get(sku)?.moves ?? [] },
      shares: shares.sort((one, other) => (one.outlet.id < other.outlet.id ? -1 : 1)),
      notKept: [...notKept, ...(isDealt ? [WEIGHT_NOT_KEPT] : [])],
    };
  }

  /** The asked sku's stock at an instant with its moves, and that of the skus that decide its listings too. */
  private async stocksOf(market: MarketRead, at: number): Promise<ReadonlyMap<string, PastStock>> {
    const asked = new Set(market.skus.map((sku) => positionIdOf(market.seller, sku)));
    const stocks = await Promise.all(
      [...market.positions.values()].map(async (stored) => {
        const most = asked.has(stored.id) ? MOST_MOVES : 0;
        return [stored.sku, await this.history.at(stored, at, most)] as const;
      }),
    );
    return new Map(stocks);
  }

  /** Listings with their parts and rules of that time; one that was made later is left out. */
  private async outletsAt({ seller, outlets, shops }: MarketRead, at: number): Promise<PastOutlets> {
    const [rules, parts] = await Promise.all([
      this.shops.ruleHistories(seller, [...shops.keys()]),
      this.listings.partsHistories([...outlets.keys()]),
    ]);
    const past = [...outlets.values()].map((outlet) => {
      const ruled = then(rules.get(outlet.shop) ?? [], at, `The rules of shop ${outlet.shop}`);
      const sold = then(parts.get(outlet.id) ?? [], at, `What listing ${outlet.listing} sold`);
      const outletThen = { ...outlet, lock: 0, ...ruled.value, ...sold.value };
      return {
        outlet: outletThen,
        missing: [...ruled.missing, ...sold.missing],
        wasThere: ruled.wasThere && sold.wasThere,
      };
    });
    const there = past.filter(({ wasThere }) => wasThere);
    const missing = new Set(there.flatMap((each) => each.missing));
    return { outlets: there.map(({ outlet }) => outlet), notKept: [LOCKS_NOT_KEPT, ...missing] };
  }
}

interface Then<Value> {
  readonly value: Partial<Value>;
  readonly wasThere: boolean;
  readonly missing: readonly string[];
}

/** What was so then; where that is not kept any more, the oldest that is, and a word about it. */
function then<Value>(history: readonly Dated<Value>[], at: number, what: string): Then<Value> {
  const found = asOf(history, at);
  if (found !== undefined) return { value: valueOf(found), wasThere: true, missing: [] };
  const [oldest] = history;
  if (oldest === undefined) return { value: {}, wasThere: true, missing: [`${what} is known of the present only.`] };
  const missing = `${what} before ${new Date(oldest.at).toISOString()} is not kept: what was so then is used.`;
  return { value: valueOf(oldest), wasThere: history.length >= MOST_DATED, missing: [missing] };
}

function valueOf<Value>({ at: _at, ...value }: Dated<Value>): Partial<Value> {
  return value as unknown as Partial<Value>;
}

const sells = (outlet: Outlet, sku: string): boolean => outlet.parts.some((part) => part.sku === sku);
