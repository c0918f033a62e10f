import type { Manifest } from '../kit';

/** [Z1] one instance per venture. */
const VENTURES: ReadonlyMap<string, string> = new Map([
  ['MY', 'zalora.com.my'],
  ['PH', 'zalora.com.ph'],
  ['SG', 'zalora.sg'],
  ['HK', 'zalora.com.hk'],
  ['ID', 'zalora.co.id'],
  ['TW', 'zalora.com.tw'],
]);

/** [Z1] calls and tokens have different hosts; `zalora.com` is the instance over all ventures. */
function hosts(region: string): { readonly api: string; readonly auth: string } {
  const venture = VENTURES.get(region.toUpperCase()) ?? 'zalora.com';
  return { api: `https://sellercenter-api.${venture}`, auth: `https://sellercenter.${venture}` };
}

export const manifest: Manifest = {
  code: 'zalora',
  name: 'Zalora',
  regions: [...VENTURES.keys()],
  hosts,
  // [Z1] at most 100 products in one stock write.
  stockBatch: { most: 100, perItem: false },
  // [Z1] what is sellable is the written quantity less what is reserved.
  countsReserved: true,
  // NOT CONFIRMED: the most orders on a page; the documented examples use 100 (QUIRKS 6).
  orderBatch: 100,
  // [Z1][Z4] per seller since 2024-07-01.
  callsPerSecond: 30,
  // [Z1] one product per call; a sale has a start and an end to the second.
  prices: { batch: { most: 1, perItem: false }, saleDates: 'instants' },
  // [Z1] exactly 200; 201 and 204 count as failures. The body is not read.
  accepted: { status: 200, body: '' },
  // [Z1][Z2] no signature, no secret, no event id.
  signsPushes: false,
  channelIds: { required: ['productId', 'sellerSku'], optional: [] },
};
