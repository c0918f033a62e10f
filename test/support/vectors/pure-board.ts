import {
  allowanceOf,
  answerTarget,
  changesOf,
  claimTarget,
  freeOf,
  nextStep,
  planTarget,
  restTarget,
  seenByBuyers,
  ShareOut,
  targetIdOf,
  type ListingId,
  type Outlet,
  type SellerId,
  type Share,
  type ShopId,
  type Target,
  type TargetId,
} from '../../../src/domain';
import type { PureLedger } from './pure-ledger';
import type { Stage } from './scenario';

type Listing = Stage['listings'][number];
const SELLER = 'seller' as SellerId;
const TOKEN = 'pure';

/** A channel's lock, with the sales that its listing had when it was read. */
interface Lock {
  readonly units: number;
  readonly sold: number;
}

/** The listings' targets in memory: planned by the rules, written to channels that obey. */
export class PureBoard {
  readonly #targets = new Map<string, Target>();
  readonly #locks = new Map<string, Lock>();
  #sent: Record<string, number> = {};

  constructor(
    private readonly stage: Stage,
    private readonly ledger: PureLedger,
  ) {}

  /** Plans every listing and writes what is due; lowerings first. */
  follow(now: number): void {
    this.#sent = {};
    this.#planAll(now);
    this.#writeAll(now);
  }

  /** The channel of a shop lets its listings go no lower from now on. */
  lock(shop: string, units: number): void {
    for (const { id } of this.stage.listings.filter((listing) => listing.shop === shop)) {
      this.#locks.set(id, { units, sold: this.#soldOf(id) });
    }
  }

