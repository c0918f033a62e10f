import type { Manifest } from '../kit';

const HOSTS: Readonly<Record<string, string>> = {
  CN: 'https://openplatform.shopee.cn',
  BR: 'https://openplatform.shopee.com.br',
};

/** [S1] one host serves calls and consent; Brazil and mainland China have their own. */
const hostOf = (region: string): string => HOSTS[region.toUpperCase()] ?? 'https://partner.shopeemobile.com';

export const manifest: Manifest = {
  code: 'shopee',
  name: 'Shopee',
  regions: ['SG', 'MY', 'PH', 'TH', 'VN', 'ID', 'TW', 'BR', 'MX', 'CN'],
  hosts: (region) => ({ api: hostOf(region), auth: hostOf(region) }),
  // [S4][S6] `update_stock` takes one item and 1 to 50 of its models.
  stockBatch: { most: 50, perItem: true },
  // [S6] stock is at least the reserve; under the setting `reservedStock: beside` the calls add it and take it off.
  lockIsInside: true,
  // [S6] `get_order_detail` takes 1 to 50 order numbers.
  orderBatch: 50,
  // [S3] 15 days, in whole seconds: a window is widened to them, by less than a second.
  orderWindowMs: 15 * 86_400_000 - 1000,
  // NOT CONFIRMED: the published tables are [0,0,0] (QUIRKS 12).
  callsPerSecond: 10,
  // [S4] `update_price` takes one item and 1 to 50 of its models, and no dates.
  prices: { batch: { most: 50, perItem: true }, saleDates: 'none' },
  // [S2] any 2xx with an EMPTY body.
  accepted: { status: 204, body: '' },
  signsPushes: true,
  channelIds: { required: ['itemId'], optional: ['modelId'] },
};
