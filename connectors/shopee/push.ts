import type { CallContext, StockResult, StockWrite } from '../kit';
import { sortOut, writeModels } from './item-call';
import { reservedByModel } from './read-stock';
import { readReason, readRefusal } from './refusals';
import { locationOf } from './stock-number';

const PATH = '/api/v2/product/update_stock';

/**
 * Sets the seller stock of one item's models, in one call. [S4][S6] `stock` is absolute; 0 is allowed; models left out
 * keep theirs. Lines of another item, beyond 50 or of a model named twice are answered `retry` without being sent.
 * Under the setting `reservedStock: beside` the promotion's reserve is read first and taken off (QUIRKS 9); under
 * `locationId` that location is written (QUIRKS 24).
 * @throws ChannelError when the call failed as a whole
 */
export async function pushStock(call: CallContext, writes: readonly StockWrite[]): Promise<readonly StockResult[]> {
  const { itemId, sent, answered } = sortOut(writes);
  if (sent.length === 0) return answered;
  const { settings } = call.shop;
  const reserved = await reservedByModel(
    call,
    itemId,
    sent.map(({ modelId }) => modelId),
  );
  const location = locationOf(settings);
  const place = location === undefined ? {} : { location_id: location };
  const body = {
    item_id: Number(itemId),
    stock_list: sent.map(({ write, modelId }) => ({
      model_id: Number(modelId),
      seller_stock: [{ ...place, stock: Math.max(0, write.sellable - (reserved.get(modelId) ?? 0)) }],
    })),
  };
  const readings = {
    ofCall: (error: string, message: string) => readRefusal(error, message, settings),
    ofLine: (reason: string) => readReason(reason, settings),
  };
  return [...answered, ...(await writeModels(call, { path: PATH, body, readings }, sent))];
}
