import * as fc from 'fast-check';
import { L, numbersOf, positionOf, quotaOf, S, SHOPS } from '../../../test/builders/stock';
import { draw } from './draw';
import { giveBack } from './give-back';

describe('giving back', () => {
  it('takes the end of the list first: the pool before the own quota', () => {
    const quota = quotaOf({ id: 'q', shop: S, quantity: 5 });
    const drawn = draw(positionOf({ quotas: [quota] }), S, 8);
    const { parts, position } = giveBack(drawn.position, drawn.parts, 5);
    expect(parts).toEqual([{ from: 'quota', quota: 'q', units: 3 }]);
    expect(position).toMatchObject({ committed: 3, quotas: [{ remaining: 2 }] });
  });

  it("returns to another shop's quota what was eaten of it", () => {
    const quota = quotaOf({ id: 'q', shop: L, quantity: 15 });
    const drawn = draw(positionOf({ onHand: 20, quotas: [quota] }), S, 10);
    const { position } = giveBack(drawn.position, drawn.parts, 10);
    expect(position).toMatchObject({ committed: 0, quotas: [{ remaining: 15, lost: 0 }] });
  });

  it('gives to the pool what came from a quota that lives no more', () => {
    const quota = quotaOf({ id: 'q', shop: L, quantity: 15 });
    const drawn = draw(positionOf({ quotas: [quota] }), L, 10);
    const { position } = giveBack({ ...drawn.position, quotas: [] }, drawn.parts, 10);
    expect(position).toMatchObject({ committed: 0, quotas: [] });
  });

  it('gives back no more than was drawn', () => {
    const drawn = draw(positionOf(), L, 4);
    expect(giveBack(drawn.position, drawn.parts, 9)).toMatchObject({ position: { committed: 0 }, parts: [] });
  });

  it('leaves exactly what the smaller order takes', () => {
    const quotas = fc
      .array(fc.record({ shop: fc.constantFrom(...SHOPS), remaining: fc.nat({ max: 20 }) }), { maxLength: 5 })
      .map((list) => list.map((each, at) => quotaOf({ id: `q${at}`, quantity: 20, ...each })));
    const position = fc.record({ onHand: fc.integer({ min: -5, max: 60 }), committed: fc.nat({ max: 20 }), quotas });
    const sale = fc.record({
      shop: fc.constantFrom(...SHOPS),
      units: fc.nat({ max: 60 }),
      cancelled: fc.nat({ max: 60 }),
    });
    fc.assert(
      fc.property(position, sale, (numbers, { shop, units, cancelled }) => {
        fc.pre(cancelled <= units);
        const before = positionOf(numbers);
        const whole = draw(before, shop, units);
        const left = giveBack(whole.position, whole.parts, cancelled);
        const smaller = draw(before, shop, units - cancelled);
        expect(left.parts).toEqual(smaller.parts);
        expect(numbersOf(left.position)).toEqual(numbersOf(smaller.position));
      }),
    );
  });
});
