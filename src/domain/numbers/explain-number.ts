import { applyRules, type Outlet, type ShopRules } from './publish';
import { freeOf, sharedOf, type ExposurePolicy, type Position, type Quota } from '../stock/position';
import type { PartShare, Share } from './share-out';
import { allowanceOf } from './show-guarded';

/** One step on the way from the stock to a listing's number. */
export interface NumberStep {
  readonly what:
    | 'uncounted'
    | 'free'
    | 'quotas'
    | 'safety-buffer'
    | 'shared'
    | 'rules'
    | 'own-quota'
    | 'exposure'
    | 'part'
    | 'bundle'
    | 'lock'
    | 'number';
  /** The sku whose units these are; absent in sale units of the listing. */
  readonly sku?: string;
  readonly units: number;
  readonly sentence: string;
}

type Told = Readonly<{ what: NumberStep['what']; units: number; sentence: string }>;

const told = (what: NumberStep['what'], units: number, sentence: string): Told => ({ what, units, sentence });

/** The numbers of a sku that every shop's number begins with. */
export function explainStock(sku: string, position: Position): readonly NumberStep[] {
  if (!position.counted) {
    return [{ sku, ...told('uncounted', 0, `${sku} was never counted: its listings are not written.`) }];
  }
  const { onHand, committed, safetyBuffer, quotas } = position;
  const [free, shared] = [freeOf(position), sharedOf(position)];
  const steps = [
    told('free', free, `${onHand} of ${sku} are on hand, open orders and holds have ${committed}: ${free} are free.`),
    ...quotas.map((quota) => told('quotas', quota.remaining, tellQuota(quota))),
    ...(safetyBuffer === 0 ? [] : [told('safety-buffer', safetyBuffer, `${safetyBuffer} are kept as safety buffer.`)]),
    told('shared', shared, `${shared} of ${sku} are left for every shop.`),
  ];
  return steps.map((step) => ({ sku, ...step }));
}

function tellQuota({ campaign, shop, mode, remaining, quantity }: Quota): string {
  return `Campaign ${campaign} still holds ${remaining} of ${quantity} for shop ${shop} as ${mode === 'allocation' ? 'an' : 'a'} ${mode}.`;
}

function tellRules({ percent, buffer, cap }: ShopRules): string {
  const parts = [
    ...(percent === undefined ? [] : [`${percent} %`]),
    ...(buffer === undefined ? [] : [`less ${buffer}`]),
    ...(cap === undefined ? [] : [`at most ${cap}`]),
  ];
  return parts.length === 0 ? 'no rules' : parts.join(', ');
}

/** What the shop's rules leave it of the pool of an open sku. */
function openSteps(position: Position, outlet: Outlet, part: PartShare): readonly Told[] {
  const own = position.quotas.filter(({ shop }) => shop === outlet.shop);
  if (own.length > 0 && own.every(({ mode }) => mode === 'allocation')) return [];
  const byRules = applyRules(sharedOf(position), outlet.rules);
  const because =
    part.pooled === byRules
      ? `Shop ${outlet.shop} shows ${part.pooled} of these by its rules (${tellRules(outlet.rules)}).`
      : `Its rules would show ${byRules} of these; locks and last units of other shops leave it ${part.pooled}.`;
  return [told('rules', part.pooled, because)];
}

function quotaSteps(position: Position, outlet: Outlet, part: PartShare): readonly Told[] {
  const own = position.quotas.filter(({ shop }) => shop === outlet.shop);
  if (own.length === 0) return [];
  const isFloor = own.every(({ mode }) => mode === 'allocation');
  const how = isFloor ? 'and no more: an allocation is a floor and a ceiling' : 'and its share of the rest';
  return [told('own-quota', part.held, `${part.held} are held for shop ${outlet.shop}, ${how}.`)];
}

const policyOf = (exposure: ExposurePolicy): string =>
  exposure.policy === 'bounded' ? `bounded by ${exposure.units}` : exposure.policy;

function guardedSteps(position: Position, outlet: Outlet, part: PartShare): readonly Told[] {
  const allowed = sharedOf(position) + (allowanceOf(position.exposure) ?? 0);
  const { weight = 1 } = outlet.rules;
  const sentence = `Exposure is ${policyOf(position.exposure)}: ${allowed} are dealt out to all listings, ${part.pooled} to this one (weight ${weight} of its shop).`;
  return [told('exposure', part.pooled, sentence)];
}

function partSteps(position: Position, outlet: Outlet, part: PartShare): readonly NumberStep[] {
  const { sku, units, perSale, held, pooled } = part;
  const isGuarded = allowanceOf(position.exposure) !== undefined;
  const cut = units < held + pooled ? `; ${units} are free of these` : '';
  const sales = Math.floor(units / perSale);
  const steps = [
    ...quotaSteps(position, outlet, part),
    ...(isGuarded ? guardedSteps : openSteps)(position, outlet, part),
    told('part', units, `The listing may show ${held + pooled} of ${sku}${cut}: ${sales} sales of ${perSale} each.`),
  ];
  return steps.map((step) => ({ sku, ...step }));
}

/** The way from the stock to what one listing shows, from what the planner shares out to it. */
export function explainNumber(
  outlet: Outlet,
  share: Share,
  positions: ReadonlyMap<string, Position>,
): readonly NumberStep[] {
  const uncounted = outlet.parts.filter(({ sku }) => positions.get(sku)?.counted !== true);
  if (share.units === undefined) {
    const names = [...new Set(uncounted.map(({ sku }) => sku))].join(', ');
    return [
      told(
        'uncounted',
        0,
        `The listing is not written: ${names === '' ? 'it has no parts' : `${names} was never counted`}.`,
      ),
    ];
  }
  const parts = share.parts.flatMap((part) => {
    const position = positions.get(part.sku);
    return position === undefined ? [] : partSteps(position, outlet, part);
  });
  const planned = Math.max(0, Math.min(...share.parts.map(({ units, perSale }) => Math.floor(units / perSale))));
  return [
    ...parts,
    ...(share.parts.length < 2 ? [] : [told('bundle', planned, `A bundle shows the least of its parts: ${planned}.`)]),
    ...(outlet.lock === 0 ? [] : [told('lock', outlet.lock, `Its channel does not let it go below ${outlet.lock}.`)]),
    told('number', share.units, `Listing ${outlet.listing} of shop ${outlet.shop} should show ${share.units}.`),
  ];
}
