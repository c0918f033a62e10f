import { type CallContext, ChannelError, type StockChange, type StockResult, type StockWrite } from '../kit';
import { plainCode } from './classify';
import { manifest } from './manifest';
import { type Field, idFields, payloadOf } from './payload';
import { choiceOf, warehouseOf } from './settings';
import { writeLines } from './write-lines';

/**
 * Writes absolute sellable quantities in one call, `/product/stock/sellable/update` [L5 doc], and answers every line.
 * Lazada's lock of a campaign is inside the sellable quantity, open orders are not, so `sellable` goes out as it is.
 * @throws ChannelError when the call failed as a whole.
 */
export async function pushStock(call: CallContext, writes: readonly StockWrite[]): Promise<readonly StockResult[]> {
  atMost(writes.length);
  if (writes.length === 0) return [];
  const payload = stockPayload(
    call,
    writes.map((write) => ({ ...write, units: Math.max(0, Math.trunc(write.sellable)) })),
  );
  return writeLines(call, writes, { path: '/product/stock/sellable/update', payload });
}

/**
 * Changes sellable quantities by so much in one call, `/product/stock/sellable/adjust`: the same payload, read as a
 * delta. [L5 doc] A change that is refused has changed nothing. 212 says that less than nothing would be left: there are
 * sales that we have not heard of yet, so it is a `retry`. Where it is not told which lines failed, the call counts as
 * unanswered: no line may be sent again before it is read back.
 * @throws ChannelError when the call failed as a whole.
 */
export async function adjustStock(call: CallContext, changes: readonly StockChange[]): Promise<readonly StockResult[]> {
  atMost(changes.length);
  const moving = changes.filter(({ units }) => Math.trunc(units) !== 0);
  const still = changes.filter(({ units }) => Math.trunc(units) === 0);
  const unmoved = still.map(({ listing }): StockResult => ({ listing, kind: 'done' }));
  if (moving.length === 0) return unmoved;
  const payload = stockPayload(
    call,
    moving.map((change) => ({ ...change, units: Math.trunc(change.units) })),
  );
  const written = await writeLines(call, moving, {
    path: '/product/stock/sellable/adjust',
    payload,
    isRelative: true,
  });
  return [...written.map(soonerOrLater), ...unmoved];
}

const soonerOrLater = (result: StockResult): StockResult =>
  result.kind === 'refused' && plainCode(result.code) === '212' ? { ...result, reading: 'retry' } : result;

function atMost(lines: number): void {
  if (lines <= manifest.stockBatch.most) return;
  throw new ChannelError({ kind: 'refused', reason: 'too-many-lines' }, `${lines} lines in one stock write`);
}

function stockPayload({ shop }: CallContext, lines: readonly Omit<StockChange, 'listing'>[]): string {
  const warehouse = warehouseOf(shop.settings);
  const skus = lines.map(({ channelIds, units }) => [...idFields(channelIds), quantityField(units, warehouse)]);
  return payloadOf(skus, choiceOf(shop.settings, 'stockPayload'));
}

/**
 * A bare `SellableQuantity` is the default warehouse's, others keep their stock. [L5 doc][L12 obs] For a named one the
 * element is `Quantity`; `SellableQuantity` would be ignored there with code "0". [L12 obs]
 */
function quantityField(units: number, warehouse: string | undefined): Field {
  if (warehouse === undefined) return ['SellableQuantity', units];
  const fields: readonly Field[] = [
    ['WarehouseCode', warehouse],
    ['Quantity', units],
  ];
  return ['MultiWarehouseInventories', [['MultiWarehouseInventory', fields]]];
}
