import {
  answerTarget,
  claimTarget,
  nextStep,
  planTarget,
  publishedOf,
  restTarget,
  seenByBuyers,
  targetIdOf,
  type ListingId,
  type SellerId,
  type ShopId,
  type Target,
} from '../../../src/domain';
import type { PureLedger } from './pure-ledger';
import type { Stage } from './scenario';

type Listing = Stage['listings'][number];
const SELLER = 'seller' as SellerId;
const TOKEN = 'pure';

/** The listings' targets in memory: planned by the rules, written to channels that obey. */
export class PureBoard {
  readonly #targets = new Map<string, Target>();
  #sent: Record<string, number> = {};

  constructor(
    private readonly stage: Stage,
    private readonly ledger: PureLedger,
  ) {}

  /** Plans every listing and writes what is due; lowerings first. */
  follow(now: number): void {
    this.#sent = {};
    for (const listing of this.stage.listings) this.#plan(listing, now);
    const due = [...this.#targets.values()].filter((target) => target.due !== undefined);
    const raises = (target: Target): boolean => (target.wanted?.units ?? 0) > (seenByBuyers(target) ?? -1);
    for (const target of due.sort((a, b) => Number(raises(a)) - Number(raises(b)))) this.#write(target, now);
  }

  /** The channel says yes to what is in flight in a shop. */
  ack(shop: string, now: number): void {
    for (const target of this.#targets.values()) {
      if (target.shop !== shop || target.sent === undefined) continue;
      this.#answer(target, now);
    }
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

  #plan(listing: Listing, now: number): void {
    const id = listing.id as ListingId;
    const shop = listing.shop as ShopId;
    const skus = listing.parts.map(({ sku }) => sku);
    const before = this.#targets.get(id) ?? this.#unplanned(listing, skus);
    const heard = skus.flatMap((sku) =>
      this.ledger.movesOf(sku).flatMap((move) =>
        (move.shown ?? [])
          .filter((shown) => shown.listing === id)
          .map(({ units, open, at }) => ({ sku, v: move.v, units, open, at })),
      ),
    );
    const planned = planTarget(before, {
      units: publishedOf(listing.parts, this.ledger.positions, { shop, rules: this.stage.rules[shop] ?? {} }),
      positions: skus.map((sku) => ({ sku, v: this.ledger.positions.get(sku)?.v ?? 0 })),
      heard: before.planned.length === 0 ? [] : heard,
      trigger: 'order',
      now,
      skewMs: 0,
    });
    this.#targets.set(id, planned);
  }

  #write(target: Target, now: number): void {
    const step = nextStep(target, now);
    if (step.kind === 'rest') this.#targets.set(target.listing, restTarget(target));
    if (step.kind !== 'write') return;
    const others = [...this.#targets.values()].filter((each) => each.id !== target.id);
    if (step.raises && others.some((each) => each.lowering === true && each.sent === undefined)) return;
    const claimed = claimTarget(target, { token: TOKEN, now, reads: false });
    this.#sent[target.listing] = claimed.sent?.units ?? 0;
    this.#targets.set(target.listing, claimed);
    if (!this.stage.acksByHand || target.acknowledged === undefined) this.#answer(claimed, now);
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
    return { id: targetIdOf(SELLER, shop, id), seller: SELLER, shop, listing: id, skus, ...counts };
  }
}
