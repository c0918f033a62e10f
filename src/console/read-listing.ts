import type { Manifest } from '../../connectors/kit';
import type { Money, SkuUnits } from '../domain';
import type { SkuRecord } from '../store/skus.store';
import type { ListingBody } from './listings.schema';
import { readMoney } from './skus.schema';
import type { Fault } from './refusal';

/** What a listing's body says, with everything that is wrong with it. */
export interface ReadListing {
  readonly parts: readonly SkuUnits[];
  readonly basePrice?: Money;
  readonly faults: readonly Fault[];
}

/** Reads a listing's body against its channel's manifest and the seller's skus. */
export function readListing(
  body: ListingBody,
  known: { manifest: Manifest; currency: string; skus: readonly SkuRecord[] },
): ReadListing {
  const parts = partsOf(body);
  const faults: Fault[] = [...idFaults(body.channelIds, known.manifest), ...shapeFaults(body)];
  const basePrice = body.basePrice && readMoney(body.basePrice, 'basePrice', faults);
  const priced = basePrice?.currency ?? known.currency;
  if (priced !== known.currency) {
    faults.push({ path: 'basePrice.currency', message: `basePrice must be in the shop's currency ${known.currency}` });
  }
  const bySku = new Map(known.skus.map((sku) => [sku.sku, sku]));
  for (const { sku, path } of pathsOf(body)) {
    const record = bySku.get(sku);
    if (!record) faults.push({ path, message: `there is no sku ${sku}` });
    else if (!basePrice && record.basePrice.currency !== known.currency) {
      faults.push({
        path: 'basePrice',
        message: `basePrice is needed: ${sku} is priced in ${record.basePrice.currency}`,
      });
    }
  }
  return { parts, ...(basePrice && { basePrice }), faults };
}

/** The skus of one sale, each once. */
export function partsOf({ sku, units = 1, bundle }: ListingBody): SkuUnits[] {
  const given = bundle ?? (sku === undefined ? [] : [{ sku, units }]);
  const sums = new Map<string, number>();
  for (const part of given) sums.set(part.sku, (sums.get(part.sku) ?? 0) + part.units);
  return [...sums].map(([name, sum]) => ({ sku: name, units: sum }));
}

function pathsOf({ sku, bundle }: ListingBody): { sku: string; path: string }[] {
  if (bundle) return bundle.map((part, at) => ({ sku: part.sku, path: `bundle.${at}.sku` }));
  return sku === undefined ? [] : [{ sku, path: 'sku' }];
}

function shapeFaults({ sku, units, bundle }: ListingBody): Fault[] {
  if (bundle === undefined && sku === undefined) return [{ path: 'sku', message: 'sku or bundle must be given' }];
  if (bundle === undefined) return [];
  const names = bundle.map((part) => part.sku);
  return [
    ...(sku !== undefined ? [{ path: 'sku', message: 'sku and bundle exclude each other' }] : []),
    ...(units !== undefined ? [{ path: 'units', message: 'units are inside the bundle' }] : []),
    ...names.flatMap((name, at) =>
      names.indexOf(name) < at ? [{ path: `bundle.${at}.sku`, message: `${name} is in the bundle already` }] : [],
    ),
  ];
}

function idFaults(ids: Readonly<Record<string, string>>, { channelIds }: Manifest): Fault[] {
  const missing = channelIds.required.filter((name) => (ids[name] ?? '') === '');
  const known = [...channelIds.required, ...channelIds.optional];
  const unknown = Object.keys(ids).filter((name) => !known.includes(name));
  return [
    ...missing.map((name) => ({ path: `channelIds.${name}`, message: `${name} must be given` })),
    ...unknown.map((name) => ({ path: `channelIds.${name}`, message: `${name} is no id of this channel` })),
  ];
}
