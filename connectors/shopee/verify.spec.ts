import * as fc from 'fast-check';
import { hmacHex, type AppAccess } from '../kit';
import ping from './fixtures/push-ping.json';
import orderStatus from './fixtures/push-order-status.json';
import { hint } from './hint';
import { keyOfPush, verify } from './verify';

/** [S9] Shopee's own sample body, spaces included, with a recomputed signature. */
const SAMPLE =
  '{"shop_id": 123, "code": 1, "success": 1, "extra": "shop_id 123 is authorized successfully", "data": {"more_info": "more info"}, "timestamp": 1470198856}';
const SAMPLE_SIGNATURE = '501aac61724c5ebfcbf8759d47a4e155ad45f4e1f766e5407a2a9c05ac76c950';
const KEY = 'chave-de-teste-nao-e-credencial';
const app: AppAccess = { key: '123456', secrets: [KEY], hookUrl: 'http://www.example.com/example/uri' };
const NOW = 1_700_000_000_000;

const push = (body: string, authorization?: string) => ({
  bytes: Buffer.from(body),
  headers: authorization === undefined ? {} : { authorization },
});
const signed = (body: string, secret = KEY) => push(body, hmacHex(secret, app.hookUrl, '|', body));

describe('verify', () => {
  it('accepts the documented vector', () => {
    const verdict = verify(push(SAMPLE, SAMPLE_SIGNATURE), app, NOW);
    expect(verdict).toMatchObject({ kind: 'accepted', channelShopId: '123' });
  });

  it.each([
    ['a changed byte', SAMPLE.replace('123', '124'), SAMPLE_SIGNATURE],
    ['no header', SAMPLE, undefined],
    ['an empty header', SAMPLE, ''],
    ['upper-case hex', SAMPLE, SAMPLE_SIGNATURE.toUpperCase()],
    ['a prefix', SAMPLE, `sha256=${SAMPLE_SIGNATURE}`],
    ['the body signed alone', SAMPLE, hmacHex(KEY, SAMPLE)],
  ])('calls %s forged', (_name, body, authorization) => {
    expect(verify(push(body, authorization), app, NOW).kind).toBe('forged');
  });

  it('takes the registered address as it is: another slash is another signature', () => {
    const elsewhere = { ...app, hookUrl: `${app.hookUrl}/` };
    expect(verify(push(SAMPLE, SAMPLE_SIGNATURE), elsewhere, NOW).kind).toBe('forged');
  });

  it('accepts any of the secrets that overlap, and nothing without one', () => {
    const overlapping = { ...app, secrets: ['new', KEY] };
    expect(verify(signed(SAMPLE), overlapping, NOW).kind).toBe('accepted');
    expect(verify(signed(SAMPLE, 'new'), overlapping, NOW).kind).toBe('accepted');
    expect(verify(signed(SAMPLE, ''), { ...app, secrets: [] }, NOW).kind).toBe('forged');
  });

  it('gives a push out of the lost queue the key that it has when it arrives', () => {
    const order = JSON.stringify(orderStatus);
    for (const body of [order, SAMPLE, 'no json']) {
      const arrived = verify(signed(body), app, NOW);
      expect(arrived).toMatchObject({ kind: 'accepted', key: keyOfPush(Buffer.from(body), NOW) });
    }
  });

  it('keys an order status by shop, code, order, status and update time, whatever else differs', () => {
    const one = verify(signed(JSON.stringify(orderStatus)), app, NOW);
    const again = verify(signed(JSON.stringify({ ...orderStatus, timestamp: 1 })), app, NOW + 9_999_999);
    expect(one).toEqual({
      kind: 'accepted',
      key: '7890|3|231114SLUICE01|READY_TO_SHIP|1700000100',
      channelShopId: '7890',
    });
    expect(again).toEqual(one);
  });

  it('keys what has no such fields by its digest and the hour', () => {
    const key = (now: number) => {
      const verdict = verify(signed(SAMPLE), app, now);
      return verdict.kind === 'accepted' ? verdict.key : verdict.kind;
    };
    expect(key(NOW)).toMatch(/^digest\|[0-9a-f]{64}\|\d+$/);
    expect(key(NOW)).toBe(key(NOW + 1));
    expect(key(NOW)).not.toBe(key(NOW + 3_600_000));
  });

  it.each([
    ['the documented verification', JSON.stringify(ping)],
    ['its data as text', JSON.stringify({ ...ping, data: JSON.stringify(ping.data) })],
    ['code 0 alone', '{"code":0}'],
    ['code 0 as text with a shop', '{"code":"0","shop_id":0,"timestamp":1}'],
    ['nothing at all', ''],
  ])('answers %s as a ping, unsigned', (_name, body) => {
    expect(verify(push(body), app, NOW)).toEqual({ kind: 'ping' });
    expect(verify(push(body, 'nonsense'), { ...app, secrets: [] }, NOW)).toEqual({ kind: 'ping' });
  });

  it.each([
    ['an order number', '{"code":0,"data":{"ordersn":"X"}}'],
    ['more beside verify_info', '{"code":0,"data":{"verify_info":"x","ordersn":"X"}}'],
    ['a field of its own', '{"code":0,"ordersn":"X"}'],
    ['a nested field', '{"code":0,"timestamp":{"a":1}}'],
    ['a list as data', '{"code":0,"data":[1]}'],
    ['another code', '{"code":3}'],
    ['much text', `{"code":0,"data":{"verify_info":"${'x'.repeat(2000)}"}}`],
  ])('takes code 0 with %s for no ping', (_name, body) => {
    expect(verify(push(body), app, NOW).kind).toBe('forged');
  });

  it('never throws, and never accepts what is not signed', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.string(), (bytes, authorization) => {
        const verdict = verify({ bytes: Buffer.from(bytes), headers: { authorization } }, app, NOW);
        expect(['ping', 'forged']).toContain(verdict.kind);
      }),
    );
    fc.assert(
      fc.property(fc.json(), (body) => {
        expect(['ping', 'accepted']).toContain(verify(signed(body), app, NOW).kind);
        expect(['order', 'listings', 'access', 'ignored', 'unreadable']).toContain(hint(Buffer.from(body)).kind);
      }),
    );
  });
});
