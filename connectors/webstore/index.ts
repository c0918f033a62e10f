import type { Connector } from '../kit';
import { listCatalogue } from './catalogue';
import { hint } from './hint';
import { manifest } from './manifest';
import { normalize } from './normalize';
import { listOrders, readOrders } from './orders';
import { pushPrices, readPrices } from './prices';
import { adjustStock, pushStock, readStock } from './stock';
import { verify } from './verify';

/** Every call is signed with the app's secret, so there is nothing to be issued and nothing that ends (QUIRKS 1). */
const YEAR_MS = 365 * 86_400_000;
const issueToken = async (): Promise<{ accessToken: string; expiresInMs: number }> => ({
  accessToken: 'signed-calls',
  expiresInMs: 10 * YEAR_MS,
});

/** A seller's own shop that speaks PROTOCOL.md. What surprises is in QUIRKS.md. */
export const webstore: Connector = {
  manifest,
  verify,
  hint,
  readOrders,
  listOrders,
  normalize,
  listingKey: (channelIds) => channelIds.sku ?? '',
  pushStock,
  readStock,
  adjustStock,
  listCatalogue,
  pushPrices,
  readPrices,
  issueToken,
};
