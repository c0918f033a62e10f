import type { CampaignState } from './campaign';
import { nextCampaignStep, type CampaignStep } from './next-campaign-step';

describe('the next step of a campaign from 10 to 20', () => {
  const cases: readonly (readonly [CampaignState, number, CampaignStep])[] = [
    ['draft', 15, 'rest'],
    ['submitted', 15, 'rest'],
    ['cancelled', 15, 'rest'],
    ['approved', 9, 'rest'],
    ['approved', 10, 'start'],
    ['approved', 19, 'start'],
    ['approved', 20, 'miss'],
    ['live', 10, 'hold'],
    ['live', 19, 'hold'],
    ['live', 20, 'end'],
    ['live', 99, 'end'],
    ['stopped', 12, 'release'],
  ];

  it.each(cases)('%s at %i: %s', (state, now, step) => {
    expect(nextCampaignStep({ state, startsAt: 10, endsAt: 20 }, now)).toBe(step);
  });

  it('is to give back what one held that was live, and to tell of one that never was', () => {
    const ended = { state: 'ended', startsAt: 10, endsAt: 20 } as const;
    expect(nextCampaignStep({ ...ended, liveAt: 10 }, 20)).toBe('release');
    expect(nextCampaignStep(ended, 20)).toBe('tell');
  });
});
