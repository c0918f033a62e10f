import { positionIdOf, targetIdOf, type ListingId, type SellerId } from '../../src/domain';
import { StockDoor } from '../../src/platform/doors';
import { PlanService } from '../../src/push/plan.service';
import { ListingsStore } from '../../src/store/listings.store';
import { ShopsStore } from '../../src/store/shops.store';
import { TargetsStore } from '../../src/store/targets.store';
import { listingRecord, newShop } from '../builders/records';
import { makePlace, openRooms, type Rooms } from '../support/rooms/open-rooms';
import { TestChannel } from '../support/rooms/test-channel';

const seller = 'seller' as SellerId;
const [KEEPER, OTHER] = ['keeper', 'other'] as const;
const stops: (() => Promise<void>)[] = [];
let rooms: Rooms;

beforeAll(async () => {
  const place = await makePlace();
  stops.unshift(place.remove);
  rooms = await openRooms({ place, connectors: [new TestChannel('pretend').connector()] });
  stops.unshift(rooms.close);
  const [hat, scarf] = [
    { sku: 'hat', units: 1 },
    { sku: 'scarf', units: 1 },
  ];
  for (const [shop, rules, parts] of [
    [KEEPER, { lastUnits: 5 }, [hat, scarf]],
    [OTHER, {}, [hat]],
  ] as const) {
    await rooms.get(ShopsStore).insert(newShop({ seller, shop, app: 'pretend', channel: 'pretend' }, { rules }));
    await rooms.get(ListingsStore).put(listingRecord({ seller, shop, listing: 'listing' }, parts));
  }
});
afterAll(async () => {
  for (const stop of stops) await stop();
});

async function count(sku: string, onHand: number): Promise<void> {
  const wish = { id: `count ${sku} ${onHand}`, onHand, reason: 'counted', by: 'test' };
  await rooms.get(StockDoor).count(seller, sku, wish);
  await rooms.get(PlanService).plan([positionIdOf(seller, sku)]);
}

async function wanted(): Promise<readonly (number | undefined)[]> {
  const ids = [KEEPER, OTHER].map((shop) => targetIdOf(seller, shop as never, 'listing' as ListingId));
  const targets = await rooms.get(TargetsStore).readMany(ids);
  return ids.map((id) => targets.get(id)?.wanted?.units);
}

describe('the last hats that a shop keeps for its bundle with a scarf', () => {
  it('are shown by the others when the last scarf goes, and kept again when scarfs come', async () => {
    await count('scarf', 9);
    await count('hat', 3);
    expect(await wanted()).toEqual([3, 0]);
    await count('scarf', 0);
    expect(await wanted()).toEqual([0, 3]);
    await count('scarf', 2);
    expect(await wanted()).toEqual([2, 0]);
  });
});
