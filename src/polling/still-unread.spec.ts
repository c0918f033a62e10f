import type { Order } from '../domain';
import { stillUnread } from './still-unread';

const order = {} as Order;

describe('orders of a list that could not be read', () => {
  it('are kept since the first time, with the latest reason', () => {
    const first = stillUnread([], [{ externalId: 'a', kind: 'unread', why: 'no answer' }], 100);
    expect(stillUnread(first, [{ externalId: 'a', kind: 'unread', why: 'nonsense' }], 200)).toEqual([
      { externalId: 'a', since: 100, why: 'nonsense' },
    ]);
  });

  it('go when they were read, or refused for good; others stay', () => {
    const known = ['a', 'b', 'c'].map((externalId) => ({ externalId, since: 1, why: '' }));
    const left = stillUnread(
      known,
      [
        { externalId: 'a', kind: 'same', order },
        { externalId: 'b', kind: 'refused', why: 'unknown status' },
      ],
      200,
    );
    expect(left.map(({ externalId }) => externalId)).toEqual(['c']);
  });
});
