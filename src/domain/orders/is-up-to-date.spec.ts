import { isUpToDate } from './is-up-to-date';

const AT = 1_700_000_000_000;
const SETTLE = 6000;

describe('an order that a list names', () => {
  it('is up to date when it was read after its second, in the state of that instant', () => {
    expect(isUpToDate({ updatedAt: AT, readAt: AT + SETTLE + 1 }, AT, SETTLE)).toBe(true);
  });

  it('is not while another change could still have the same instant', () => {
    for (const readAt of [AT - 1000, AT, AT + 999, AT + SETTLE]) {
      expect(isUpToDate({ updatedAt: AT, readAt }, AT, SETTLE)).toBe(false);
    }
  });

  it('is not when the list names another instant, later or earlier, or nobody knows when it was read', () => {
    for (const listedAt of [AT + 1000, AT - 1000]) {
      expect(isUpToDate({ updatedAt: AT, readAt: AT + SETTLE + 1 }, listedAt, SETTLE)).toBe(false);
    }
    expect(isUpToDate({ updatedAt: AT }, AT, SETTLE)).toBe(false);
  });
});
