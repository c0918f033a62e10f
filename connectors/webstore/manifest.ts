import type { Manifest } from '../kit';

/** Where a seller's own shop may be: the hub knows these countries' currencies. */
const REGIONS: readonly string[] = [
  ...['SG', 'MY', 'PH', 'TH', 'ID', 'VN', 'HK', 'TW', 'CN', 'JP', 'KR', 'AU', 'US', 'BR', 'MX'],
  ...['AT', 'BE', 'DE', 'ES', 'FI', 'FR', 'GR', 'IE', 'IT', 'NL', 'PT'],
];

export const manifest: Manifest = {
  code: 'webstore',
  name: 'Own web store',
  regions: REGIONS,
  // Every shop has an address of its own (QUIRKS 2).
  hosts: () => ({ api: '', auth: '' }),
  addressSetting: 'address',
  stockBatch: { most: 100, perItem: false },
  orderBatch: 50,
  callsPerSecond: 10,
  prices: { batch: { most: 100, perItem: false }, saleDates: 'instants' },
  accepted: { status: 204, body: '' },
  signsPushes: true,
  channelIds: { required: ['sku'], optional: [] },
};
