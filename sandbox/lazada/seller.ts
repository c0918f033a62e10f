import type { Reply } from '../http/call';
import { success, type SellerCall } from './door';

/** `GET /seller/get`: who the seller is, and of which type. [L5][L7 doc] */
export function readSeller({ shop }: SellerCall): Reply {
  return success({
    seller_id: shop.id,
    name: shop.name,
    name_company: shop.name,
    short_code: `${shop.region}SBX`,
    location: shop.region,
    status: 'ACTIVE',
    verified: true,
    cb: shop.crossBorder,
    marketplaceEaseMode: 'normal',
    email: `seller-${shop.id}@example.com`,
  });
}

/** `GET /seller/warehouse/get`: the default code is `dropshipping`. [L5 doc] */
export function readWarehouses({ shop }: SellerCall): Reply {
  return success([
    { code: 'dropshipping', name: `${shop.name} (dropshipping)`, status: 'ACTIVE', addressId: 1, detailAddress: '' },
  ]);
}