  /** Whether no more of these skus is on show than their policies allow. */
  isWithinPolicy(skus: readonly string[]): boolean {
    return skus.every((sku) => this.#roomOf(sku) >= 0);
  }

  /** The channel says yes to what is in flight in a shop. */
  ack(shop: string, now: number): void {
    for (const target of this.#targets.values()) {
      if (target.shop !== shop || target.sent === undefined) continue;
      this.#answer(target, now);
    }
    this.#sent = {};
    this.#writeAll(now);
  }

  published(): Record<string, number> {
    return this.#byListing((target) => target.wanted?.units);
  }

  seen(): Record<string, number> {
    return this.#byListing(seenByBuyers);
  }

  traffic(): { sends: Record<string, number>; waits: string[] } {
    const waiting = [...this.#targets.values()].filter((each) => each.due !== undefined && each.sent === undefined);
    return { sends: this.#sent, waits: waiting.map(({ listing }) => listing) };
  }

  #planAll(now: number): void {
    const { rules, storefrontWeight, listings } = this.stage;
    const outlets = listings.map((listing): Outlet => {
      const shop = listing.shop as ShopId;
      const who = { id: this.#idOf(listing), shop, listing: listing.id as ListingId };
      return { ...who, parts: listing.parts, rules: rules[shop] ?? {}, lock: this.#lockOf(listing.id) };
    });
    const shares = new ShareOut({ positions: this.ledger.positions, outlets, storefrontWeight });
    for (const [at, listing] of listings.entries()) this.#plan(listing, shares.of(outlets[at] as Outlet), now);
  }

  #plan(listing: Listing, share: Share, now: number): void {
    const id = listing.id as ListingId;
    const skus = listing.parts.map(({ sku }) => sku);
    const before = this.#targets.get(id) ?? this.#unplanned(listing, skus);
    const heard = skus.flatMap((sku) => changesOf(before, { sku, moves: this.ledger.movesOf(sku) }));
    const planned = planTarget(before, {
      units: share.units,
      open: share.open,
      guarded: share.guarded,
      positions: skus.map((sku) => ({ sku, v: this.ledger.positions.get(sku)?.v ?? 0 })),
      heard: before.planned.length === 0 ? [] : heard,
      trigger: 'order',
      now,
      skewMs: 0,
    });
    this.#targets.set(id, planned);
  }

  #writeAll(now: number): void {
    const due = [...this.#targets.values()].filter((target) => target.due !== undefined && target.sent === undefined);
    const raises = (target: Target): boolean => (target.wanted?.units ?? 0) > (seenByBuyers(target) ?? -1);
    for (const target of due.sort((a, b) => Number(raises(a)) - Number(raises(b)))) this.#write(target, now);
  }

  #write(target: Target, now: number): void {
    const step = nextStep(target, now);
    if (step.kind === 'rest') this.#targets.set(target.listing, restTarget(target));
    if (step.kind !== 'write') return;
    const others = [...this.#targets.values()].filter((each) => each.id !== target.id);
    if (step.raises && others.some((each) => each.lowering === true && each.sent === undefined)) return;
    if (step.raises && !this.#hasRoomFor(target)) return;
    const claimed = claimTarget(target, { token: TOKEN, now, reads: false, sends: changeOf(target) });
    this.#sent[target.listing] = claimed.sent?.units ?? 0;
    this.#targets.set(target.listing, claimed);
    if (!this.stage.acksByHand || target.acknowledged === undefined) this.#answer(claimed, now);
  }

  #hasRoomFor(target: Target): boolean {
    const more = (target.wanted?.units ?? 0) - (seenByBuyers(target) ?? 0);
    const { parts } = this.stage.listings.find(({ id }) => id === target.listing) as Listing;
    return parts.every(({ sku, units }) => units * more <= this.#roomOf(sku));
  }

  /** Units of a sku that may come on show yet; below zero where more is on show than its policy allows. */
  #roomOf(sku: string): number {
    const position = this.ledger.positions.get(sku);
    const allowance = position && allowanceOf(position.exposure);
    if (position === undefined || allowance === undefined) return Infinity;
    const seen = this.stage.listings.flatMap(({ id, parts }) =>
      parts
        .filter((part) => part.sku === sku)
        .map(({ units }) => units * (seenByBuyers(this.#targets.get(id) as Target) ?? 0)),
    );
    return freeOf(position) + allowance - seen.reduce((sum, units) => sum + units, 0);
  }

  #answer(target: Target, now: number): void {
    const answered = answerTarget(target, { kind: 'done' }, { token: TOKEN, now });
    if (answered !== undefined) this.#targets.set(target.listing, answered);
  }

  #byListing(number: (target: Target) => number | undefined): Record<string, number> {
    return Object.fromEntries([...this.#targets.values()].map((target) => [target.listing, number(target) ?? 0]));
  }

  #unplanned(listing: Listing, skus: readonly string[]): Target {
    const [shop, id] = [listing.shop as ShopId, listing.id as ListingId];
    const counts = { v: 0, drift: 0, planned: [], openUnits: 0, tries: 0 };
    return { id: this.#idOf(listing), seller: SELLER, shop, listing: id, skus, ...counts };
  }

  #idOf({ shop, id }: Listing): TargetId {
    return targetIdOf(SELLER, shop as ShopId, id as ListingId);
  }

  #lockOf(listing: string): number {
    const lock = this.#locks.get(listing);
    return lock === undefined ? 0 : Math.max(0, lock.units - (this.#soldOf(listing) - lock.sold));
  }

  /** Sale units that the listing has sold, less those cancelled. */
  #soldOf(listing: string): number {
    const shown = [...this.ledger.positions.keys()].flatMap((sku) =>
      this.ledger.movesOf(sku).flatMap((move) => (move.shown ?? []).filter((each) => each.listing === listing)),
    );
    return shown.reduce((sum, { units }) => sum - units, 0);
  }
}

/** A guarded number is changed by so much. */
function changeOf(target: Target): { units: number; change: number } | undefined {
  const [seen, units] = [seenByBuyers(target), target.wanted?.units];
  if (target.guarded !== true || seen === undefined || units === undefined) return undefined;
  return { units, change: units - seen };
}
