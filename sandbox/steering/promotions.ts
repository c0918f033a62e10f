import { json, problem, type Call, type Reply } from '../http/call';
import type { Router } from '../http/router';
import type { Promotion } from '../shop';
import type { World } from '../world';
import { Form } from './form';
import { shopOf } from './shops';

const REFUSALS = ['floor', 'floor-auth', 'floor-param', 'block'] as const;

/** Campaigns that lock or reserve units of a listing. */
export function addPromotions(routes: Router, world: World): void {
  const base = '/:channel/shops/:shop/promotions';
  routes
    .add('GET', base, listPromotions(world))
    .add('POST', base, startPromotion(world))
    .add('POST', `${base}/:id/end`, endPromotion(world, 'ended'))
    .add('POST', `${base}/:id/cancel`, endPromotion(world, 'cancelled'));
}

/** `POST …/promotions {sku, units, startsAt?, endsAt?, kind?, refusal?}`: sets units of a listing apart. */
function startPromotion(world: World): (call: Call) => Reply {
  return (call) => {
    const shop = shopOf(world, call);
    const form = Form.of(call);
    const listing = shop.listings.get(form.text('sku'));
    if (listing === undefined) form.fault('sku', 'the shop has no such listing');
    const units = form.number('units', 0, { least: 1, whole: true });
    if (!form.has('units')) form.fault('units', 'is required');
    const endsAt = form.maybeText('endsAt');
    if (endsAt !== undefined && Number.isNaN(Date.parse(endsAt))) form.fault('endsAt', 'must be an instant');
    const startsAt = form.maybeText('startsAt');
    if (startsAt !== undefined && Number.isNaN(Date.parse(startsAt))) form.fault('startsAt', 'must be an instant');
    const kind = form.maybeText('kind') ?? 'campaign';
    const refusal = form.choice('refusal', REFUSALS, 'floor');
    form.done();
    if (listing === undefined) throw problem(404, 'no such listing');
    const endsMs = endsAt === undefined ? undefined : Date.parse(endsAt);
    const startsMs = startsAt === undefined ? Date.now() : Date.parse(startsAt);
    return json(201, describePromotion(world.promotions.start(listing, { units, kind, refusal, startsMs, endsMs })));
  };
}

/** `POST …/promotions/:id/end|cancel`: what did not sell is ordinary stock again, with nobody's write. */
function endPromotion(world: World, how: 'ended' | 'cancelled'): (call: Call) => Reply {
  return (call) => {
    const shop = shopOf(world, call);
    const promotion = world.promotions.find(Number(call.params['id']));
    if (promotion === undefined || promotion.listing.shop !== shop) throw problem(404, 'no such promotion is running');
    Form.of(call).done();
    const returned = world.promotions.end(promotion, how);
    return json(200, { id: promotion.id, sku: promotion.listing.sku, returned });
  };
}

function listPromotions(world: World): (call: Call) => Reply {
  return (call) => {
    const shop = shopOf(world, call);
    const found = world.promotions.all().filter((promotion) => promotion.listing.shop === shop);
    return json(200, { items: found.map(describePromotion) });
  };
}

function describePromotion(promotion: Promotion): Record<string, unknown> {
  const { id, listing, units, kind, refusal, endsMs } = promotion;
  const endsAt = endsMs === undefined ? null : new Date(endsMs).toISOString();
  return { id, sku: listing.sku, units, left: listing.locked, kind, refusal, endsAt };
}
