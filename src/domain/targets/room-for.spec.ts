import { outletOf } from '../../../test/builders/outlets';
import { L, positionOf, S, Z } from '../../../test/builders/stock';
import { shownTarget, targetOf } from '../../../test/builders/targets';
import type { Outlet } from '../numbers/publish';
import type { Move, Position } from '../stock/position';
import { isWithinPolicy, roomFor, roomOf, type OnShow } from './room-for';
import type { Target } from './target';

type Stocked = OnShow['positions'] extends ReadonlyMap<string, infer Each> ? Each : never;

const [own, beside, third] = [outletOf(L), outletOf(S), outletOf(Z)];
const stocked = (changes: Partial<Stocked> = {}): Stocked => ({
  ...{ ...positionOf({ exposure: { policy: 'strict' } }), moves: [], archived: false },
  ...changes,
});
const showing = (units: number, changes: Partial<Target> = {}) => shownTarget(units, { shop: S, ...changes });
const onShow = (targets: readonly (readonly [Outlet, Target])[], changes: Partial<OnShow> = {}): OnShow => ({
  positions: new Map([['hat', stocked()]]),
  outlets: targets.map(([outlet]) => outlet),
  targets: new Map(targets.map(([{ id }, target]) => [id, target])),
  countsReserved: () => false,
  now: 60_000,
  skewMs: 1000,
  ...changes,
});
const withHat = (changes: Partial<Stocked>) => ({ positions: new Map([['hat', stocked(changes)]]) });

describe('the room of a listing', () => {
  it('is what is free and not on show elsewhere; what it shows itself is not counted', () => {
    const on = onShow([
      [own, showing(50)],
      [beside, showing(30)],
      [third, showing(5)],
    ]);
    expect(roomFor(own, on)).toBe(65);
    expect(roomOf('hat', on)).toBe(15);
  });

  it('is more by the bound of its sku, and less than nothing where too much is exposed', () => {
    const bounded = withHat({ exposure: { policy: 'bounded', units: 7 }, onHand: 20 });
    expect(roomFor(own, onShow([[beside, showing(30)]], bounded))).toBe(-3);
    expect(roomFor(own, onShow([[beside, showing(30)]], withHat({ onHand: 5, committed: 9 })))).toBe(-30);
  });

  it('has no end where its sku is open, or was never heard of', () => {
    expect(roomFor(own, onShow([[beside, showing(30)]], withHat({ exposure: { policy: 'open' } })))).toBe(Infinity);
    expect(roomFor(own, onShow([], { positions: new Map() }))).toBe(Infinity);
  });

  it('is counted in whole sales of packs, on both sides', () => {
    const packs = outletOf(L, { parts: [{ sku: 'hat', units: 3 }] });
    const sixes = outletOf(S, { parts: [{ sku: 'hat', units: 6 }] });
    expect(roomFor(packs, onShow([[sixes, showing(10)]]))).toBe(13);
    expect(roomFor(own, onShow([[sixes, showing(10)]]))).toBe(40);
  });

  it('of a bundle is that of its scarcest part', () => {
    const parts = [
      { sku: 'hat', units: 1 },
      { sku: 'pin', units: 2 },
    ];
    const positions = new Map([
      ['hat', stocked()],
      ['pin', stocked({ onHand: 31 })],
    ]);
    expect(roomFor(outletOf(L, { parts }), onShow([[beside, showing(90)]], { positions }))).toBe(10);
    expect(roomFor(outletOf(L, { parts }), onShow([[beside, showing(5)]], { positions }))).toBe(15);
  });

  it('is not taken by listings of other skus, nor by those without a target', () => {
    const pins = outletOf(Z, { parts: [{ sku: 'pin', units: 1 }] });
    const on = onShow([[pins, showing(30, { skus: ['pin'] })]], { outlets: [pins, beside] });
    expect(roomFor(own, on)).toBe(100);
  });
});

