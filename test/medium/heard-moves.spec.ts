import { positionIdOf, type ListingId, type SellerId } from '../../src/domain';
import { GroupCommitService } from '../../src/ledger/group-commit.service';
import { PlanService } from '../../src/push/plan.service';
import { ListingsStore } from '../../src/store/listings.store';
import { PositionsStore } from '../../src/store/positions.store';
import { ShopsStore } from '../../src/store/shops.store';
import { TargetsStore } from '../../src/store/targets.store';
import { listingRecord, newShop } from '../builders/records';
import { countWish, L, orderWish } from '../builders/stock';
import { makePlace, openRooms, type Rooms } from '../support/rooms/open-rooms';

const stops: (() => Promise<void>)[] = [];
const seller = 'seller' as SellerId;
let rooms: Rooms;

beforeAll(async () => {
  const place = await makePlace();
  stops.unshift(place.remove);
  rooms = await openRooms({ place });
  stops.unshift(rooms.close);
  await rooms.get(ShopsStore).insert(newShop({ seller, shop: L, app: 'app', channel: 'pretend' }));
});
afterAll(async () => {
  for (const stop of stops) await stop();
});

const plan = (sku: string) => rooms.get(PlanService).plan([positionIdOf(seller, sku)]);
const openUnits = async (sku: string) => (await rooms.get(TargetsStore).bySkus(seller, [sku]))[0]?.openUnits;

async function stockUp(sku: string): Promise<void> {
  await rooms.get(ListingsStore).put(listingRecord({ seller, shop: L, listing: sku }, [{ sku, units: 1 }]));
  await rooms.get(GroupCommitService).ask(seller, sku, countWish(1000));
  await plan(sku);
}

/** Sales of one unit each, all in one swap. */
async function sell(sku: string, sales: { much: number; prefix: string }): Promise<void> {
  const wishes = Array.from({ length: sales.much }, (_, at) => {
    const sold = [{ listing: sku as ListingId, units: 1, open: 1 }];
    return orderWish({ id: `${sales.prefix}-${at}` }, { held: 1 }, { sold });
  });
  await Promise.all(wishes.map((wish) => rooms.get(GroupCommitService).ask(seller, sku, wish)));
}

describe('a listing that is planned after many sales', () => {
  it('hears of those that are with the position', async () => {
    await stockUp('few');
    await sell('few', { much: 60, prefix: 'o' });
    await plan('few');
    expect(await openUnits('few')).toBe(60);
  });

  it('hears of those that are in the archive', async () => {
    await stockUp('many');
    for (let turn = 0; turn < 4; turn += 1) await sell('many', { much: 60, prefix: `o-${turn}` });
    await plan('many');
    expect(await openUnits('many')).toBe(240);
  });

  it('hears of those of a swap whose moves are half in the archive', async () => {
    await stockUp('half');
    await sell('half', { much: 60, prefix: 'o' });
    await sell('half', { much: 20, prefix: 'p' });
    const position = await rooms.get(PositionsStore).find(positionIdOf(seller, 'half'));
    expect(position).toMatchObject({ archived: true, handled: 1 });
    expect(position?.moves[0]?.v).toBe(2);
    await plan('half');
    expect(await openUnits('half')).toBe(80);
  });
});

describe('a listing that is mapped to another sku while orders of it are open', () => {
  const map = (listing: string, sku: string, v: number) =>
    rooms.get(ListingsStore).put({ ...listingRecord({ seller, shop: L, listing }, [{ sku, units: 1 }]), v });
  const change = (listing: string, state: { sku: string; id: string; stockV: number; open: number }) => {
    const { sku, id, stockV, open } = state;
    const sold = open === 0 ? [] : [{ listing: listing as ListingId, units: open, open }];
    return rooms.get(GroupCommitService).ask(seller, sku, orderWish({ id, stockV }, { held: open }, { sold }));
  };

  it('hears what becomes of them, and of each once, mapped back or not', async () => {
    await stockUp('shirt');
    await sell('shirt', { much: 3, prefix: 's' });
    await plan('shirt');
    await map('shirt', 'blouse', 2);
    await rooms.get(GroupCommitService).ask(seller, 'blouse', countWish(50));
    await plan('blouse');
    expect(await openUnits('blouse')).toBe(3);

    await change('shirt', { sku: 'shirt', id: 's-0', stockV: 2, open: 0 });
    await plan('shirt');
    await plan('shirt');
    expect(await openUnits('blouse')).toBe(2);
    await change('shirt', { sku: 'blouse', id: 'b-0', stockV: 1, open: 1 });
    await plan('blouse');
    expect(await openUnits('blouse')).toBe(3);

    await map('shirt', 'shirt', 3);
    await plan('shirt');
    expect(await openUnits('shirt')).toBe(3);
    await change('shirt', { sku: 'blouse', id: 'b-0', stockV: 2, open: 0 });
    await plan('blouse');
    expect(await openUnits('shirt')).toBe(2);
  });
});
