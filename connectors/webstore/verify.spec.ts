import * as fc from 'fast-check';
import type { AppAccess } from '../kit';
import { signPush } from './sign';
import { verify } from './verify';

const APP: AppAccess = { key: 'hub-1', secrets: ['example-secret', 'old-secret'], hookUrl: 'https://hub.example/h' };
const AT = 1_700_000_000;
const NEWS = '{"id":"evt-7001","shop":"main","type":"order","order":"1001"}';
/** PROTOCOL 2: the example of a message. */
const SIGNATURE = 'ef8ff171ff4dcccd5349703d15898168811d2dfc82a649adffd34aedb9bd2a4e';

const push = (body: string, changes: Record<string, string | undefined> = {}, secret = 'example-secret') => ({
  bytes: Buffer.from(body),
  headers: {
    'webstore-timestamp': String(AT),
    'webstore-signature': signPush(secret, String(AT), body),
    ...changes,
  },
});
const judge = (sent: ReturnType<typeof push>, atS = AT, app = APP) => verify(sent, app, atS * 1000);

describe('verify', () => {
  it('takes the documented message, under the key of shop and event', () => {
    expect(judge(push(NEWS, { 'webstore-signature': SIGNATURE }))).toEqual({
      kind: 'accepted',
      key: 'main|evt-7001',
      channelShopId: 'main',
    });
  });

  it('takes any of the secrets of the app, and no other', () => {
    expect(judge(push(NEWS, {}, 'old-secret')).kind).toBe('accepted');
    expect(judge(push(NEWS, {}, 'another'))).toEqual({ kind: 'forged', reason: 'the signature does not match' });
    expect(judge(push(NEWS), AT, { ...APP, secrets: [] }).kind).toBe('forged');
  });

  it('refuses one byte more, another timestamp, and what is missing', () => {
    const signature = { 'webstore-signature': SIGNATURE };
    expect(judge(push(`${NEWS} `, signature)).kind).toBe('forged');
    expect(judge(push(NEWS, { 'webstore-timestamp': String(AT + 1), ...signature })).kind).toBe('forged');
    expect(judge(push(NEWS, { 'webstore-signature': undefined })).kind).toBe('forged');
    expect(judge(push(NEWS, { 'webstore-signature': SIGNATURE.toUpperCase() })).kind).toBe('forged');
    for (const timestamp of [undefined, '', '-1', '1700000000.0', 'now']) {
      expect(judge(push(NEWS, { 'webstore-timestamp': timestamp })).kind).toBe('forged');
    }
  });

  it.each([
    [-301, 'forged'],
    [-300, 'accepted'],
    [300, 'accepted'],
    [301, 'forged'],
  ])('judges a clock that is %i s off as %s', (offS, kind) => {
    expect(judge(push(NEWS), AT + offS).kind).toBe(kind);
  });

  it('answers a signed ping, and an unsigned one not', () => {
    const ping = '{"id":"1","shop":"main","type":"ping"}';
    expect(judge(push(ping))).toEqual({ kind: 'ping' });
    expect(judge(push(ping, {}, 'another')).kind).toBe('forged');
  });

  it('keeps a signed text that is no message', () => {
    expect(judge(push('hello'))).toMatchObject({ kind: 'accepted', key: expect.stringMatching(/^digest\|/) as string });
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.string(), fc.string(), (bytes, timestamp, signature) => {
        const headers = { 'webstore-timestamp': timestamp, 'webstore-signature': signature };
        expect(verify({ bytes: Buffer.from(bytes), headers }, APP, AT).kind).toBe('forged');
      }),
    );
  });
});
