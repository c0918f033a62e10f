import { Refusal } from './http/call';
import type { Change } from './order';
import { shown, total, type Channel, type Listing } from './shop';
import { createWorld, type World } from './world';

const NOBODY = { name: '', phone: '', city: '', email: '' };
const TERMS = {
  unpaid: false,
  fulfilledByMarketplace: false,
  buyer: NOBODY,
  money: { discountSeller: 0, discountChannel: 0, shipping: 0 },
};

function stocked(channel: Channel, quantity = 10): { world: World; listing: Listing } {
  const world = createWorld();
  const app = world.market.addApp({ channel, key: '1', secret: 's', hookUrl: undefined });
  const shop = world.market.addShop(app, { id: '1', name: 'One', region: 'SG', currency: 'SGD' });
  return { world, listing: world.market.addListing(shop, { sku: 'A', quantity, priceHundredths: 100 }) };
}

function numbers(listing: Listing): [number, number, number, number] {
  return [shown(listing), total(listing), listing.withheld, listing.occupied];
}

describe('a listing on Lazada', () => {
  it('shows what the documented table says: [sellable, real, withhold, occupy]', () => {
    const { world, listing } = stocked('lazada');
    const order = world.trade.place(listing.shop, [{ listing, units: 1 }], { ...TERMS, unpaid: true });
    expect(numbers(listing)).toEqual([9, 10, 1, 0]);
    world.trade.move(order, 'paid');
    expect(numbers(listing)).toEqual([9, 10, 0, 1]);
    world.trade.move(order, 'ready');
    expect(numbers(listing)).toEqual([9, 9, 0, 0]);
    world.clock.clear();
  });

  it('gets a cancelled unit back', () => {
    const { world, listing } = stocked('lazada');
    const order = world.trade.place(listing.shop, [{ listing, units: 3 }], TERMS);
    world.trade.move(order, 'cancelled', new Map([['A', 1]]));
    expect(numbers(listing)).toEqual([8, 10, 0, 2]);
    world.trade.move(order, 'cancelled');
    expect(numbers(listing)).toEqual([10, 10, 0, 0]);
  });

  it('gets unpaid units back after 30 simulated minutes', async () => {
    const { world, listing } = stocked('lazada');
    world.clock.setFactor(60_000);
    const order = world.trade.place(listing.shop, [{ listing, units: 2 }], { ...TERMS, unpaid: true });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(numbers(listing)).toEqual([10, 10, 0, 0]);
    expect(order.units.every((unit) => unit.state === 'cancelled')).toBe(true);
  });
});

describe('a listing on Zalora', () => {
  it('reserves until shipped', () => {
    const { world, listing } = stocked('zalora');
    const order = world.trade.place(listing.shop, [{ listing, units: 2 }], TERMS);
    world.trade.move(order, 'ready');
    expect(numbers(listing)).toEqual([8, 10, 0, 2]);
    world.trade.move(order, 'shipped');
    expect(numbers(listing)).toEqual([8, 8, 0, 0]);
  });
});

describe('an order', () => {
  it('is refused when the listing shows too little, and changes nothing', () => {
    const { world, listing } = stocked('shopee', 1);
    const twice = [
      { listing, units: 1 },
      { listing, units: 1 },
    ];
    expect(() => world.trade.place(listing.shop, twice, TERMS)).toThrow(Refusal);
    expect(shown(listing)).toBe(1);
  });

  it('cannot be cancelled once shipped, nor returned before', () => {
    const { world, listing } = stocked('shopee');
    const order = world.trade.place(listing.shop, [{ listing, units: 1 }], TERMS);
    expect(() => world.trade.move(order, 'returned')).toThrow(Refusal);
    world.trade.move(order, 'shipped');
    expect(() => world.trade.move(order, 'cancelled')).toThrow(Refusal);
    world.trade.move(order, 'returned');
    expect(shown(listing)).toBe(9);
  });

  it('that the marketplace fulfils leaves the number and the count alone', () => {
    const { world, listing } = stocked('lazada', 0);
    world.trade.place(listing.shop, [{ listing, units: 4 }], { ...TERMS, fulfilledByMarketplace: true });
    expect(numbers(listing)).toEqual([0, 0, 0, 0]);
    expect(world.market.tally.report('A')[0]).toMatchObject({ sold: 0 });
  });

  it('eats a lock first, and a cancellation gives it back', () => {
    const { world, listing } = stocked('lazada');
    world.market.lock('lazada', 6);
    const order = world.trade.place(listing.shop, [{ listing, units: 2 }], TERMS);
    expect([listing.sellable, listing.locked]).toEqual([8, 4]);
    world.trade.move(order, 'cancelled');
    expect([listing.sellable, listing.locked]).toEqual([10, 6]);
  });

  it('tells each change once, with the units that changed', () => {
    const told: Change[] = [];
    const { world, listing } = stocked('zalora');
    jest.spyOn(world.pushes(), 'tell').mockImplementation((change) => (told.push(change), []));
    const order = world.trade.place(listing.shop, [{ listing, units: 3 }], TERMS);
    world.trade.move(order, 'shipped', new Map([['A', 1]]));
    expect(told.map((change) => [change.kind, change.units.length])).toEqual([
      ['placed', 3],
      ['shipped', 1],
    ]);
  });
});

describe('a shop', () => {
  it('remembers 100,000 orders and forgets the oldest', () => {
    const { world, listing } = stocked('shopee');
    const first = world.trade.place(listing.shop, [{ listing, units: 1 }], TERMS);
    for (let i = 1; i < 100_000; i += 1) listing.shop.orders.set(`old ${i}`, first);
    world.trade.place(listing.shop, [{ listing, units: 1 }], TERMS);
    expect(listing.shop.orders.size).toBe(100_000);
    expect(listing.shop.orders.has(first.id)).toBe(false);
  });
});

describe('the tally', () => {
  it('counts packs in the seller’s own units over all channels', () => {
    const { world, listing } = stocked('lazada', 5);
    const pack = world.market.addListing(listing.shop, {
      sku: 'A-3',
      quantity: 2,
      priceHundredths: 250,
      contains: [{ sku: 'A', units: 3 }],
    });
    world.trade.place(listing.shop, [{ listing: pack, units: 2 }], TERMS);
    const order = world.trade.place(listing.shop, [{ listing, units: 1 }], TERMS);
    expect(world.market.tally.report('A')[0]).toMatchObject({ sold: 7, existed: 6, oversold: 1 });
    world.trade.move(order, 'cancelled');
    expect(world.market.tally.report('A')[0]).toMatchObject({ sold: 6, oversold: 0, oversoldPeak: 1 });
    world.market.tally.state('A', 4);
    expect(world.market.tally.report('A')[0]).toMatchObject({ existed: 4, existedFrom: 'stated', oversold: 2 });
  });
});
