import { ChannelError, type CallContext, type GrantedShop } from '../../connectors/kit';
import type { Room } from './room';
import { always, conform } from './suite';

const REDIRECT = 'https://hub.example/oauth/callback';

const failureOf = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: unknown) => (error instanceof ChannelError ? error.failure : error),
  );

/** A call that needs the token. */
const readAnything = (room: Room, call: CallContext) => room.subject.connector.readStock(call, [room.listings[0]!]);

conform(
  {
    name: 'consent and refresh',
    of: ({ connector }) => connector.authorisation,
    without: 'tokens are issued for key and secret',
  },
  ({ connector, data }, room) => {
    const authorisation = connector.authorisation!;

    /** The seller says yes: the query that comes back to the hub. */
    async function consent(state: string): Promise<Record<string, string>> {
      const url = authorisation.consentUrl(room().appCall().app, { state, redirectUrl: REDIRECT }, Date.now());
      const answer = await fetch(url, { redirect: 'manual' });
      const location = answer.headers.get('location') ?? '';
      expect(location).toMatch(/^https:\/\/hub\.example\/oauth\/callback\?/);
      return Object.fromEntries(new URL(location).searchParams);
    }
    const granted = async (): Promise<GrantedShop> => {
      const shops = await authorisation.exchange(room().appCall(), await consent('s-1'));
      return shops.find(({ channelShopId }) => channelShopId === data.sandbox.shopId)!;
    };
    const holderOf = ({ channelShopId, region, tokens }: GrantedShop) => ({
      ...{ channelShopId, region, tokens, settings: data.shop.settings },
    });

    it('leads from consent to tokens that work, and hands the state through', async () => {
      const query = await consent('s-42');
      expect(query['state']).toBe('s-42');
      const shops = await authorisation.exchange(room().appCall(), query);
      const shop = shops.find(({ channelShopId }) => channelShopId === data.sandbox.shopId);
      expect(shop).toMatchObject({ currency: data.shop.currency, name: expect.stringMatching(/./) as string });
      expect(connector.manifest.regions).toContain(shop?.region);
      expect(shop?.tokens.accessTokenExpiresAt).toBeGreaterThan(Date.now());
      const { accessToken } = shop!.tokens;
      expect(await readAnything(room(), room().call({ accessToken }))).toHaveLength(1);
    });

    it('refuses a code that is spent, and none', async () => {
      const query = await consent('s-2');
      await authorisation.exchange(room().appCall(), query);
      expect(await failureOf(authorisation.exchange(room().appCall(), query))).toMatchObject({ kind: 'refused' });
      expect(await failureOf(authorisation.exchange(room().appCall(), {}))).toMatchObject({ kind: 'refused' });
    });

    it('refreshes to tokens that work, and keeps the end of the whole authorisation', async () => {
      const shop = await granted();
      const next = await authorisation.refresh(room().appCall(), holderOf(shop));
      expect(next.accessToken).not.toBe(shop.tokens.accessToken);
      expect(next.refreshToken).toBeDefined();
      expect(await readAnything(room(), room().call({ accessToken: next.accessToken }))).toHaveLength(1);
      const [before, after] = [shop.tokens.refreshTokenExpiresAt, next.refreshTokenExpiresAt];
      if (before !== undefined) expect(after).toBeLessThanOrEqual(before);
    });

    it('refreshes with one refresh token as often as its manifest of tokens says', async () => {
      const shop = await granted();
      await authorisation.refresh(room().appCall(), holderOf(shop));
      const again = await failureOf(authorisation.refresh(room().appCall(), holderOf(shop)));
      if (authorisation.refreshTokenServes === 'once') expect(again).toEqual({ kind: 'unauthorized' });
      else expect(again).toBeUndefined();
    });

    it('calls a refresh token that was taken away unauthorized', async () => {
      const shop = await granted();
      await room().steerShop('POST', '/tokens', { revoke: true });
      expect(await failureOf(authorisation.refresh(room().appCall(), holderOf(shop)))).toEqual({
        kind: 'unauthorized',
      });
      await room().setUp();
    });
  },
);

conform(
  {
    name: 'issued token',
    of: ({ connector }) => connector.issueToken,
    without: 'tokens come from consent',
  },
  ({ connector }, room) => {
    const issueToken = connector.issueToken!;

    it('is given for key and secret, and works', async () => {
      const { accessToken, expiresInMs } = await issueToken(room().call({ accessToken: '' }));
      expect(expiresInMs).toBeGreaterThan(60_000);
      expect(await readAnything(room(), room().call({ accessToken }))).toHaveLength(1);
    });

    it('does not make a wrong secret right', async () => {
      const wrong = { appSecret: 'another-secret', accessToken: '' };
      const use = async (): Promise<unknown> => {
        const { accessToken } = await issueToken(room().call(wrong));
        return readAnything(room(), room().call({ ...wrong, accessToken }));
      };
      expect(await failureOf(use())).toEqual({ kind: 'unauthorized' });
    });
  },
);

conform(always('expired token'), ({ connector }, room) => {
  it('is unauthorized in reads and writes, and nothing is written', async () => {
    const [first] = room().listings;
    const { quantity } = await room().shown(first!.sku);
    await room().steerChannel('PUT', '/faults', { expireTokens: true });
    const write = { ...first!, sellable: quantity + 5, openUnits: 0 };
    expect(await failureOf(connector.pushStock(room().call(), [write]))).toEqual({ kind: 'unauthorized' });
    expect(await failureOf(connector.readOrders(room().call(), [room().subject.data.unknown.orderId]))).toEqual({
      kind: 'unauthorized',
    });
    expect((await room().shown(first!.sku)).quantity).toBe(quantity);
  });
});
