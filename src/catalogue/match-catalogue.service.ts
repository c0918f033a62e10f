import { Injectable } from '@nestjs/common';
import { matchItem, skusToLookUp, type ItemMatch, type ListingId, type SellerId, type ShopId } from '../domain';
import { Clock } from '../platform/clock';
import { CatalogueStore, type CatalogueRecord, type CatalogueVerdict } from '../store/catalogue.store';
import { ListingsStore, type ListingRecord } from '../store/listings.store';
import { SkusStore } from '../store/skus.store';

/** How many items came out as what, and how many listings were made. */
export type MatchCounts = Readonly<Record<string, number>>;

interface Judged {
  readonly item: CatalogueRecord;
  readonly match: ItemMatch;
  /** The sku is priced in another currency than the shop: a person must give the listing a price of its own. */
  readonly needsPrice: boolean;
}

/** A shop, and the currency of its listings. */
interface ShopRef {
  readonly seller: SellerId;
  readonly shop: ShopId;
  readonly currency: string;
}

/** Says of every item which sku it is, and makes the listings that leave no doubt. */
@Injectable()
export class MatchCatalogueService {
  constructor(
    private readonly catalogue: CatalogueStore,
    private readonly listings: ListingsStore,
    private readonly skus: SkusStore,
    private readonly clock: Clock,
  ) {}

  /** Judges the items after `after`; `makes` also links what matches. Done again, it changes nothing more. */
  async matchPage(
    ref: ShopRef,
    by: { readonly reading: string; readonly makes: boolean },
    page: { readonly after?: string; readonly limit: number },
  ): Promise<{ readonly counts: MatchCounts; readonly last?: string }> {
    const items = await this.catalogue.page(ref, page);
    const gone = items.filter(({ reading }) => reading !== by.reading);
    await this.catalogue.markGone(
      ref,
      gone.map(({ key }) => key),
      by.reading,
    );
    const judged = await this.judge(ref, by.reading, items);
    const made = by.makes ? await this.link(ref, judged) : new Set<string>();
    await this.catalogue.judge(
      ref,
      by.reading,
      judged.map((each) => verdictOf(each, made)),
    );
    const last = items.length === page.limit ? items.at(-1)?.key : undefined;
    return { counts: countsOf(judged, { made: made.size, gone: gone.length }), ...(last !== undefined && { last }) };
  }

  private async judge(ref: ShopRef, reading: string, all: readonly CatalogueRecord[]): Promise<readonly Judged[]> {
    const items = all.filter((item) => item.reading === reading);
    const [skus, listings, carriers] = await Promise.all([
      this.skus.findMany(ref.seller, items.flatMap(skusToLookUp)),
      this.listings.byKeys(
        ref.seller,
        ref.shop,
        items.map(({ key }) => key),
      ),
      this.catalogue.carriers(
        ref,
        reading,
        items.map(({ sellerSku }) => sellerSku),
      ),
    ]);
    const names = new Map(skus.map(({ sku, name }) => [sku, name]));
    const foreign = new Set(skus.filter(({ basePrice }) => basePrice.currency !== ref.currency).map(({ sku }) => sku));
    const linked = new Map(listings.map(({ key, listing }) => [key, listing]));
    return items.map((item) => {
      const listing = linked.get(item.key);
      const known = { skus: names, carriers: carriers.get(item.sellerSku) ?? 1 };
      const match = matchItem(item, listing === undefined ? known : { ...known, listing });
      return { item, match, needsPrice: match.kind === 'match' && foreign.has(match.sku) };
    });
  }

  /** The keys of the items that are listed now. */
  private async link(ref: ShopRef, judged: readonly Judged[]): Promise<ReadonlySet<string>> {
    const records = judged.flatMap(({ item, match, needsPrice }) =>
      match.kind === 'match' && !needsPrice ? [this.listingOf(ref, item, match.sku)] : [],
    );
    return this.listings.makeMany(records);
  }

  private listingOf(ref: ShopRef, item: CatalogueRecord, sku: string): ListingRecord {
    return {
      ...{ seller: ref.seller, shop: ref.shop },
      listing: item.key as ListingId,
      v: 1,
      channelIds: item.channelIds,
      key: item.key,
      parts: [{ sku, units: 1 }],
      skus: [sku],
      updatedAt: this.clock.now(),
      due: this.clock.now(),
    };
  }
}

function verdictOf({ item, match }: Judged, made: ReadonlySet<string>): CatalogueVerdict {
  if (made.has(item.key)) return { key: item.key, state: 'linked' };
  const seems =
    match.kind === 'match'
      ? { sku: match.sku, units: 1 }
      : match.kind === 'pack'
        ? { sku: match.sku, units: match.units }
        : undefined;
  return { key: item.key, state: match.kind, ...(seems && { seems }) };
}

function countsOf(judged: readonly Judged[], other: { made: number; gone: number }): MatchCounts {
  const needsPrice = judged.filter((each) => each.needsPrice).length;
  const none = { linked: 0, match: 0, double: 0, pack: 0, unmatched: 0, off: 0 };
  const counts: Record<string, number> = { ...none, ...other, needsPrice };
  for (const { match } of judged) counts[match.kind] = (counts[match.kind] ?? 0) + 1;
  return counts;
}
