import { CAMPAIGN_STATES, type CampaignState } from './campaign';
import { pressCampaign, type CampaignButton } from './press-campaign';

const after = (button: CampaignButton, needsSecond = true): Partial<Record<CampaignState, CampaignState>> =>
  Object.fromEntries(
    CAMPAIGN_STATES.flatMap((state) => {
      const next = pressCampaign(state, button, needsSecond);
      return next === undefined ? [] : [[state, next]];
    }),
  );

describe('a button of a campaign', () => {
  it.each<readonly [CampaignButton, ReturnType<typeof after>]>([
    ['edit', { draft: 'draft' }],
    ['submit', { draft: 'submitted' }],
    ['send-back', { submitted: 'draft' }],
    ['approve', { submitted: 'approved' }],
    ['cancel', { draft: 'cancelled', submitted: 'cancelled', approved: 'cancelled' }],
    ['stop', { live: 'stopped' }],
  ])('%s leads from these states to those, and from no other', (button, states) => {
    expect(after(button)).toEqual(states);
  });

  it('submit approves at once where no second person is needed', () => {
    expect(after('submit', false)).toEqual({ draft: 'approved' });
  });
});
