import { json, problem, type Call, type Reply } from '../http/call';
import type { Router } from '../http/router';
import type { World } from '../world';
import { Form, channelOf } from './form';
import { describeShop } from './setup';
import { shopOf } from './shops';

const MOST_S = 3650 * 86_400;

/** What ends tokens, and how long they live. */
export function addTokens(routes: Router, world: World): void {
  routes
    .add('POST', '/:channel/shops/:shop/tokens', renewTokens(world))
    .add('POST', '/:channel/tokens', endAllTokens(world))
    .add('PUT', '/:channel/token-life', setTokenLife(world))
    .add('GET', '/:channel/token-life', (call) => json(200, showLife(world, call)));
}

/** `POST /_sandbox/:channel/shops/:shop/tokens {revoke?, expire?}`: a new pair, as after consent; or an end to one. */
function renewTokens(world: World): (call: Call) => Reply {
  return (call) => {
    const shop = shopOf(world, call);
    const { revoke, expire } = readEnds(call);
    if (revoke) world.market.sessions.revoke(shop);
    else if (expire) world.market.sessions.expire(shop.channel, shop.id);
    else world.market.sessions.renew(shop);
    return json(200, { ...describeShop(shop), revoked: shop.revoked });
  };
}

/** `POST /_sandbox/:channel/tokens {revoke} or {expire}`: of every shop of the channel. */
function endAllTokens(world: World): (call: Call) => Reply {
  return (call) => {
    const channel = channelOf(call);
    const { revoke, expire } = readEnds(call);
    if (revoke === expire) throw problem(422, 'say either revoke or expire');
    const shops = world.market.shopsOf(channel);
    if (expire) world.market.sessions.expire(channel);
    else for (const shop of shops) world.market.sessions.revoke(shop);
    return json(200, { shops: shops.map((shop) => shop.id) });
  };
}

function readEnds(call: Call): { revoke: boolean; expire: boolean } {
  const form = Form.of(call);
  const ends = { revoke: form.boolean('revoke'), expire: form.boolean('expire') };
  form.done();
  return ends;
}

/**
 * `PUT /_sandbox/:channel/token-life {accessS?, refreshS?}`: how long the next tokens live, in the marketplace's time,
 * which the clock's factor shortens; what is left out is as documented.
 */
function setTokenLife(world: World): (call: Call) => Reply {
  return (call) => {
    const channel = channelOf(call);
    const form = Form.of(call);
    const ms = (name: string): number | undefined => {
      const seconds = form.maybeNumber(name, { least: 1, most: MOST_S });
      return seconds === undefined ? undefined : seconds * 1000;
    };
    const life = { accessMs: ms('accessS'), refreshMs: ms('refreshS') };
    form.done();
    world.market.sessions.setLife(channel, life);
    return json(200, showLife(world, call));
  };
}

/** In real seconds, as `expires_in` tells them. */
function showLife(world: World, call: Call): Record<string, number> {
  const { accessMs, refreshMs } = world.market.sessions.livesOf(channelOf(call));
  return { realAccessS: accessMs / 1000, realRefreshS: refreshMs / 1000 };
}
