import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { type AppAccess, hmacHex, type Verdict } from '../kit';
import { verify } from './verify';

const APP: AppAccess = { key: '123456', secrets: ['helloworld'], hookUrl: 'https://hub.example/hooks/lazada/a' };
const NOW = 1603766860000;
const BODY =
  '{"seller_id":"1234567","message_type":0,"data":{"order_status":"unpaid","trade_order_id":"260422900198363","trade_order_line_id":"260422900298363","status_update_time":1603698638},"timestamp":1603766859530,"site":"lazada_vn"}';
const SIGNATURE = 'b0cfd0349e915667babf3c35e2335fb09653527421c46a94bd9e70e874c16322';

const fixture = (name: string): string => readFileSync(join(__dirname, 'fixtures', name), 'utf8');
const signed = (body: string | Buffer, now = NOW, app = APP): Verdict => {
  const bytes = Buffer.from(body);
  return verify({ bytes, headers: { authorization: hmacHex('helloworld', '123456', bytes) } }, app, now);
};
const keyOf = (verdict: Verdict): string => (verdict.kind === 'accepted' ? verdict.key : verdict.kind);

describe('verify', () => {
  it('keeps the regression vector [L2]', () => {
    const verdict = verify({ bytes: Buffer.from(BODY), headers: { authorization: SIGNATURE } }, APP, NOW);
    expect(verdict).toEqual({
      kind: 'accepted',
      channelShopId: '1234567',
      key: '0|lazada_vn|1234567|260422900198363|260422900298363||||unpaid|1603698638',
    });
  });

  it('calls forged a changed byte, another key, an upper-case or missing signature', () => {
    const of = (body: string, authorization?: string, app = APP) =>
      verify({ bytes: Buffer.from(body), headers: { authorization } }, app, NOW).kind;
    expect(of(BODY.replace('unpaid', 'unpaie'), SIGNATURE)).toBe('forged');
    expect(of(`${BODY} `, SIGNATURE)).toBe('forged');
    expect(of(BODY, SIGNATURE, { ...APP, key: '123457' })).toBe('forged');
    expect(of(BODY, SIGNATURE.toUpperCase())).toBe('forged');
    expect(of(BODY, '')).toBe('forged');
    expect(of(BODY)).toBe('forged');
  });

  it('takes any of the secrets, and no empty one', () => {
    expect(signed(BODY, NOW, { ...APP, secrets: ['newer', 'helloworld'] }).kind).toBe('accepted');
    expect(signed(BODY, NOW, { ...APP, secrets: ['newer', 'other'] }).kind).toBe('forged');
    expect(verify({ bytes: Buffer.from(BODY), headers: {} }, { ...APP, secrets: [] }, NOW)).toEqual({
      kind: 'forged',
      reason: 'no secret is stored',
    });
    const empty = { authorization: hmacHex('', '123456', BODY) };
    expect(verify({ bytes: Buffer.from(BODY), headers: empty }, { ...APP, secrets: [''] }, NOW).kind).toBe('forged');
  });

  it('answers the console check only when its signature holds', () => {
    const check = fixture('push-console-check.json');
    expect(signed(check)).toEqual({ kind: 'ping' });
    expect(signed(check.replace('"9999"', '9999').replace('"123456"', '123456'))).toEqual({ kind: 'ping' });
    expect(verify({ bytes: Buffer.from(check), headers: { authorization: SIGNATURE } }, APP, NOW).kind).toBe('forged');
    expect(signed(check.replace('"message_type": 0', '"message_type": 10')).kind).toBe('accepted');
  });

  it('gives one key to ids written as strings or as numbers', () => {
    const asNumbers = BODY.replace(/"(\d+)"/g, '$1');
    expect(asNumbers).not.toBe(BODY);
    expect(keyOf(signed(asNumbers))).toBe(keyOf(signed(BODY)));
  });

  it('tells ids beyond 2^53 apart', () => {
    const of = (line: string) => keyOf(signed(BODY.replace('"260422900298363"', line)));
    expect(of('92604229002983631')).not.toBe(of('92604229002983632'));
    expect(of('92604229002983631')).toBe(of('"92604229002983631"'));
  });

  it('gives another key to another line, status, instant, seller or type', () => {
    const changes = [
      BODY.replace('260422900298363', '260422900298364'),
      BODY.replace('unpaid', 'pending'),
      BODY.replace('1603698638', '1603698639'),
      BODY.replace('1234567', '1234568'),
      BODY.replace('"message_type":0', '"message_type":10'),
      BODY.replace('"trade_order_line_id"', '"reverse_order_id":"5","trade_order_line_id"'),
    ];
    expect(new Set([BODY, ...changes].map((body) => keyOf(signed(body)))).size).toBe(changes.length + 1);
  });

  it('keys reverse orders and packages by what they name', () => {
    expect(keyOf(signed(fixture('push-reverse-order.json')))).toBe(
      '10|lazada_sg|1234567|92604229001983631|92604229002983631|52690063100198363|52690063200198363||CANCEL_SUCCESS|1603698700',
    );
    expect(keyOf(signed(fixture('push-fulfilment.json')))).toBe(
      '14|lazada_sg|1234567|260422900198363||||FP000000000123|READY_TO_SHIP|1603698800',
    );
  });

  it('keys what names no change by its bytes and a time bucket', () => {
    const expiring = fixture('push-authorisation-expiring.json');
    const [first, soon, later] = [NOW, NOW + 1000, NOW + 300_000].map((now) => signed(expiring, now));
    expect(first).toMatchObject({ kind: 'accepted', channelShopId: '1234567' });
    expect(keyOf(soon!)).toBe(keyOf(first!));
    expect(keyOf(later!)).not.toBe(keyOf(first!));
  });

  it('accepts signed bytes that are no JSON, for the hint to refuse', () => {
    expect(signed('not json')).toEqual({ kind: 'accepted', key: expect.stringMatching(/^[0-9a-f]{64}\|\d+$/) });
    expect(signed(Buffer.from([0xff, 0x00])).kind).toBe('accepted');
  });

  it('never throws, whatever the bytes and headers are', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.option(fc.string(), { nil: undefined }), (bytes, authorization) => {
        expect(verify({ bytes: Buffer.from(bytes), headers: { authorization } }, APP, NOW).kind).toBe('forged');
        expect(['accepted', 'ping']).toContain(signed(Buffer.from(bytes)).kind);
      }),
    );
    fc.assert(
      fc.property(fc.json(), (body) => {
        expect(signed(body).kind).toBe('accepted');
      }),
    );
  });
});
