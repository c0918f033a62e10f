import type { ShopAccess } from '../kit';

/** A shop for specs; its key, token and ids are those of the documented signature. [S10] */
export const aShop = (changes: Partial<ShopAccess> = {}): ShopAccess => ({
  channelShopId: '7890',
  region: 'SG',
  currency: 'SGD',
  appKey: '123456',
  appSecret: 'shop-secret',
  accessToken: 'tok-abc',
  settings: {},
  ...changes,
});
