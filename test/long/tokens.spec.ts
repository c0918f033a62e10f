import { dieAt } from '../support/stack/mishaps';
import { Api } from '../support/stack/http';
import { tokensOf } from '../support/stack/seller';
import { Trial } from '../support/stack/trial';
import { until } from '../support/until';

const ORDERS_PER_MINUTE = 300;
const ORDERS_BESIDE = 10;
/** A process that died keeps its lease on the shop's tokens until it is over. */
const LEASE_AND_MORE_MS = 40_000;

describe('a hub', () => {
  let trial: Trial;
  let round = 0;

  beforeAll(async () => {
    trial = await Trial.start();
  });
  afterAll(() => trial.stop());

  const hub = () => new Api(trial.stack.places.hubUrl).withKey(trial.judged.seller.key);
  const openOf = async (kind: string): Promise<{ kind: string; shop?: string }[]> =>
    (await hub().must('GET', '/v1/problems?open=true&limit=200')).items.filter(
      (problem: { kind: string }) => problem.kind === kind,
    );
  const expireTokens = (channel: string) =>
    trial.stack.sandbox.must('PUT', `/${channel}/faults`, { expireTokens: true });
  const underLoad = async (mishap: () => Promise<void>) => {
    round += 1;
    await trial.trade(ORDERS_PER_MINUTE, round);
    await trial.moreOrders(ORDERS_BESIDE);
    await mishap();
    await trial.moreOrders(ORDERS_BESIDE);
    await trial.rest();
  };

  it('of which a process dies with a new token in its hand goes on where the old one buys another', async () => {
    await underLoad(async () => {
      await dieAt(trial, 'tokens.renewed', { passages: 1, whenArmed: () => expireTokens('lazada') });
    });
    expect(await trial.differences()).toEqual([]);
    expect(await openOf('unauthorized')).toEqual([]);
  });

  it('of which a process dies with a new token in its hand says so where the old one served once', async () => {
    const { seller } = trial.judged;
    const { id, channelShopId } = seller.shops.shopee;
    await underLoad(async () => {
      await dieAt(trial, 'tokens.renewed', { passages: 1, whenArmed: () => expireTokens('shopee') });
      await until('the hub says so', async () => (await openOf('unauthorized')).length > 0, LEASE_AND_MORE_MS);
      expect(await openOf('unauthorized')).toEqual([expect.objectContaining({ shop: id })]);
      const known = await trial.stack.sandbox.must('POST', `/shopee/shops/${channelShopId}/tokens`, {});
      await hub().must('PATCH', `/v1/shops/${id}`, { tokens: tokensOf(known) });
    });
    expect(await trial.differences()).toEqual([]);
    await until('the hub is content', async () => (await openOf('unauthorized')).length === 0);
  });
});
