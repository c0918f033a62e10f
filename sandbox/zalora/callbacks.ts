import { json, type Reply } from '../http/call';
import type { Push } from '../pushes';
import type { Ground } from '../world';
import { pageOf, refuse, type SellerCall } from './door';
import { instantText } from './rows';

/** `GET /v2/webhook/callbacks/{url-encoded callbackUrl}`: what was sent there, newest first. [Z1 doc] */
export function listCallbacks(ground: Ground): (call: SellerCall) => Reply {
  return ({ call, shop }) => {
    const { limit, offset } = pageOf(call);
    const url = call.params['url'] ?? '';
    const found = ground
      .pushes()
      .all()
      .filter((push) => push.shop === shop && push.url === url);
    const items = found.reverse().slice(offset, offset + limit);
    return json(200, { items: items.map(describe), pagination: { limit, offset, totalCount: found.length } });
  };
}

/** `GET /v2/webhook/callback/{id}`. [Z1 doc] */
export function readCallback(ground: Ground): (call: SellerCall) => Reply {
  return (asked) => json(200, describe(findCallback(ground, asked)));
}

/** `POST /v2/webhook/callback/{id}/retry/`: sent again by hand. [Z1 doc] */
export function retryCallback(ground: Ground): (call: SellerCall) => Reply {
  return (asked) => {
    const push = findCallback(ground, asked);
    void ground.pushes().deliver(push);
    return json(200, describe(push));
  };
}

function findCallback(ground: Ground, { call, shop }: SellerCall): Push {
  const push = ground.pushes().find(Number(call.params['id']));
  if (push === undefined || push.shop !== shop) throw refuse(404, 'Callback not found.');
  return push;
}

function describe(push: Push): Record<string, unknown> {
  const last = push.attempts.at(-1);
  const status = { delivered: 'success', 'given-up': 'fail', retrying: 'fail', lost: 'queueing_failed' }[
    push.state as string
  ];
  return {
    id: push.id,
    callbackUrl: push.url,
    event: push.kind,
    payload: push.body,
    status: status ?? 'inprogress',
    attempts: push.attempts.length,
    responseCode: last?.status ?? null,
    createdAt: instantText(push.madeMs * 1000),
    updatedAt: instantText((last?.atMs ?? push.madeMs) * 1000),
  };
}
