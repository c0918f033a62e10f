import type { ShopAccess } from '../kit';

/** A shop for specs; its key and secret are those of the examples in PROTOCOL.md. */
export const aShop = (changes: Partial<ShopAccess> = {}): ShopAccess => ({
  channelShopId: 'main',
  region: 'SG',
  currency: 'SGD',
  appKey: 'hub-1',
  appSecret: 'example-secret',
  accessToken: 'signed-calls',
  settings: { address: 'https://shop.example/hub' },
  ...changes,
});
