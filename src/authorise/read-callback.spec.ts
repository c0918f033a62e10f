import { readCallback } from './read-callback';

const state = 's'.repeat(43);

describe('the query of a callback', () => {
  it('is its state, and the rest for the connector', () => {
    expect(readCallback({ state, code: 'c', shop_id: '7' })).toEqual({
      kind: 'answer',
      state,
      query: { code: 'c', shop_id: '7' },
    });
  });

  it('that names an error is a no', () => {
    expect(readCallback({ state, error: 'access_denied', code: 'c' })).toEqual({ kind: 'denied', state });
  });

  it.each([
    ['has no state', { code: 'c' }],
    ['has a state of another length', { state: 's'.repeat(42) }],
    ['has a state with other characters', { state: `${'s'.repeat(42)}<` }],
    ['names a field twice', { state, code: ['a', 'b'] }],
    ['has a long value', { state, code: 'c'.repeat(2049) }],
    ['has a long name', { state, ['n'.repeat(65)]: '' }],
    ['has many fields', { state, ...Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`f${at}`, ''])) }],
  ])('that %s is unreadable', (_, query) => {
    expect(readCallback(query)).toEqual({ kind: 'unreadable' });
  });
});
