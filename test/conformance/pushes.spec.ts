import * as fc from 'fast-check';
import type { InboundPush, RecordedPush } from '../../connectors/kit';
import { bytesOf } from './recorded';
import { always, conform } from './suite';

const HINTS = ['order', 'listings', 'access', 'ignored', 'unreadable'];
const inbound = (channel: string, push: RecordedPush): InboundPush => ({
  bytes: bytesOf(channel, push),
  headers: push.headers,
});
const withByteChanged = (bytes: Buffer, at: number): Buffer => {
  const changed = Buffer.from(bytes);
  changed[at] = (changed[at] ?? 0) ^ 1;
  return changed;
};

conform(always('verify'), ({ code, connector, data }, room) => {
  const { signsPushes } = connector.manifest;
  const { push } = data;
  const judge = (changes: Partial<InboundPush> = {}, app = push.app) =>
    connector.verify({ ...inbound(code, push), ...changes }, app, push.at);

  it('accepts the recorded push, and gives its twin the same key', () => {
    expect(judge()).toMatchObject({ kind: 'accepted', key: expect.stringMatching(/./) as string });
    expect(judge()).toEqual(judge());
  });

  it('accepts under the secret that the present one overlaps with', () => {
    expect(judge({}, { ...push.app, secrets: ['another-secret', ...push.app.secrets] })).toEqual(judge());
  });

  it('accepts what the sandbox signs', async () => {
    const order = await room().place([{ sku: room().listings[0]!.sku, units: 1 }]);
    const [first] = await room().hears(1);
    expect(connector.verify(first!, room().appAccess, Date.now()).kind).toBe('accepted');
    expect(connector.hint(first!.bytes)).toMatchObject({ kind: 'order', externalId: order });
  });

  it('never throws, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.uint8Array(),
        fc.dictionary(fc.constantFrom(...Object.keys(push.headers), 'x'), fc.string()),
        (bytes, headers) => {
          const verdict = connector.verify({ bytes: Buffer.from(bytes), headers }, push.app, push.at);
          expect(signsPushes ? ['ping', 'forged'] : ['accepted']).toContain(verdict.kind);
        },
      ),
    );
  });

  if (!signsPushes) return;

  it('calls one changed byte forged, wherever it is', () => {
    const { bytes } = inbound(code, push);
    for (let at = 0; at < bytes.length; at += 1) {
      expect([at, judge({ bytes: withByteChanged(bytes, at) }).kind]).toEqual([at, 'forged']);
    }
  });

  it('calls it forged without any one of its headers, and without a secret', () => {
    for (const name of Object.keys(push.headers)) {
      expect(judge({ headers: { ...push.headers, [name]: undefined } }).kind).toBe('forged');
    }
    expect(judge({}, { ...push.app, secrets: [] }).kind).toBe('forged');
  });

  it("calls another app's push forged", () => {
    expect(judge({}, { ...push.app, secrets: ['another-secret'] }).kind).toBe('forged');
  });

  it('calls forged what changed on its way from the sandbox', async () => {
    const order = await room().place([{ sku: room().listings[0]!.sku, units: 1 }]);
    const before = (await room().hears(room().heard.length + 1)).length;
    await room().steerShop('POST', `/orders/${order}/push`, { alter: 'byte' });
    const altered = (await room().hears(before + 1)).slice(before);
    for (const each of altered) expect(connector.verify(each, room().appAccess, Date.now()).kind).toBe('forged');
  });
});

conform(
  { name: 'ping', of: ({ data }) => data.ping, without: 'the channel does not test an address' },
  ({ code, connector, data }) => {
    const ping = data.ping!;

    it('answers the channel that tests the address, and stores nothing', () => {
      expect(connector.verify(inbound(code, ping), ping.app, ping.at)).toEqual({ kind: 'ping' });
    });

    it('takes no other push for one', () => {
      expect(connector.verify(inbound(code, data.push), data.push.app, data.push.at).kind).toBe('accepted');
    });
  },
);

conform(always('hint'), ({ code, connector, data }) => {
  it('reads the recorded push', () => {
    expect(connector.hint(bytesOf(code, data.push))).toEqual(data.push.asksFor);
  });

  it.each(data.pushes.map((push) => [push.kind, 'file' in push ? push.file : push.text, push] as const))(
    'reads %s out of %s',
    (kind, _name, push) => {
      expect(connector.hint(bytesOf(code, push)).kind).toBe(kind);
    },
  );

  it('is total: any bytes and any JSON give a hint', () => {
    const known = data.pushes
      .map((push) => bytesOf(code, push).toString('utf8'))
      .concat(bytesOf(code, data.push).toString('utf8'));
    const cut = fc.tuple(fc.constantFrom(...known), fc.nat(), fc.string()).map(([text, at, piece]) => {
      const place = at % text.length;
      return text.slice(0, place) + piece + text.slice(place + piece.length);
    });
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), cut), (text) => {
        expect(HINTS).toContain(connector.hint(Buffer.from(text)).kind);
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => expect(HINTS).toContain(connector.hint(Buffer.from(bytes)).kind)),
    );
  });
});
