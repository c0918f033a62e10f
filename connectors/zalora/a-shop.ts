import type { ShopAccess } from '../kit';

/** A shop for specs. */
export const aShop = (changes: Partial<ShopAccess> = {}): ShopAccess => ({
  channelShopId: '1024',
  region: 'MY',
  currency: 'MYR',
  appKey: 'client-id',
  appSecret: 'client-secret',
  accessToken: 'token-1',
  settings: {},
  ...changes,
});
