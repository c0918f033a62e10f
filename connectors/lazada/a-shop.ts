import type { ShopAccess } from '../kit';

/** A shop for specs. */
export const aShop = (changes: Partial<ShopAccess> = {}): ShopAccess => ({
  channelShopId: '1234567',
  region: 'sg',
  currency: 'SGD',
  appKey: '123456',
  appSecret: 'test-secret',
  accessToken: 'test-token',
  settings: {},
  ...changes,
});
