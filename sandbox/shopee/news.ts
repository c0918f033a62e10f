import { randomUUID } from 'node:crypto';
import type { Draft } from '../dialect';
import type { Change } from '../order';
import type { Ground } from '../world';
import { flat, wholeNumber, type PublicCall } from './door';
import type { Reply } from '../http/call';
import { faceOfApp } from './faces';
import { orderStatus, seconds } from './rows';

const PUSH_ORDER_STATUS = 3;
const PUSH_RETURN = 29;

/** Code 3 with number and status of the whole order; a return also as code 29. [S2][S7 doc] */
export function news(change: Change): Draft[] {
  const { order } = change;
  const status = orderStatus(order);
  const data = {
    ordersn: order.id,
    status,
    completed_scenario: status === 'COMPLETED' ? 'NORMAL' : '',
    update_time: seconds(order.updatedUs),
    items: [],
  };
  const drafts = [draft(change, PUSH_ORDER_STATUS, data)];
  if (change.kind !== 'returned') return drafts;
  const returnSn = `${order.id}R`;
  const updated = {
    update_field: 'return_status',
    old_value: 'PROCESSING',
    new_value: 'ACCEPTED',
    update_time: seconds(order.updatedUs),
  };
  return [
    ...drafts,
    draft(change, PUSH_RETURN, { order_sn: order.id, return_sn: returnSn, updated_values: [updated] }),
  ];
}

/** `msg_id` is in some real payloads. [S14] */
function draft({ order }: Change, code: number, data: Record<string, unknown>): Draft {
  const body = {
    code,
    shop_id: Number(order.shop.id),
    timestamp: Math.floor(Date.now() / 1000),
    ...(order.units.length % 2 === 0 ? { msg_id: randomUUID().replaceAll('-', '') } : {}),
    data,
  };
  return { kind: String(code), orderId: order.id, body: JSON.stringify(body) };
}

/** Simulated. */
const LOST_LIFE_MS = 3 * 86_400_000;
const LOST_PAGE = 100;

/** `GET push/get_lost_push_message`: the 100 oldest unconfirmed of 3 days; `error` is "-" on success. [S6 doc][S9] */
export function listLost(ground: Ground): (call: PublicCall) => Reply {
  return ({ app }) => {
    const waiting = ground
      .pushes()
      .givenUp(app, Date.now() - LOST_LIFE_MS / ground.clock.factor)
      .filter((push) => push.id > faceOfApp(app).confirmedId);
    const page = waiting.slice(0, LOST_PAGE);
    const messages = page.map((push) => {
      const body = JSON.parse(push.body) as { code: number; shop_id: number; timestamp: number; data: unknown };
      // `data` is a JSON text here. [S6 doc]
      return { shop_id: body.shop_id, code: body.code, timestamp: body.timestamp, data: JSON.stringify(body.data) };
    });
    return flat({
      error: '-',
      response: {
        push_message_list: messages,
        has_next_page: waiting.length > page.length,
        last_message_id: page[page.length - 1]?.id ?? 0,
      },
    });
  };
}

/** `POST push/confirm_consumed_lost_push_message {last_message_id}`. */
export function confirmLost(): (call: PublicCall) => Reply {
  return ({ app, body }) => {
    const last = wholeNumber(body['last_message_id'], 'last_message_id', { least: 1, most: Number.MAX_SAFE_INTEGER });
    const face = faceOfApp(app);
    face.confirmedId = Math.max(last, face.confirmedId);
    return flat({ error: '-' });
  };
}
