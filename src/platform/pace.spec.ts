import { Pace } from './pace';

describe('Pace', () => {
  it('leaves waits as they are at factor one', () => {
    expect(new Pace(1).of(0.4)).toBe(0.4);
  });

  it('divides them by its factor, to whole milliseconds and never to nothing', () => {
    const pace = new Pace(144);
    expect([86_400_000, 1000, 10].map((ms) => pace.of(ms))).toEqual([600_000, 7, 1]);
  });
});
