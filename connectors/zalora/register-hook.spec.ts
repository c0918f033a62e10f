import { jsonAnswer, scriptedCall } from '../kit/scripted-call';
import { aShop } from './a-shop';
import webhooks from './fixtures/webhooks.json';
import { registerHook, removeHook } from './register-hook';

const URL_1 = 'https://hub.example/hooks/zalora/app-1';
const EVENTS = [
  'onOrderCreated',
  'onOrderItemsStatusChanged',
  'onReturnStatusChanged',
  'onProductCreated',
  'onProductUpdated',
  'onProductQcStatusChanged',
];
const UUID = '7dffaa4e-1713-42c2-84ba-1d2fbd4537ab';
const [HOOK] = webhooks.items;

async function register(list: unknown, hookUrl = URL_1, act = registerHook) {
  const { call, asked } = scriptedCall(aShop(), ({ method }) => jsonAnswer(method === 'GET' ? list : {}));
  await act(call, hookUrl);
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

describe('registerHook, a list of several pages', () => {
  it.each([{ totalCount: 2 }, { hasNext: true }])('looks for its address on each: %j', async (pagination) => {
    const others = { items: [{ ...HOOK, callbackUrl: 'https://other.example' }], pagination };
    const { call, asked } = scriptedCall(aShop(), ({ url }) =>
      jsonAnswer(url.includes('offset=1') ? { items: [{ ...HOOK, events: EVENTS }] } : others),
    );
    await registerHook(call, URL_1);
    expect(asked.map(({ method, url }) => `${method} ${new URL(url).search}`)).toEqual([
      'GET ',
      'GET ?limit=100&offset=1',
    ]);
  });
});

describe('a refusal of a webhook', () => {
  it('repeats neither the address, which is the only proof of a push, nor token and secret', async () => {
    const detail = `${URL_1} is not reachable with token-1 and client-secret`;
    const { call } = scriptedCall(aShop(), ({ method }) =>
      method === 'GET' ? jsonAnswer([]) : jsonAnswer({ title: 'Unprocessable', detail }, 422),
    );
    await expect(registerHook(call, URL_1)).rejects.toMatchObject({
      message: 'POST /v2/webhook 422 Unprocessable: *** is not reachable with *** and ***',
    });
  });
});

describe('removeHook', () => {
  const remove = (list: unknown, hookUrl = URL_1) => register(list, hookUrl, removeHook);

  it('removes each webhook with the address, and no other', async () => {
    const second = { ...HOOK, webhookId: '11111111-1713-42c2-84ba-1d2fbd4537ab' };
    const other = { ...HOOK, webhookId: '22222222-1713-42c2-84ba-1d2fbd4537ab', callbackUrl: 'https://other.example' };
    expect(await remove({ items: [HOOK, other, second] })).toEqual([
      { call: 'GET /v2/webhooks' },
      { call: `DELETE /v2/webhook/${UUID}` },
      { call: 'DELETE /v2/webhook/11111111-1713-42c2-84ba-1d2fbd4537ab' },
    ]);
  });

  it.each([
    ['no webhook with the address', webhooks, 'https://hub.example/hooks/zalora/app-2'],
    ['one without a readable id', { items: [{ id: 1, url: URL_1 }] }, URL_1],
  ])('changes nothing where there is %s', async (_name, list, hookUrl) => {
    expect(await remove(list, hookUrl)).toEqual([{ call: 'GET /v2/webhooks' }]);
  });

  it.each([
    [404, undefined],
    [403, 'refused'],
    [401, 'unauthorized'],
  ])('takes %i for %s', async (status, kind) => {
    const { call } = scriptedCall(aShop(), ({ method }) =>
      jsonAnswer(method === 'GET' ? webhooks : {}, method === 'GET' ? 200 : status),
    );
    const failed = await removeHook(call, URL_1).catch((error: unknown) => error);
    if (kind === undefined) expect(failed).toBeUndefined();
    else expect(failed).toMatchObject({ failure: { kind } });
  });
});
