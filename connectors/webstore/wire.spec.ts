import { z } from 'zod';
import { jsonAnswer, scriptedCall } from '../kit/scripted-call';
import { aShop } from './a-shop';
import currencyError from './fixtures/error-422.json';
import { readOrders } from './orders';
import { pushStock } from './stock';
import { ask, failureOf, type WebstoreRequest } from './wire';
import { webstore } from '.';

const AT = 1_700_000_000_000;
const GET: WebstoreRequest = { method: 'GET', path: '/stock', effect: 'read' };
const failure = (status: number, body = '', headers = {}) => failureOf({ status, headers, body }, 'write');

describe('a call', () => {
  it('is signed over method, target and body: the documented examples', async () => {
    const reading = scriptedCall(aShop(), () => jsonAnswer({ orders: [] }), AT);
    await readOrders(reading.call, ['1001']);
    expect(reading.asked).toEqual([
      {
        method: 'GET',
        url: 'https://shop.example/hub/orders?shop=main&ids=%5B%221001%22%5D',
        headers: {
          accept: 'application/json',
          'webstore-key': 'hub-1',
          'webstore-timestamp': '1700000000',
          'webstore-signature': '25b0fc103e0ecd4b25ed111faaf83d1c537abf7c7060572a0ea29cdb10586e2f',
        },
        effect: 'read',
      },
    ]);
    const writing = scriptedCall(aShop(), () => jsonAnswer({ results: [] }), AT);
    await pushStock(writing.call, [
      { listing: 'l1' as never, channelIds: { sku: 'TEA-GREEN' }, sellable: 7, openUnits: 3 },
    ]);
    expect(writing.asked[0]).toMatchObject({
      url: 'https://shop.example/hub/stock?shop=main',
      body: '{"lines":[{"sku":"TEA-GREEN","sellable":7}]}',
      headers: { 'webstore-signature': '25d1376b998e483f8367a63899f6773f17f0a4f1cd4096730b296256aa3d0eda' },
    });
  });

  it("goes to the hub's base where one is set, else to the shop's own address, https only", async () => {
    const based = scriptedCall(aShop({ baseUrl: 'http://127.0.0.1:4200/webstore/' }), () => jsonAnswer({}));
    await ask(based.call, GET, z.unknown());
    expect(based.asked[0]?.url).toBe('http://127.0.0.1:4200/webstore/stock?shop=main');
    for (const address of [
      undefined,
      '',
      'http://shop.example',
      'shop.example',
      'https://shop.example/?a=',
      'https://x/#a',
    ]) {
      const { call, asked } = scriptedCall(aShop({ settings: address === undefined ? {} : { address } }), () =>
        jsonAnswer({}),
      );
      await expect(ask(call, GET, z.unknown())).rejects.toMatchObject({
        failure: { kind: 'refused', reason: 'address' },
      });
      expect(asked).toEqual([]);
    }
  });

  it('fails as its status says, with the code of the body and no secret', async () => {
    const { call } = scriptedCall(aShop(), () => jsonAnswer(currencyError, 422));
    await expect(ask(call, GET, z.unknown())).rejects.toMatchObject({
      failure: { kind: 'refused', reason: 'currency' },
      message: 'GET /stock 422 currency: The shop sells in SGD.',
    });
  });

  it('calls another shape malformed', async () => {
    for (const answer of [jsonAnswer([]), { status: 200, headers: {}, body: '<html>' }]) {
      const { call } = scriptedCall(aShop(), () => answer);
      await expect(readOrders(call, ['1'])).rejects.toMatchObject({ failure: { kind: 'malformed' } });
    }
  });
});

describe('failureOf', () => {
  it.each([
    [401, { kind: 'unauthorized' }],
    [403, { kind: 'refused', reason: '403' }],
    [404, { kind: 'refused', reason: '404' }],
    [429, { kind: 'throttled' }],
    [500, { kind: 'unavailable', unanswered: true }],
    [503, { kind: 'unavailable', unanswered: false }],
    [301, { kind: 'malformed' }],
    [204, { kind: 'malformed' }],
  ])('reads status %i', (status, expected) => {
    expect(failure(status)).toEqual(expected);
  });

  it('obeys Retry-After in seconds', () => {
    expect(failure(429, '', { 'retry-after': '3' })).toEqual({ kind: 'throttled', afterMs: 3000 });
    expect(failure(503, '', { 'retry-after': '120' })).toMatchObject({ afterMs: 120_000 });
    expect(failure(429, '', { 'retry-after': 'soon' })).toEqual({ kind: 'throttled' });
  });

  it('takes no text for a code that is none', () => {
    expect(failure(422, '{"error":{"code":"a b"}}')).toEqual({ kind: 'refused', reason: '422' });
  });
});

describe('a shop without tokens', () => {
  it('is given one at once that is sent nowhere', async () => {
    const { call, asked } = scriptedCall(aShop(), () => jsonAnswer({ items: [] }));
    const token = await webstore.issueToken?.(call);
    expect([token?.accessToken, asked]).toEqual(['signed-calls', []]);
    expect(token?.expiresInMs).toBeGreaterThan(86_400_000);
  });
});
