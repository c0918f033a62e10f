import type { CampaignState, CampaignTime } from './campaign';

/**
 * `start`, `miss` and `end` change the campaign's state; `hold` and `release` bring its items to it; `rest` until
 * somebody, or the clock, changes something.
 */
export type CampaignStep = 'start' | 'miss' | 'end' | 'hold' | 'release' | 'rest';

/**
 * What is to be done with a campaign at this instant. One that was approved and whose time went by while nobody looked
 * is missed: it takes nothing.
 */
export function nextCampaignStep(
  { state, startsAt, endsAt }: CampaignTime & { readonly state: CampaignState },
  now: number,
): CampaignStep {
  switch (state) {
    case 'approved':
      if (now < startsAt) return 'rest';
      return now < endsAt ? 'start' : 'miss';
    case 'live':
      return now < endsAt ? 'hold' : 'end';
    case 'ended':
    case 'stopped':
      return 'release';
    case 'draft':
    case 'submitted':
    case 'cancelled':
      return 'rest';
  }
}
