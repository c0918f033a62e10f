import type { SellerId, ShopId } from '../../../src/domain';
import { CampaignItemsStore } from '../../../src/store/campaign-items.store';
import { BY_HUB, CampaignsStore, type CampaignRecord } from '../../../src/store/campaigns.store';
import { PositionsStore } from '../../../src/store/positions.store';
import { SkusStore } from '../../../src/store/skus.store';
import type { Query } from './queries';

const seller = 'mine' as SellerId;
const shop = 'shop-0' as ShopId;
const limit = 50;
const soon = 1_000_000;
/** A campaign has nine items in a list of its own; one has a tenth of all that there are. */
const list = { seller, campaign: 'c00050', list: 'list-50' };
const wide = { seller, campaign: 'wide', list: 'wide' };
const asRead = { id: 'c00070', seller, v: 1, entries: 1 } as CampaignRecord;
const item = { sku: 's00503', shop: 'shop-2' as ShopId };
const entry = { at: 1, by: BY_HUB, did: 'edited' } as const;

export const CAMPAIGN_QUERIES: readonly Query[] = [
  ['a campaign', (rooms) => rooms.get(CampaignsStore).find(seller, 'c00005')],
  ['the log of a campaign', (rooms) => rooms.get(CampaignsStore).activity(seller, 'c00005')],
  ['campaigns that are due', (rooms) => rooms.get(CampaignsStore).dueBefore(soon, limit)],
  ['the newest campaigns', (rooms) => rooms.get(CampaignsStore).list(seller, { limit })],
  ['older campaigns', (rooms) => rooms.get(CampaignsStore).list(seller, { limit, before: 'c00500' })],
  ['campaigns in a state', (rooms) => rooms.get(CampaignsStore).list(seller, { state: 'ended', limit })],
  ['a campaign settled', (rooms) => rooms.get(CampaignsStore).settle(asRead, { tries: 0 })],
  ['a campaign moved on by another', (rooms) => rooms.get(CampaignsStore).swap({ ...asRead, v: 0 }, { due: 1 }, entry)],
  ['the items of a campaign', (rooms) => rooms.get(CampaignItemsStore).all(list)],
  ['a page of items', (rooms) => rooms.get(CampaignItemsStore).page(list, { after: item, limit: 3 })],
  ['items that hold nothing', (rooms) => rooms.get(CampaignItemsStore).inState(list, { state: 'pending', limit })],
  ['items of skus', (rooms) => rooms.get(CampaignItemsStore).ofSkus(list, ['s00503', 's00900', 'none'])],
  ['the skus of a campaign', (rooms) => rooms.get(CampaignItemsStore).skusFrom(wide, { from: undefined, limit: 5 })],
  [
    'the skus of a campaign in a shop',
    (rooms) => rooms.get(CampaignItemsStore).skusFrom(wide, { shop, from: 's00600', limit: 5 }),
  ],
  ['items marked', (rooms) => rooms.get(CampaignItemsStore).mark(list, [{ item, fate: { state: 'held', held: 1 } }])],
  ['no other lists of a campaign', (rooms) => rooms.get(CampaignItemsStore).removeOthers(list)],
  ['numbers without moves', (rooms) => rooms.get(PositionsStore).readNumbers(seller, ['s1', 's2', 'none'])],
  ['some of these skus', (rooms) => rooms.get(SkusStore).list(seller, { limit, among: ['s300', 's4'] })],
];
