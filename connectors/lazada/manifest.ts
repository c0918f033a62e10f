import { ChannelError, type Manifest } from '../kit';
import { REGION_CODES, regionOf } from './regions';

/** Where consent is given and tokens are issued, for all regions. [L1 doc] */
export const AUTH_HOST = 'https://auth.lazada.com';

/** Lazada Open Platform, as data. */
export const manifest: Manifest = {
  code: 'lazada',
  name: 'Lazada',
  regions: REGION_CODES,
  hosts: (region) => {
    const domain = regionOf(region)?.domain;
    if (domain === undefined) {
      throw new ChannelError({ kind: 'refused', reason: 'unknown-region' }, `Lazada has no region ${region}`);
    }
    return { api: `https://api.${domain}`, auth: AUTH_HOST };
  },
  // 50 SKUs are the limit, 20 are recommended, and large calls time out (513), which costs a read-back. [L5 doc]
  stockBatch: { most: 20, perItem: false },
  // What a campaign locks sits inside the sellable quantity. [L3 doc]
  lockIsInside: true,
  // 50 ids are documented; a live project stays at 20 because it could not prove the cap. [L4 doc][L12 obs]
  orderBatch: 20,
  // Published for the inventory calls; the order calls' own number is NOT CONFIRMED (QUIRKS 6). [L5 doc]
  callsPerSecond: 50,
  // As for stock; SalePrice is given with days, not instants. [L5 doc]
  prices: { batch: { most: 20, perItem: false }, saleDates: 'days' },
  // HTTP 200 within 500 ms; the body is ignored. [L2 doc]
  accepted: { status: 200, body: '' },
  signsPushes: true,
  // SellerSku alone is deprecated as a key: ItemId and SkuId go along. [L5 doc]
  channelIds: { required: ['itemId', 'skuId', 'sellerSku'], optional: [] },
};
