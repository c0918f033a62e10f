import { outletOf } from '../../../test/builders/outlets';
import { L, positionOf, S } from '../../../test/builders/stock';
import { shownTarget, targetOf } from '../../../test/builders/targets';
import { roomFor, type OnShow } from './room-for';
import type { Target } from './target';

const [outlet, fresh] = [outletOf(L), outletOf(S)];
const hat = { ...positionOf({ exposure: { policy: 'strict' } }), moves: [], archived: false };

const beside = (target: Target, now: number): OnShow => ({
  positions: new Map([['hat', hat]]),
  outlets: [outlet, fresh],
  targets: new Map([
    [outlet.id, shownTarget(0)],
    [fresh.id, target],
  ]),
  countsReserved: () => false,
  now,
  skewMs: 1000,
});

describe('room beside a listing that nobody has read yet', () => {
  const unread = targetOf({ wanted: { units: 40, version: 7, at: 69_000 }, raiseSince: 60_000, due: 80_000 });

  it('is none for ten seconds', () => {
    expect(roomFor(outlet, beside(unread, 69_999))).toBe(-Infinity);
  });

  it('is all that is free after that, though its number changes with every sale', () => {
    expect(roomFor(outlet, beside(unread, 80_000))).toBe(100);
  });
});
