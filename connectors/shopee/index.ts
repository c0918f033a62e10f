import type { Connector } from '../kit';
import { authorisation } from './authorisation';
import { hint } from './hint';
import { listCatalogue } from './list-catalogue';
import { listOrders } from './list-orders';
import { listingKey } from './listing-key';
import { takeLostPushes } from './lost-pushes';
import { manifest } from './manifest';
import { normalize } from './normalize';
import { readOrders } from './orders';
import { pushPrices, readPrices } from './prices';
import { pushStock } from './push';
import { readStock } from './read-stock';
import { keyOfPush, verify } from './verify';

/** Shopee Open Platform v2. What surprises is in QUIRKS.md. */
export const shopee: Connector = {
  manifest,
  verify,
  hint,
  readOrders,
  listOrders,
  normalize,
  listingKey,
  pushStock,
  readStock,
  listCatalogue,
  pushPrices,
  readPrices,
  takeLostPushes,
  keyOfPush,
  authorisation,
};
