import { ChannelError, type Manifest } from '../kit';

/** Domain of each region's API. [L1 doc] */
const DOMAINS: ReadonlyMap<string, string> = new Map([
  ['sg', 'lazada.sg'],
  ['th', 'lazada.co.th'],
  ['my', 'lazada.com.my'],
  ['vn', 'lazada.vn'],
  ['ph', 'lazada.com.ph'],
  ['id', 'lazada.co.id'],
]);

/** Lazada Open Platform, as data. */
export const manifest: Manifest = {
  code: 'lazada',
  name: 'Lazada',
  regions: [...DOMAINS.keys()],
  hosts: (region) => {
    const domain = DOMAINS.get(region.toLowerCase());
    if (domain === undefined) {
      throw new ChannelError({ kind: 'refused', reason: 'unknown-region' }, `Lazada has no region ${region}`);
    }
    return { api: `https://api.${domain}`, auth: 'https://auth.lazada.com' };
  },
  // 50 SKUs are the limit, 20 are recommended, and large calls time out (513), which costs a read-back. [L5 doc]
  stockBatch: { most: 20, perItem: false },
  // 50 ids are documented; a live project stays at 20 because it could not prove the cap. [L4 doc][L12 obs]
  orderBatch: 20,
  // Published for the inventory calls; the order calls' own number is NOT CONFIRMED (QUIRKS 6). [L5 doc]
  callsPerSecond: 50,
  // HTTP 200 within 500 ms; the body is ignored. [L2 doc]
  accepted: { status: 200, body: '' },
  signsPushes: true,
  // SellerSku alone is deprecated as a key: ItemId and SkuId go along. [L5 doc]
  channelIds: { required: ['itemId', 'skuId', 'sellerSku'], optional: [] },
};
