/** A thing of a shop's catalogue, as far as it matters for finding its sku. */
export interface OfferedItem {
  /** The seller's own code; empty where there is none. */
  readonly sellerSku: string;
  readonly name: string;
  readonly isLive: boolean;
}

/** What is known about an item's seller sku when it is matched. */
export interface KnownOfItem {
  /** The listing that has these channel ids already. */
  readonly listing?: string;
  /** Names of the seller's skus, by sku: those that the item may mean. */
  readonly skus: ReadonlyMap<string, string>;
  /** How many live items of this shop carry the same seller sku. */
  readonly carriers: number;
}

/** What became of an item. Only `match` is linked by itself; everything else is for a person. */
export type ItemMatch =
  | { readonly kind: 'linked'; readonly listing: string }
  | { readonly kind: 'match'; readonly sku: string }
  /** Several items of the shop carry this seller sku. */
  | { readonly kind: 'double'; readonly sku: string }
  /** One sale seems to take several units of the sku. */
  | { readonly kind: 'pack'; readonly sku: string; readonly units: number }
  | { readonly kind: 'unmatched' }
  /** Not on sale, so nothing is linked. */
  | { readonly kind: 'off' };

export type ItemMatchKind = ItemMatch['kind'];

const MOST_UNITS = 1000;
const PACK_WORDS = '(?:packs?|pk|pcs|pieces?|pc|pack of|set|bundle|box)';
const IN_NAME = [
  new RegExp(`\\b(\\d{1,4})[\\s-]*${PACK_WORDS}\\b`, 'i'),
  /\b(?:pack|set|bundle|box|lot)\s+of\s+(\d{1,4})\b/i,
  /(?:^|\s)[x×]\s?(\d{1,4})(?=\s|$|\))/i,
  /(?:^|\s|\()(\d{1,4})\s?[x×](?=\s)/i,
];
const IN_SKU = [
  new RegExp(`^(?<base>.+?)[-_. ]*(?<units>\\d{1,4})[-_. ]*${PACK_WORDS}$`, 'i'),
  new RegExp(`^(?<base>.+?)[-_. ]+${PACK_WORDS}[-_. ]*(?<units>\\d{1,4})$`, 'i'),
  /^(?<base>.+?)[-_. ]*[x×*](?<units>\d{1,4})$/i,
  /^(?<units>\d{1,4})[x×*][-_. ]*(?<base>.+)$/i,
];

/** How many units the name says one sale has; 1 when it says nothing of the kind. */
export function packUnitsOf(name: string): number {
  for (const pattern of IN_NAME) {
    const units = Number(pattern.exec(name)?.[1] ?? 1);
    if (units > 1 && units <= MOST_UNITS) return units;
  }
  return 1;
}

/** `TEA-GREEN-3PACK` as three of `TEA-GREEN`: every way to read it, the likeliest first. */
export function packSkusOf(sellerSku: string): readonly { readonly sku: string; readonly units: number }[] {
  const read = IN_SKU.flatMap((pattern) => {
    const { base, units = '1' } = pattern.exec(sellerSku)?.groups ?? {};
    const count = Number(units);
    return base !== undefined && count > 1 && count <= MOST_UNITS ? [{ sku: base, units: count }] : [];
  });
  return read.filter(({ sku }, at) => read.findIndex((other) => other.sku === sku) === at);
}

/** The skus that an item may mean: its own code, and what is left of it when it reads as a pack. */
export const skusToLookUp = ({ sellerSku }: OfferedItem): readonly string[] =>
  sellerSku === '' ? [] : [sellerSku, ...packSkusOf(sellerSku).map(({ sku }) => sku)];

/**
 * Which sku an item is, by the seller's own code alone and exactly. Where the code is one of the seller's skus but the
 * item's name tells of a pack that the sku's name does not, a person decides; so too where two items carry one code.
 */
export function matchItem(item: OfferedItem, known: KnownOfItem): ItemMatch {
  if (known.listing !== undefined) return { kind: 'linked', listing: known.listing };
  if (!item.isLive) return { kind: 'off' };
  const ownName = known.skus.get(item.sellerSku);
  if (ownName !== undefined) {
    const units = packUnitsOf(item.name);
    if (known.carriers > 1) return { kind: 'double', sku: item.sellerSku };
    if (units > 1 && packUnitsOf(ownName) !== units) return { kind: 'pack', sku: item.sellerSku, units };
    return { kind: 'match', sku: item.sellerSku };
  }
  const pack = packSkusOf(item.sellerSku).find(({ sku }) => known.skus.has(sku));
  return pack === undefined ? { kind: 'unmatched' } : { kind: 'pack', ...pack };
}
