import type { Connector } from '../kit';
import { authorisation } from './authorise';
import { hint } from './hint';
import { listCatalogue } from './list-catalogue';
import { listOrders } from './list-orders';
import { manifest } from './manifest';
import { normalize } from './normalize';
import { readOrders } from './orders';
import { pushPrices, readPrices } from './prices';
import { adjustStock, pushStock } from './push';
import { readStock } from './stock';
import { verify } from './verify';

/** Lazada Open Platform: the main path. Orders are read by their id, stock is written as sellable quantities. */
export const lazada: Connector = {
  manifest,
  verify,
  hint,
  readOrders,
  listOrders,
  normalize,
  // The one id that item rows and the stock calls share. [L4 doc][L5 doc]
  listingKey: (channelIds) => channelIds['skuId'] ?? '',
  pushStock,
  readStock,
  adjustStock,
  listCatalogue,
  pushPrices,
  readPrices,
  authorisation,
};
