import { randomUUID } from 'node:crypto';
import { nowUs } from '../clock';
import type { Draft } from '../dialect';
import { json, problem, type Reply } from '../http/call';
import type { Change, OrderUnit } from '../order';
import type { Listing, Shop, Webhook } from '../shop';
import type { Ground } from '../world';
import { bodyOf, refuse, type SellerCall } from './door';
import { instantText, itemStatus } from './rows';

/** [Z1 doc][Z2] */
const EVENTS = [
  ...['onFeedCompleted', 'onFeedCreated', 'onOrderCreated', 'onOrderItemsStatusChanged', 'onProductCreated'],
  ...['onProductQcStatusChanged', 'onProductUpdated', 'onReturnStatusChanged', 'onStatisticsUpdated'],
];

const MOST_WEBHOOKS = 100;

function readWanted(call: SellerCall['call']): Pick<Webhook, 'callbackUrl' | 'events'> {
  const { callbackUrl, events } = (bodyOf(call) ?? {}) as Partial<Webhook>;
  if (typeof callbackUrl !== 'string' || !URL.canParse(callbackUrl)) throw refuse(422, 'callbackUrl must be a URL.');
  if (!Array.isArray(events) || events.length === 0 || events.some((event) => !EVENTS.includes(event))) {
    throw refuse(422, `events must name some of ${EVENTS.join(', ')}.`);
  }
  return { callbackUrl, events };
}

/** `POST /v2/webhook` → 201 with its id. [Z1 doc] */
export function createWebhook({ call, shop }: SellerCall): Reply {
  if (shop.webhooks.size >= MOST_WEBHOOKS) throw refuse(422, 'There are too many webhooks.');
  const webhook = { id: randomUUID(), ...readWanted(call), enabled: true, createdUs: nowUs() };
  shop.webhooks.set(webhook.id, webhook);
  return json(201, { webhookId: webhook.id, createdAt: instantText(webhook.createdUs) });
}

export function updateWebhook({ call, shop }: SellerCall): Reply {
  Object.assign(findWebhook(shop, call.params['id']), readWanted(call));
  return json(200, describe(findWebhook(shop, call.params['id'])));
}

export function deleteWebhook({ call, shop }: SellerCall): Reply {
  shop.webhooks.delete(findWebhook(shop, call.params['id']).id);
  return { status: 204 };
}

export function switchWebhook({ call, shop }: SellerCall): Reply {
  const { isEnabled } = (bodyOf(call) ?? {}) as { isEnabled?: unknown };
  if (typeof isEnabled !== 'boolean') throw refuse(422, 'isEnabled must be true or false.');
  findWebhook(shop, call.params['id']).enabled = isEnabled;
  return json(200, describe(findWebhook(shop, call.params['id'])));
}

export function listWebhooks({ shop }: SellerCall): Reply {
  return json(200, [...shop.webhooks.values()].map(describe));
}

export function listEvents(): Reply {
  return json(
    200,
    EVENTS.map((alias) => ({ alias })),
  );
}

function findWebhook(shop: Shop, id: string | undefined): Webhook {
  const webhook = shop.webhooks.get(id ?? '');
  if (webhook === undefined) throw refuse(404, 'Webhook not found.');
  return webhook;
}

function describe(webhook: Webhook): Record<string, unknown> {
  return {
    id: webhook.id,
    webhookId: webhook.id,
    callbackUrl: webhook.callbackUrl,
    events: webhook.events,
    isEnabled: webhook.enabled,
    createdAt: instantText(webhook.createdUs),
  };
}

/** Registered webhooks; before the first, the address that the app was set up with. */
export function addresses(shop: Shop, event: string): string[] {
  if (shop.webhooks.size === 0) return shop.app.hookUrl === undefined ? [] : [shop.app.hookUrl];
  return [...shop.webhooks.values()]
    .filter((webhook) => webhook.enabled && webhook.events.includes(event))
    .map((webhook) => webhook.callbackUrl);
}

/** `{event, payload}` and nothing else: no signature, id, time or seller. [Z1 doc] */
export function news(ground: Ground): (change: Change) => Draft[] {
  return (change) => {
    const { order } = change;
    const draft = (event: string, payload: unknown): Draft => ({
      kind: event,
      orderId: order.id,
      body: JSON.stringify({ event, payload }),
    });
    if (change.kind === 'cancel-requested') return [];
    if (change.kind === 'placed')
      return [draft('onOrderCreated', { OrderId: Number(order.id), OrderNr: order.number })];
    const payload = {
      OrderId: Number(order.id),
      OrderItemIds: itemIds(ground, change.units),
      NewStatus: change.units[0] === undefined ? 'pending' : itemStatus(change.units[0]),
    };
    const drafts = [draft('onOrderItemsStatusChanged', payload)];
    return change.kind === 'returned' ? [...drafts, draft('onReturnStatusChanged', payload)] : drafts;
  };
}

/** Numbers in the description, text in the delivery sample. [Z1 doc] */
function itemIds(ground: Ground, units: OrderUnit[]): (number | string)[] {
  const choice = ground.readings.choices.zaloraItemIds;
  const asText = choice === 'strings' || (choice === 'mixed' && (units[0]?.id ?? 0) % 2 === 0);
  return units.map((unit) => (asText ? String(unit.id) : unit.id));
}

export const NOTICE_KINDS = EVENTS.filter((event) => !event.startsWith('onOrder') && event !== 'onReturnStatusChanged');

/** Events that tell no order's change. [Z1 doc] */
export function notice(_shop: Shop, kind: string, listing: Listing | undefined): Draft {
  if (kind.startsWith('onProduct') && listing === undefined) throw problem(422, 'sku is required for this kind');
  const payload = kind.startsWith('onFeed') ? { Feed: randomUUID() } : { SellerSkus: listing ? [listing.sku] : [] };
  return { kind, orderId: undefined, body: JSON.stringify({ event: kind, payload }) };
}
