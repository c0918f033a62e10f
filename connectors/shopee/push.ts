import type { CallContext, StockResult, StockWrite } from '../kit';
import { sortOut, writeModels, type Line } from './item-call';
import { reservedByModel } from './read-stock';
import { floorIn, readReason, readRefusal } from './refusals';
import { locationOf } from './stock-number';

const PATH = '/api/v2/product/update_stock';

/**
 * Sets the seller stock of one item's models, in one call. [S4][S6] `stock` is absolute; 0 is allowed; models left out
 * keep theirs. Lines of another item, beyond 50 or of a model named twice are answered `retry` without being sent.
 * Under the setting `reservedStock: beside` the promotion's reserve is read first and taken off, and less than it is
 * answered `floor` without being sent (QUIRKS 9); under `locationId` that location is written (QUIRKS 24).
 * @throws ChannelError when the call failed as a whole
 */
export async function pushStock(call: CallContext, writes: readonly StockWrite[]): Promise<readonly StockResult[]> {
  const { itemId, sent, answered } = sortOut(writes);
  if (sent.length === 0) return answered;
  const models = sent.map(({ modelId }) => modelId);
  const reserved = await reservedByModel(call, itemId, models);
  const besideOf = ({ modelId }: Line<StockWrite>): number => reserved.get(modelId) ?? 0;
  const under = sent.filter((line) => line.write.sellable < besideOf(line));
  const lines = sent.filter((line) => line.write.sellable >= besideOf(line));
  const told = [...answered, ...under.map((line) => isReserved(line.write, besideOf(line)))];
  if (lines.length === 0) return told;
  const results = await writeLines(call, itemId, { lines, besideOf });
  const beside = new Map(lines.map((line) => [line.write.listing, besideOf(line)]));
  return [...told, ...results.map((result) => withFloor(result, beside.get(result.listing) ?? 0))];
}

interface Writing {
  readonly lines: readonly Line<StockWrite>[];
  readonly besideOf: (line: Line<StockWrite>) => number;
}

function writeLines(call: CallContext, itemId: string, { lines, besideOf }: Writing): Promise<readonly StockResult[]> {
  const { settings } = call.shop;
  const location = locationOf(settings);
  const place = location === undefined ? {} : { location_id: location };
  const body = {
    item_id: Number(itemId),
    stock_list: lines.map((line) => ({
      model_id: Number(line.modelId),
      seller_stock: [{ ...place, stock: Math.max(0, line.write.sellable - besideOf(line)) }],
    })),
  };
  const readings = {
    ofCall: (error: string, message: string) => readRefusal(error, message, settings),
    ofLine: (reason: string) => readReason(reason, settings),
  };
  return writeModels(call, { path: PATH, body, readings }, lines);
}

/** The text names the number that would be written; what lies beside it is on sale as well. */
function withFloor(result: StockResult, beside: number): StockResult {
  if (result.kind === 'done' || result.reading !== 'floor') return result;
  const floor = floorIn(result.message);
  return floor === undefined ? result : { ...result, floor: floor + beside };
}

const isReserved = ({ listing }: StockWrite, floor: number): StockResult => ({
  ...{ listing, kind: 'refused', code: 'reserved', reading: 'floor', floor },
  message: `a promotion reserves ${floor}, which are on sale whatever is written`,
});
