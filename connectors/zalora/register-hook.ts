import { z } from 'zod';
import type { CallContext } from '../kit';
import { ORDER_EVENTS } from './hint';
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
const listSchema = z.union([
  z.array(hookSchema),
  z.object({ items: z.array(hookSchema) }).transform(({ items }) => items),
]);
type Hook = z.infer<typeof hookSchema>;

const uuidOf = (hook: Hook): string | undefined =>
  [hook.webhookId, hook.publicId, hook.uuid, hook.id].find((id) => id !== undefined && UUID.test(id));

const eventName = (event: unknown): unknown =>
  typeof event === 'object' && event !== null && 'alias' in event ? event.alias : event;
const hasAllEvents = (hook: Hook): boolean => {
  const names = new Set((hook.events ?? []).map(eventName));
  return ORDER_EVENTS.every((event) => names.has(event));
};

async function tell(call: CallContext, request: ZaloraRequest): Promise<void> {
  const answer = await exchange(call, request);
  if (!isDone(answer)) throw errorOf(call, request, answer);
}

/**
 * Makes Zalora send its order events to `hookUrl`. [Z1] reads the webhooks there are, then makes one, or updates the one
 * with this address where it lacks events, or enables it where it is off; a second call changes nothing. Webhooks of
 * other addresses are left alone.
 * @throws ChannelError
 */
export async function registerHook(call: CallContext, hookUrl: string): Promise<void> {
  const hooks = await ask(call, { method: 'GET', path: '/v2/webhooks', effect: 'read' }, listSchema);
  const present = hooks.find((hook) => hook.callbackUrl === hookUrl || hook.url === hookUrl);
  const body = { callbackUrl: hookUrl, events: ORDER_EVENTS };
  if (present === undefined) return tell(call, { method: 'POST', path: '/v2/webhook', body, effect: 'write' });
  const uuid = uuidOf(present);
  if (uuid === undefined) return;
  if (!hasAllEvents(present)) await tell(call, { method: 'PUT', path: `/v2/webhook/${uuid}`, body, effect: 'write' });
  if (present.isEnabled === false) {
    const path = `/v2/webhook/${uuid}/status`;
    await tell(call, { method: 'POST', path, body: { isEnabled: true }, effect: 'write' });
  }
}
