import { z } from 'zod';
import { ChannelError, idField, type CallContext, type RawOrder } from '../kit';
import { ask, errorOf, exchange, isDone, shaped, type ZaloraRequest } from './wire';

const ORDER_ID = /^[1-9]\d{0,17}$/;
/** [Z1] mandatory; NOT CONFIRMED how many are allowed: 100 is what the examples use (QUIRKS 6). */
const PAGE = 100;
const MOST_PAGES = 20;

const orderSchema = z.looseObject({ id: idField });
const pageSchema = z.object({
  items: z.array(z.looseObject({ id: z.unknown().optional() })),
  pagination: z
    .object({ hasNext: z.boolean().optional().catch(undefined) })
    .optional()
    .catch(undefined),
});

/** [Z1] one order has its own address; 404 is an order that Zalora does not know, or keeps in its archive. */
async function readOne(call: CallContext, id: string): Promise<readonly RawOrder[]> {
  const request: ZaloraRequest = { method: 'GET', path: `/v2/orders/${id}`, effect: 'read' };
  const answer = await exchange(call, request);
  if (answer.status === 404) return [];
  if (!isDone(answer)) throw errorOf(call, request, answer);
  const payload = shaped(answer, orderSchema);
  if (payload.id !== id) throw new ChannelError({ kind: 'malformed' }, 'the answer is another order');
  return [{ externalId: id, payload }];
}

/**
 * [Z1] several by `orderIds[]`; `limit` and `offset` are mandatory, `hasNext` says whether another page follows. Without
 * `includeVoucherDetails` a list leaves out who funded a voucher, which the read by id tells.
 */
async function readMany(call: CallContext, list: string, ids: readonly string[]): Promise<readonly RawOrder[]> {
  const asked = new Set(ids);
  const found: RawOrder[] = [];
  const filter = ids.map((id) => `&orderIds%5B%5D=${id}`).join('');
  for (let page = 0, offset = 0; page < MOST_PAGES; page += 1) {
    const path = `${list}?limit=${PAGE}&offset=${offset}&includeVoucherDetails=true${filter}`;
    const { items, pagination } = await ask(call, { method: 'GET', path, effect: 'read' }, pageSchema);
    for (const payload of items) {
      const id = idField.safeParse(payload.id);
      if (id.success && asked.delete(id.data)) found.push({ externalId: id.data, payload });
    }
    offset += items.length;
    if (pagination?.hasNext !== true || items.length === 0 || asked.size === 0) break;
  }
  return found;
}

/** [Z1] older orders move to the archive. NOT CONFIRMED that its list takes `orderIds[]`: a refusal is *not there*. */
async function readArchive(call: CallContext, ids: readonly string[]): Promise<readonly RawOrder[]> {
  try {
    return await readMany(call, '/v2/archive/orders', ids);
  } catch (error) {
    if (error instanceof ChannelError && error.failure.kind === 'refused') return [];
    throw error;
  }
}

/**
 * Reads orders by id, at most 100: one by its own address, several by one filtered list, and what neither has from the
 * archive. One that Zalora does not know is left out.
 * @throws ChannelError
 */
export async function readOrders(call: CallContext, externalIds: readonly string[]): Promise<readonly RawOrder[]> {
  const ids = [...new Set(externalIds.filter((id) => ORDER_ID.test(id)))];
  const [first, ...others] = ids;
  if (first === undefined) return [];
  const found = others.length === 0 ? await readOne(call, first) : await readMany(call, '/v2/orders', ids);
  const read = new Set(found.map(({ externalId }) => externalId));
  const missing = ids.filter((id) => !read.has(id));
  return missing.length === 0 ? found : [...found, ...(await readArchive(call, missing))];
}
