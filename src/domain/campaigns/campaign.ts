import type { ShopId } from '../ids';
import type { Quota } from '../stock/position';

export const CAMPAIGN_STATES = ['draft', 'submitted', 'approved', 'live', 'ended', 'stopped', 'cancelled'] as const;
export type CampaignState = (typeof CAMPAIGN_STATES)[number];

/** From when to when a campaign runs, ms: its end is no part of it. */
export interface CampaignTime {
  readonly startsAt: number;
  readonly endsAt: number;
}

/** What a campaign holds of one sku for one shop. */
export interface CampaignItem {
  readonly sku: string;
  readonly shop: ShopId;
  readonly quantity: number;
}

/** `pending` until its quota was made, `ended` once it is given back. */
export const CAMPAIGN_ITEM_STATES = ['pending', 'held', 'ended'] as const;
export type CampaignItemState = (typeof CAMPAIGN_ITEM_STATES)[number];

/** What became of an item's quota: how many units there were for it, and at its end what was left and lost. */
export interface CampaignItemFate {
  readonly state: CampaignItemState;
  readonly held?: number;
  readonly remaining?: number;
  readonly lost?: number;
}

/** What one item, or all of them, sold. `missing` was not there at the start, `lost` was sold by other shops. */
export interface Outcome {
  readonly quantity: number;
  readonly held: number;
  readonly missing: number;
  readonly sold: number;
  readonly lost: number;
  readonly remaining: number;
}

/** What an item sold so far; `quota` is the one that its position has now, for an item whose units are held. */
export function outcomeOf(item: CampaignItem & CampaignItemFate, quota: Quota | undefined): Outcome {
  const { quantity, state, held = 0 } = item;
  const { remaining = held, lost = 0 } = state === 'held' ? (quota ?? {}) : item;
  const missing = state === 'pending' ? 0 : quantity - held;
  return { quantity, held, missing, sold: held - remaining - lost, lost, remaining };
}

const NOTHING: Outcome = { quantity: 0, held: 0, missing: 0, sold: 0, lost: 0, remaining: 0 };

export const sumOutcomes = (outcomes: readonly Outcome[]): Outcome =>
  outcomes.reduce(
    (sum, each) => ({
      quantity: sum.quantity + each.quantity,
      held: sum.held + each.held,
      missing: sum.missing + each.missing,
      sold: sum.sold + each.sold,
      lost: sum.lost + each.lost,
      remaining: sum.remaining + each.remaining,
    }),
    NOTHING,
  );

/** Whether there is an instant at which both run. */
export const overlaps = (a: CampaignTime, b: CampaignTime): boolean => a.startsAt < b.endsAt && b.startsAt < a.endsAt;
