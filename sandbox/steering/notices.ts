import { json, problem, type Call, type Reply } from '../http/call';
import type { Router } from '../http/router';
import { describePush } from '../pushes';
import type { World } from '../world';
import { Form, channelOf } from './form';
import { shopOf } from './shops';

/** Messages that no order's change causes. */
export function addNotices(routes: Router, world: World): void {
  routes
    .add('GET', '/:channel/shops/:shop/notices', listNotices(world))
    .add('POST', '/:channel/shops/:shop/notices', sendNotice(world))
    .add('POST', '/:channel/apps/:app/verify', verifyAddress(world));
}

/**
 * `POST /_sandbox/:channel/shops/:shop/notices {kind, sku?}`: a message that tells no order's change, such as
 * `authorisation-expiring`; lost, late or doubled as the faults say. `GET` names the kinds.
 */
function sendNotice(world: World): (call: Call) => Reply {
  return (call) => {
    const shop = shopOf(world, call);
    const { notice, noticeKinds = [] } = world.dialects[shop.channel];
    const form = Form.of(call);
    const kind = form.text('kind');
    const sku = form.maybeText('sku');
    const listing = sku === undefined ? undefined : shop.listings.get(sku);
    if (!noticeKinds.includes(kind)) form.fault('kind', `must be one of ${noticeKinds.join(', ')}`);
    if (sku !== undefined && listing === undefined) form.fault('sku', 'the shop has no such listing');
    form.done();
    if (notice === undefined) throw problem(404, 'this channel has no notices');
    const pushes = world.pushes().send(shop, notice(shop, kind, listing));
    return json(201, { items: pushes.map(describePush) });
  };
}

function listNotices(world: World): (call: Call) => Reply {
  return (call) => json(200, { kinds: world.dialects[shopOf(world, call).channel].noticeKinds ?? [] });
}

/** `POST /_sandbox/:channel/apps/:app/verify`: the console's test of the app's address, signed as the real ones. */
function verifyAddress(world: World): (call: Call) => Promise<Reply> {
  return async (call) => {
    const channel = channelOf(call);
    const app = world.market.app(channel, call.params['app'] ?? '');
    const dialect = world.dialects[channel];
    if (app === undefined) throw problem(404, 'no such app');
    if (dialect.verification === undefined) throw problem(404, 'this channel tests no addresses');
    if (app.hookUrl === undefined) throw problem(409, 'the app has no address');
    const body = dialect.verification(app);
    const headers = dialect.headers(app, app.hookUrl, body);
    const parcel = { url: app.hookUrl, body, headers, timeoutMs: dialect.ack.timeoutMs };
    const { status, bodyLength, error } = await world.pushes().courier.carry(parcel);
    const good = status !== undefined && dialect.ack.accepts(status, bodyLength);
    return json(200, { good, status: status ?? null, error: error ?? null });
  };
}
