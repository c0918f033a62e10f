import { z } from 'zod';
import { jsonAnswer, scriptedCall } from '../kit/scripted-call';
import { aShop } from './a-shop';
import maintenance from './fixtures/maintenance-503.json';
import problem from './fixtures/problem-422.json';
import token from './fixtures/token.json';
import { issueToken } from './token';
import { ask, failureOf, type ZaloraRequest } from './wire';

const GET: ZaloraRequest = { method: 'GET', path: '/v2/orders/7?x=1', effect: 'read' };
const NOW = Date.parse('2023-11-15T12:00:00Z');
const failure = (status: number, headers: Record<string, string> = {}) =>
  failureOf({ status, headers, body: '' }, 'write', NOW);

describe('ask', () => {
  it.each([
    ['MY', 'https://sellercenter-api.zalora.com.my/v2/orders/7?x=1'],
    ['SG', 'https://sellercenter-api.zalora.sg/v2/orders/7?x=1'],
    ['PH', 'https://sellercenter-api.zalora.com.ph/v2/orders/7?x=1'],
    ['HK', 'https://sellercenter-api.zalora.com.hk/v2/orders/7?x=1'],
    ['ID', 'https://sellercenter-api.zalora.co.id/v2/orders/7?x=1'],
    ['TW', 'https://sellercenter-api.zalora.com.tw/v2/orders/7?x=1'],
  ])('calls the host of %s with the bearer token', async (region, url) => {
    const { call, asked } = scriptedCall(aShop({ region }), () => jsonAnswer([]));
    await ask(call, GET, z.array(z.unknown()));
    expect(asked[0]).toMatchObject({ method: 'GET', url, headers: { authorization: 'Bearer token-1' } });
  });

  it('puts a base in front of every path', async () => {
    const { call, asked } = scriptedCall(aShop({ baseUrl: 'http://127.0.0.1:4200/zalora/' }), () => jsonAnswer([]));
    await ask(call, GET, z.array(z.unknown()));
    expect(asked[0]?.url).toBe('http://127.0.0.1:4200/zalora/v2/orders/7?x=1');
  });

  it('calls another shape malformed, and says what a problem says', async () => {
    const { call } = scriptedCall(aShop(), () => jsonAnswer('x'));
    await expect(ask(call, GET, z.array(z.unknown()))).rejects.toMatchObject({ failure: { kind: 'malformed' } });
    const refusing = scriptedCall(aShop(), () => jsonAnswer(problem, 422));
    await expect(ask(refusing.call, GET, z.unknown())).rejects.toMatchObject({
      failure: { kind: 'refused', reason: '422' },
      message: 'GET /v2/orders/7 422 Unprocessable Entity: quantity must not be negative',
    });
  });

  it('knows maintenance', async () => {
    const { call } = scriptedCall(aShop(), () => jsonAnswer(maintenance, 503, { 'retry-after': '120' }));
    await expect(ask(call, GET, z.unknown())).rejects.toMatchObject({
      failure: { kind: 'unavailable', unanswered: false, afterMs: 120_000 },
    });
  });
});

describe('failureOf', () => {
  it.each([
    [401, { kind: 'unauthorized' }],
    [403, { kind: 'refused', reason: '403' }],
    [404, { kind: 'refused', reason: '404' }],
    [422, { kind: 'refused', reason: '422' }],
    [429, { kind: 'throttled' }],
    [500, { kind: 'unavailable', unanswered: true }],
    [302, { kind: 'malformed' }],
  ])('reads status %i', (status, expected) => {
    expect(failure(status)).toEqual(expected);
  });

  it.each([
    ['3', { afterMs: 3000 }],
    ['Wed, 15 Nov 2023 12:00:05 GMT', { afterMs: 5000 }],
    ['Wed, 15 Nov 2023 11:00:00 GMT', { afterMs: 0 }],
    ['soon', {}],
    ['-1', {}],
  ])('obeys Retry-After %s', (text, after) => {
    expect(failure(429, { 'retry-after': text })).toEqual({ kind: 'throttled', ...after });
  });
});

describe('issueToken', () => {
  it('asks the authorisation host with the key and secret', async () => {
    const { call, asked } = scriptedCall(aShop(), () => jsonAnswer(token));
    expect(await issueToken(call)).toEqual({ accessToken: 'not-a-real-token', expiresInMs: 3_600_000 });
    expect(asked).toMatchObject([
      {
        method: 'POST',
        url: 'https://sellercenter.zalora.com.my/oauth/client-credentials',
        headers: {
          authorization: `Basic ${Buffer.from('client-id:client-secret').toString('base64')}`,
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: 'grant_type=client_credentials',
      },
    ]);
  });

  it('asks below the base where there is one', async () => {
    const { call, asked } = scriptedCall(aShop({ baseUrl: 'http://127.0.0.1:4200/zalora' }), () => jsonAnswer(token));
    await issueToken(call);
    expect(asked[0]?.url).toBe('http://127.0.0.1:4200/zalora/oauth/client-credentials');
  });

  it.each([
    [401, {}, 'unauthorized'],
    [400, { error: 'invalid_client' }, 'unauthorized'],
    [403, {}, 'unauthorized'],
    [429, {}, 'throttled'],
    [503, maintenance, 'unavailable'],
    [200, { access_token: '', expires_in: 3600 }, 'malformed'],
    [200, { access_token: 'x' }, 'malformed'],
  ])('throws for %i %j', async (status, body, kind) => {
    const { call } = scriptedCall(aShop(), () => jsonAnswer(body, status));
    await expect(issueToken(call)).rejects.toMatchObject({ failure: { kind } });
  });
});
