import type { Connector } from '../kit';
import { hint } from './hint';
import { listCatalogue } from './list-catalogue';
import { listOrders } from './list-orders';
import { manifest } from './manifest';
import { normalize } from './normalize';
import { readOrders } from './orders';
import { pushPrices, readPrices } from './prices';
import { pushStock } from './push';
import { readStock } from './read-stock';
import { registerHook, removeHook } from './register-hook';
import { issueToken } from './token';
import { verify } from './verify';

/** Zalora SellerCenter REST v2. What surprises is in QUIRKS.md. */
export const zalora: Connector = {
  manifest,
  verify,
  hint,
  readOrders,
  listOrders,
  normalize,
  listingKey: (channelIds) => channelIds.sellerSku ?? '',
  pushStock,
  readStock,
  listCatalogue,
  pushPrices,
  readPrices,
  registerHook,
  removeHook,
  issueToken,
};
