import * as fc from 'fast-check';
import type { AppAccess } from '../kit';
import created from './fixtures/push-order-created.json';
import changed from './fixtures/push-status-changed.json';
import { hint } from './hint';
import { verify } from './verify';

const app: AppAccess = { key: 'k', secrets: [], hookUrl: 'https://hub.example/hooks/zalora/app-1' };
const NOW = 1_700_000_000_000;
const HOUR = 3_600_000;
const verdictOf = (body: string, now = NOW) => verify({ bytes: Buffer.from(body), headers: {} }, app, now);

function keyOf(body: unknown, now = NOW): string {
  const verdict = verdictOf(JSON.stringify(body), now);
  return verdict.kind === 'accepted' ? verdict.key : verdict.kind;
}
const status = (payload: object) => ({ ...changed, payload: { ...changed.payload, ...payload } });

describe('verify', () => {
  it('accepts by the address alone, without naming a shop', () => {
    expect(verdictOf(JSON.stringify(created))).toEqual({
      kind: 'accepted',
      key: expect.stringMatching(/^[0-9a-f]{64}\|\d+$/) as string,
    });
  });

  it('gives one key to the same news, whatever the order and type of its ids', () => {
    const same = status({ OrderId: '1900321', OrderItemIds: [2200101, 2200102] });
    expect(keyOf(same)).toBe(keyOf(changed));
    expect(JSON.stringify(same)).not.toBe(JSON.stringify(changed));
  });

  it.each([
    ['order', { OrderId: 1900322 }],
    ['items', { OrderItemIds: ['2200101'] }],
    ['status', { NewStatus: 'shipped' }],
  ])('gives another key to another %s', (_name, payload) => {
    expect(keyOf(status(payload))).not.toBe(keyOf(changed));
  });

  it('gives another key to another event, and an hour later', () => {
    expect(keyOf({ ...changed, event: 'onReturnStatusChanged' })).not.toBe(keyOf(changed));
    expect(keyOf(changed, NOW + HOUR)).not.toBe(keyOf(changed));
  });

  it('keys what names no order by its bytes', () => {
    expect(verdictOf('{"event":"onFeedCreated","payload":{"Feed":"a"}}')).not.toEqual(
      verdictOf('{"event":"onFeedCreated","payload":{"Feed":"b"}}'),
    );
    expect(verdictOf('')).toMatchObject({ kind: 'accepted' });
  });

  it('never throws, and keeps its keys short', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (body) => {
        const verdict = verdictOf(body);
        expect(verdict.kind === 'accepted' && verdict.key.length).toBeLessThan(100);
        expect(['order', 'ignored', 'unreadable']).toContain(hint(Buffer.from(body)).kind);
      }),
    );
  });
});
