import * as fc from 'fast-check';
import { ChannelError, type AppCall, type ChannelRequest } from '../kit';
import { jsonAnswer } from '../kit/scripted-call';
import lostPage from './fixtures/lost-push-messages.json';
import { hint } from './hint';
import { takeLostPushes } from './lost-pushes';
import { signature } from './wire';

const NOW = 1_700_000_000_000;

function scene(page: unknown, confirmed: unknown = { error: '-', message: '-' }) {
  const asked: ChannelRequest[] = [];
  const steps: string[] = [];
  const call: AppCall = {
    http: (request) => {
      asked.push(request);
      const isConfirm = request.url.includes('confirm_consumed');
      steps.push(isConfirm ? 'confirm' : 'get');
      return Promise.resolve(jsonAnswer(isConfirm ? confirmed : page));
    },
    app: { key: '123456', secret: 'shop-secret', region: 'SG' },
    now: () => NOW,
  };
  const kept: Buffer[] = [];
  const keep = (pushes: readonly Buffer[]): Promise<void> => {
    steps.push('keep');
    kept.push(...pushes);
    return Promise.resolve();
  };
  return { call, asked, steps, kept, keep };
}

describe('takeLostPushes', () => {
  it('keeps a page before it confirms it, and says whether there is another', async () => {
    const { call, asked, steps, keep } = scene(lostPage);
    expect(await takeLostPushes(call, keep)).toEqual({ count: 2, more: true });
    expect(steps).toEqual(['get', 'keep', 'confirm']);
    expect(asked[1]).toMatchObject({ method: 'POST', effect: 'write', body: '{"last_message_id":176610}' });
  });

  it('confirms nothing that it cannot hand on', async () => {
    const { call, steps, keep } = scene({});
    const body = `{"error":"","response":{"push_message_list":[{"x":${'['.repeat(60_000)}${']'.repeat(60_000)}}],"last_message_id":1}}`;
    const http = () => Promise.resolve({ status: 200, headers: {}, body });
    await expect(takeLostPushes({ ...call, http }, keep)).rejects.toMatchObject({ failure: { kind: 'malformed' } });
    expect(steps).toEqual([]);
  });

  it('signs both calls as the app, without a shop', async () => {
    const { call, asked, keep } = scene(lostPage);
    await takeLostPushes(call, keep);
    const urls = asked.map(({ url }) => new URL(url));
    expect(urls.map(({ pathname }) => pathname)).toEqual([
      '/api/v2/push/get_lost_push_message',
      '/api/v2/push/confirm_consumed_lost_push_message',
    ]);
    for (const url of urls) {
      expect(Object.fromEntries(url.searchParams)).toEqual({
        partner_id: '123456',
        timestamp: '1700000000',
        sign: signature('shop-secret', '123456', url.pathname, '1700000000'),
      });
    }
  });

  it('hands on the bytes of a push, whether the string holds all of it or its data alone', async () => {
    const { call, kept, keep } = scene(lostPage);
    await takeLostPushes(call, keep);
    expect(kept[0]?.toString()).toBe(lostPage.response.push_message_list[0]?.data);
    expect(kept.map(hint)).toEqual([
      { kind: 'order', channelShopId: '7890', externalId: '231114SLUICE01' },
      { kind: 'order', channelShopId: '7890', externalId: '231114SLUICE02' },
    ]);
  });

  it('hands on what it cannot read as well', async () => {
    const odd = { code: 3, data: '{', shop_id: 1 };
    const { call, kept, keep } = scene({ ...lostPage, response: { ...lostPage.response, push_message_list: [odd] } });
    expect(await takeLostPushes(call, keep)).toMatchObject({ count: 1 });
    expect(kept.map(String)).toEqual([JSON.stringify(odd)]);
  });

  it('never confirms an empty page', async () => {
    const { call, steps, keep } = scene({
      error: '-',
      response: { push_message_list: [], has_next_page: true, last_message_id: 0 },
    });
    expect(await takeLostPushes(call, keep)).toEqual({ count: 0, more: false });
    expect(steps).toEqual(['get']);
  });

  it('confirms nothing when keeping fails', async () => {
    const { call, steps } = scene(lostPage);
    await expect(takeLostPushes(call, () => Promise.reject(new Error('no store')))).rejects.toThrow('no store');
    expect(steps).toEqual(['get']);
  });

  it('throws when the confirmation is refused: the page comes again', async () => {
    const { call, kept, keep } = scene(lostPage, {
      error: 'error_server',
      message: 'Something wrong. Please try later.',
    });
    await expect(takeLostPushes(call, keep)).rejects.toMatchObject({ failure: { kind: 'unavailable' } });
    expect(kept).toHaveLength(2);
  });

  it('answers or throws a ChannelError, whatever comes', async () => {
    const anything = fc.record({ error: fc.constantFrom('', '-', 'error_sign'), response: fc.jsonValue() });
    await fc.assert(
      fc.asyncProperty(anything, async (page) => {
        const { call, keep } = scene(page);
        const result = await takeLostPushes(call, keep).catch((error: unknown) => error);
        if (result instanceof Error) expect(result).toBeInstanceOf(ChannelError);
        else expect(result).toMatchObject({ count: expect.any(Number) as number });
      }),
    );
  });
});
