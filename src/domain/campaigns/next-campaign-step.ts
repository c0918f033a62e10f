import type { CampaignState, CampaignTime } from './campaign';

/**
 * `start`, `miss` and `end` change the campaign's state; `hold` and `release` bring its items to it; `tell` of one that was
 * missed; `rest` until somebody, or the clock, changes something.
 */
export type CampaignStep = 'start' | 'miss' | 'end' | 'hold' | 'release' | 'tell' | 'rest';

/**
 * What is to be done with a campaign at this instant. One that was approved and whose time went by while nobody looked
 * is missed: it takes nothing.
 */
export function nextCampaignStep(
  { state, startsAt, endsAt, liveAt }: CampaignTime & { readonly state: CampaignState; readonly liveAt?: number },
  now: number,
): CampaignStep {
  switch (state) {
    case 'approved':
      if (now < startsAt) return 'rest';
      return now < endsAt ? 'start' : 'miss';
    case 'live':
      return now < endsAt ? 'hold' : 'end';
    case 'ended':
      return liveAt === undefined ? 'tell' : 'release';
    case 'stopped':
      return 'release';
    case 'draft':
    case 'submitted':
    case 'cancelled':
      return 'rest';
  }
}