describe('what buyers may see elsewhere', () => {
  const sold = (v: number, open = 3): Move =>
    ({
      ...{ id: `sale ${v}`, kind: 'order', v, at: 50_000, onHand: 100, committed: 3, shop: S },
      shown: [{ listing: beside.listing, units: -3, open, at: 50_000 }],
    }) satisfies Move;
  const target = showing(30, { listing: beside.listing });
  const room = (changes: Partial<Stocked>, known: Target = target, rest: Partial<OnShow> = {}) =>
    roomFor(own, onShow([[beside, known]], { ...withHat(changes), ...rest }));

  it('is less by sales that its target does not count yet, and by each once', () => {
    expect(room({ moves: [sold(2)] })).toBe(73);
    expect(room({ moves: [sold(1)] })).toBe(70);
    expect(room({ moves: [{ ...sold(2), shop: Z }] })).toBe(70);
  });

  it('of a listing that was never planned has heard of none', () => {
    expect(room({ moves: [sold(2)] }, { ...target, planned: [] })).toBe(70);
  });

  it('is not known where such moves may be in the archive already', () => {
    expect(room({ moves: [sold(3)], archived: true })).toBe(-Infinity);
    expect(room({ moves: [sold(1), sold(3)], archived: true })).toBe(73);
    expect(room({ moves: [sold(2)], archived: true }, { ...target, planned: [{ sku: 'hat', v: 2 }] })).toBe(70);
    expect(room({ moves: [], archived: true })).toBe(70);
  });

  it('is more by what left, where its channel takes reserved units off a number that was written after', () => {
    const later = { ...target, acknowledged: { units: 30, version: 1, at: 55_000 } };
    const left = { moves: [sold(2, -3)] };
    expect(room(left, later)).toBe(70);
    expect(room(left, later, { countsReserved: ({ shop }) => shop === S })).toBe(67);
  });

  it('is all that a call in flight may have made of it', () => {
    expect(room({}, { ...target, sent: { units: 44, version: 2, at: 59_000 } })).toBe(56);
  });
});

describe('room beside a listing that nobody has read yet', () => {
  const unread = targetOf({ wanted: { units: 40, version: 7, at: 69_000 }, raiseSince: 60_000, due: 80_000 });
  const room = (target: Target, now = 69_999) => roomFor(own, onShow([[beside, target]], { now }));

  it('is none for ten seconds', () => {
    expect(room(unread)).toBe(-Infinity);
    expect(room({ ...unread, acknowledged: { units: 4, version: 1, at: 1 } })).toBe(96);
  });

  it('is all that is free after that, though its number changes with every sale', () => {
    expect(room(unread, 70_000)).toBe(100);
    expect(room(unread, 80_000)).toBe(100);
  });

  it('is all that is free where it is not read: it is refused, or nothing is to be written', () => {
    const { due: _due, ...resting } = unread;
    expect(room(resting)).toBe(100);
    expect(room({ ...unread, refusal: { code: 'no', message: 'no', at: 1 } })).toBe(100);
    const { raiseSince: _since, ...old } = unread;
    expect([room(old, 9999), room(old, 10_000)]).toEqual([-Infinity, 100]);
  });
});

describe('a policy', () => {
  const shown = (units: number, changes: Partial<Position> = {}) =>
    isWithinPolicy(own, onShow([[own, showing(units)]], withHat(changes)));

  it('holds while no more is on show than is free and its bound, the listing itself counted', () => {
    expect([shown(100), shown(101)]).toEqual([true, false]);
    const bounded = { exposure: { policy: 'bounded', units: 4 } } as const;
    expect([shown(104, bounded), shown(105, bounded)]).toEqual([true, false]);
  });

  it('is asked of every part', () => {
    const parts = [
      { sku: 'cap', units: 1 },
      { sku: 'hat', units: 1 },
    ];
    const positions = new Map([
      ['cap', stocked({ exposure: { policy: 'open' } })],
      ['hat', stocked({ onHand: 9 })],
    ]);
    const bundle = outletOf(L, { parts });
    expect(isWithinPolicy(bundle, onShow([[bundle, showing(10)]], { positions }))).toBe(false);
    expect(isWithinPolicy(bundle, onShow([[bundle, showing(9)]], { positions }))).toBe(true);
  });
});
