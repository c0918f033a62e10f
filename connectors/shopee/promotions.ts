import { z } from 'zod';
import { inBatches } from '../../src/domain';
import { ChannelError, idField, secondsField, type CallContext } from '../kit';
import { inParallel } from './in-parallel';
import { keyOfModel } from './listing-key';
import { askFor } from './products';

/** [S6] `get_item_promotion` takes at most 50 ids. */
const MOST_ITEMS = 50;
/** Reads at once for one call of the hub. */
const AT_ONCE = 4;

const promotionSchema = z.object({
  model_id: idField.nullish().catch(undefined),
  end_time: secondsField.nullish().catch(undefined),
});
const itemSchema = z.object({ item_id: idField, promotion: z.array(promotionSchema).nullish() });
const listSchema = z.object({ success_list: z.array(itemSchema).nullish() });

async function readBatch(call: CallContext, itemIds: readonly string[]): Promise<z.infer<typeof listSchema>> {
  const path = '/api/v2/product/get_item_promotion';
  const query = { item_id_list: itemIds.join(',') };
  return (await askFor(call, { method: 'GET', path, query, effect: 'read' }, listSchema)) ?? {};
}

/** A lock is one without its end too: what cannot be told of it spoils no reading of stock. */
function withoutEnds(error: unknown): z.infer<typeof listSchema> {
  const isTold = error instanceof ChannelError && ['refused', 'malformed'].includes(error.failure.kind);
  if (!isTold) throw error;
  return {};
}

/**
 * [S6] when the last promotion of each model ends, ms, by `keyOfModel`; that of a whole item stands under model 0. One
 * whose end is not told leaves its model out. 50 items a call.
 * @throws ChannelError where the calls could not be made.
 */
export async function readPromotionEnds(
  call: CallContext,
  itemIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const read = await inParallel(inBatches(itemIds, MOST_ITEMS), AT_ONCE, (batch) =>
    readBatch(call, batch).catch(withoutEnds),
  );
  const ends = new Map<string, number>();
  for (const { item_id: itemId, promotion } of read.flatMap(({ success_list: items }) => items ?? [])) {
    for (const { model_id: modelId, end_time: end } of promotion ?? []) {
      const key = keyOfModel(itemId, modelId ?? '0');
      ends.set(key, Math.max(ends.get(key) ?? 0, end || Infinity));
    }
  }
  return new Map([...ends].filter(([, end]) => end !== Infinity));
}
