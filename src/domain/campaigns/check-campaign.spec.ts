import { L, positionOf, quotaOf, S } from '../../../test/builders/stock';
import { checkCampaign, type CampaignGround, type RivalItem } from './check-campaign';

const items = [
  { sku: 'A', shop: L, quantity: 60 },
  { sku: 'A', shop: S, quantity: 40 },
];
const ground = (changes: Partial<CampaignGround> = {}): CampaignGround => ({
  positions: new Map([['A', positionOf()]]),
  listed: new Set(['L|A', 'S|A']),
  rivals: [],
  over: new Set(),
  ...changes,
});
const rival = (changes: Partial<RivalItem> = {}): RivalItem => ({
  ...{ campaign: 'other', sku: 'A', shop: S, quantity: 10, isHeld: false },
  ...changes,
});

describe('the checks of a campaign', () => {
  it('find nothing where the shops list the sku and there is stock for all of them', () => {
    expect(checkCampaign(items, ground())).toEqual([]);
  });

  it('find a sku whose shops together ask for more than the pool has', () => {
    const positions = new Map([['A', positionOf({ safetyBuffer: 1 })]]);
    expect(checkCampaign(items, ground({ positions }))).toEqual([
      { check: 'stock', sku: 'A', asked: 100, available: 99 },
    ]);
  });

  it('find a sku that was never counted', () => {
    expect(checkCampaign(items, ground({ positions: new Map() }))).toMatchObject([{ check: 'stock', available: 0 }]);
  });

  it('find each shop that does not list the sku', () => {
    expect(checkCampaign(items, ground({ listed: new Set(['L|A']) }))).toEqual([
      { check: 'unlisted', sku: 'A', shop: S },
    ]);
  });

  it('count what another campaign will hold at the same time, once: held units are quotas already', () => {
    const rivals = [rival({ shop: L, quantity: 5 }), rival({ quantity: 10, isHeld: true })];
    const positions = new Map([['A', positionOf({ quotas: [quotaOf({ id: 'q', campaign: 'other' })] })]]);
    const [stock, ...overlap] = checkCampaign(items, ground({ positions, rivals }));
    expect(stock).toEqual({ check: 'stock', sku: 'A', asked: 100, available: 85 });
    expect(overlap).toEqual([
      { check: 'overlap', sku: 'A', shop: L, campaign: 'other' },
      { check: 'overlap', sku: 'A', shop: S, campaign: 'other' },
    ]);
  });

  it('count stock as free that is held by a campaign which is over before', () => {
    const positions = new Map([['A', positionOf({ quotas: [quotaOf({ id: 'q', campaign: 'early' })] })]]);
    expect(checkCampaign(items, ground({ positions, over: new Set(['early']) }))).toEqual([]);
    expect(checkCampaign(items, ground({ positions }))).toMatchObject([{ available: 90 }]);
  });

  it('tell no overlap where another shop holds the sku, but count what it will take', () => {
    const [only] = items;
    const rivals = [rival({ quantity: 41 })];
    expect(checkCampaign(only ? [only] : [], ground({ rivals }))).toEqual([
      { check: 'stock', sku: 'A', asked: 60, available: 59 },
    ]);
  });
});
