import { z } from 'zod';
import { ChannelError, idField, type AppCall } from '../kit';
import { dataOf } from './push-envelope';
import { numberOf } from './tokens';
import { errorOf, exchangePublic, type ShopeeAnswer, type ShopeeRequest } from './wire';

const GET: ShopeeRequest = { method: 'GET', path: '/api/v2/push/get_lost_push_message', effect: 'read' };
const CONFIRM = '/api/v2/push/confirm_consumed_lost_push_message';

const pageSchema = z.object({
  push_message_list: z.array(z.record(z.string(), z.unknown())).max(1000).nullish(),
  has_next_page: z.boolean().nullish(),
  last_message_id: idField.nullish(),
});

async function askPublic(call: AppCall, request: ShopeeRequest): Promise<ShopeeAnswer> {
  const answer = await exchangePublic(call, request);
  if (answer.error !== '') throw errorOf(call, request, answer);
  return answer;
}

/**
 * A lost push in the bytes of a push. [S6] its `data` is a JSON string of the whole push: those bytes as they are. Where
 * the string has `data` alone, the envelope is put around it. Nothing is ever left out.
 */
function bytesOf(message: Readonly<Record<string, unknown>>): Buffer {
  const { data } = message;
  const inner = typeof data === 'string' ? dataOf(data) : undefined;
  if (typeof data === 'string' && inner?.code !== undefined && 'data' in inner) return Buffer.from(data, 'utf8');
  return Buffer.from(textOf(message), 'utf8');
}

/** @throws ChannelError for what is nested deeper than it can be written again */
function textOf(message: object): string {
  try {
    return JSON.stringify(message);
  } catch {
    throw new ChannelError({ kind: 'malformed' }, `${GET.path} answers a message that is nested too deep`);
  }
}

/**
 * Takes the oldest page of what Shopee could not deliver (the last 3 days, at most 100). [S6] the next page comes only
 * after this one is confirmed: so it is kept first, confirmed afterwards, and an empty page never.
 * @throws ChannelError, also after `keep`: the same page then comes again
 */
export async function takeLostPushes(
  call: AppCall,
  keep: (pushes: readonly Buffer[]) => Promise<void>,
): Promise<{ readonly count: number; readonly more: boolean }> {
  const answer = await askPublic(call, GET);
  const parsed = pageSchema.safeParse(answer.response);
  if (!parsed.success) throw new ChannelError({ kind: 'malformed' }, `${GET.path} answers another shape`);
  const { push_message_list: messages, has_next_page: more, last_message_id: last } = parsed.data;
  const lost = messages ?? [];
  if (lost.length === 0) return { count: 0, more: false };
  await keep(lost.map(bytesOf));
  if (last === undefined || last === null) {
    throw new ChannelError({ kind: 'malformed' }, `${GET.path} names no last message to confirm`);
  }
  await askPublic(call, { method: 'POST', path: CONFIRM, body: { last_message_id: numberOf(last) }, effect: 'write' });
  return { count: lost.length, more: more === true };
}
