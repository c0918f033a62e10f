import { z } from 'zod';
import type { CallContext } from '../kit';
import { WANTED_EVENTS } from './hint';
import { ask, errorOf, exchange, isDone, type ZaloraRequest } from './wire';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const text = z.string().optional().catch(undefined);

/** [Z1] the list's description shows the call-back log's fields by mistake: every documented name is looked for. */
const hookSchema = z.object({
  webhookId: text,
  publicId: text,
  uuid: text,
  id: text,
  callbackUrl: text,
  url: text,
  events: z.array(z.unknown()).optional().catch(undefined),
  isEnabled: z.boolean().optional().catch(undefined),
});
const total = z.int().optional().catch(undefined);
const hasNext = z.boolean().optional().catch(undefined);
const pagination = z.object({ totalCount: total, hasNext }).optional().catch(undefined);
const listSchema = z.union([
  z.array(hookSchema).transform((items) => ({ items, pagination: undefined })),
  z.object({ items: z.array(hookSchema), pagination }),
]);
const PAGE = 100;
const MOST_PAGES = 20;
type Hook = z.infer<typeof hookSchema>;

const uuidOf = (hook: Hook): string | undefined =>
  [hook.webhookId, hook.publicId, hook.uuid, hook.id].find((id) => id !== undefined && UUID.test(id));

const eventName = (event: unknown): unknown =>
  typeof event === 'object' && event !== null && 'alias' in event ? event.alias : event;
const hasAllEvents = (hook: Hook): boolean => {
  const names = new Set((hook.events ?? []).map(eventName));
  return WANTED_EVENTS.every((event) => names.has(event));
};

async function tell(call: CallContext, request: ZaloraRequest): Promise<void> {
  const answer = await exchange(call, request);
  if (!isDone(answer)) throw errorOf(call, request, answer);
}

/** The webhooks with this address. [Z1] the list comes in pages of 20 where nothing else is asked for. */
async function hooksAt(call: CallContext, hookUrl: string): Promise<readonly Hook[]> {
  const hooks: Hook[] = [];
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const path = page === 0 ? '/v2/webhooks' : `/v2/webhooks?limit=${PAGE}&offset=${hooks.length}`;
    const { items, pagination: told } = await ask(call, { method: 'GET', path, effect: 'read' }, listSchema);
    hooks.push(...items);
    const isMore = told?.hasNext ?? hooks.length < (told?.totalCount ?? 0);
    if (items.length === 0 || !isMore) break;
  }
  return hooks.filter((hook) => hook.callbackUrl === hookUrl || hook.url === hookUrl);
}

/**
 * Makes Zalora send its order and product events to `hookUrl`. [Z1] reads the webhooks there are, then makes one, or
 * updates the one with this address where it lacks events, or enables it where it is off; a second call changes nothing.
 * Webhooks of other addresses are left alone.
 * @throws ChannelError
 */
export async function registerHook(call: CallContext, hookUrl: string): Promise<void> {
  const [present] = await hooksAt(call, hookUrl);
  const body = { callbackUrl: hookUrl, events: WANTED_EVENTS };
  if (present === undefined) return tell(call, { method: 'POST', path: '/v2/webhook', body, effect: 'write' });
  const uuid = uuidOf(present);
  if (uuid === undefined) return;
  if (!hasAllEvents(present)) await tell(call, { method: 'PUT', path: `/v2/webhook/${uuid}`, body, effect: 'write' });
  if (present.isEnabled === false) {
    const path = `/v2/webhook/${uuid}/status`;
    await tell(call, { method: 'POST', path, body: { isEnabled: true }, effect: 'write' });
  }
}

/**
 * Removes every webhook with this address, and no other. One that is gone already is no error; one whose id cannot be
 * read stays (QUIRKS 13).
 * @throws ChannelError
 */
export async function removeHook(call: CallContext, hookUrl: string): Promise<void> {
  for (const hook of await hooksAt(call, hookUrl)) {
    const uuid = uuidOf(hook);
    if (uuid === undefined) continue;
    const request: ZaloraRequest = { method: 'DELETE', path: `/v2/webhook/${uuid}`, effect: 'write' };
    const answer = await exchange(call, request);
    if (!isDone(answer) && answer.status !== 404) throw errorOf(call, request, answer);
  }
}
