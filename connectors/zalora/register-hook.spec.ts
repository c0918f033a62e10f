import { jsonAnswer, scriptedCall } from '../kit/scripted-call';
import { aShop } from './a-shop';
import webhooks from './fixtures/webhooks.json';
import { registerHook } from './register-hook';

const URL_1 = 'https://hub.example/hooks/zalora/app-1';
const EVENTS = ['onOrderCreated', 'onOrderItemsStatusChanged', 'onReturnStatusChanged'];
const UUID = '7dffaa4e-1713-42c2-84ba-1d2fbd4537ab';
const [HOOK] = webhooks.items;

async function register(list: unknown, hookUrl = URL_1) {
  const { call, asked } = scriptedCall(aShop(), ({ method }) => jsonAnswer(method === 'GET' ? list : {}));
  await registerHook(call, hookUrl);
  return asked.map(({ method, url, body }) => ({
    call: `${method} ${new URL(url).pathname}`,
    ...(body === undefined ? {} : { body: JSON.parse(body) as unknown }),
  }));
}

describe('registerHook', () => {
  it('makes a webhook for an address that has none, beside those of others', async () => {
    const other = 'https://hub.example/hooks/zalora/app-2';
    expect(await register(webhooks, other)).toEqual([
      { call: 'GET /v2/webhooks' },
      { call: 'POST /v2/webhook', body: { callbackUrl: other, events: EVENTS } },
    ]);
  });

  it('completes the events of the one that is there', async () => {
    expect(await register(webhooks)).toEqual([
      { call: 'GET /v2/webhooks' },
      { call: `PUT /v2/webhook/${UUID}`, body: { callbackUrl: URL_1, events: EVENTS } },
    ]);
  });

  it.each([
    ['a list in a page', { items: [{ ...HOOK, events: EVENTS }] }],
    ['a bare list', [{ ...HOOK, events: EVENTS }]],
    ['other names for the same', { items: [{ uuid: UUID, url: URL_1, events: EVENTS.map((alias) => ({ alias })) }] }],
    ['one without a readable id', { items: [{ id: 1, url: URL_1 }] }],
  ])('changes nothing where all is there: %s', async (_name, list) => {
    expect(await register(list)).toEqual([{ call: 'GET /v2/webhooks' }]);
  });

  it('enables one that is off', async () => {
    expect(await register({ items: [{ ...HOOK, events: EVENTS, isEnabled: false }] })).toEqual([
      { call: 'GET /v2/webhooks' },
      { call: `POST /v2/webhook/${UUID}/status`, body: { isEnabled: true } },
    ]);
  });

  it.each([
    [401, [], 'unauthorized'],
    [422, [], 'refused'],
    [200, 'nonsense', 'malformed'],
  ])('throws for %i', async (status, list, kind) => {
    const { call } = scriptedCall(aShop(), () => jsonAnswer(list, status));
    await expect(registerHook(call, URL_1)).rejects.toMatchObject({ failure: { kind } });
  });

  it('throws where the webhook is not made', async () => {
    const { call } = scriptedCall(aShop(), ({ method }) => jsonAnswer([], method === 'GET' ? 200 : 403));
    await expect(registerHook(call, URL_1)).rejects.toMatchObject({ failure: { kind: 'refused', reason: '403' } });
  });
});
