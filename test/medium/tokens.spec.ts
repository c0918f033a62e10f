import type { AppId, SellerId } from '../../src/domain';
import { Sweeps } from '../../src/platform/sweep';
import { AppsStore } from '../../src/store/apps.store';
import { DeliveriesStore } from '../../src/store/deliveries.store';
import { LeasesStore } from '../../src/store/leases.store';
import { ProblemsStore } from '../../src/store/problems.store';
import { ShopCalls } from '../../src/store/shop-calls.store';
import { ShopTokensStore } from '../../src/store/shop-tokens.store';
import { ShopTrouble } from '../../src/store/shop-trouble.store';
import { ShopsStore, type ShopRecord } from '../../src/store/shops.store';
import { TokenKeeper } from '../../src/store/token-keeper.store';
import type { ChannelError } from '../../connectors/kit';
import { appRecord, newShop } from '../builders/records';
import { TokenMarket, tokenChannel } from '../support/races/token-market';
import { HandClock } from '../support/rooms/hand-clock';
import { CutWire } from '../support/cut-wire';
import { makePlace, openRooms, type Rooms } from '../support/rooms/open-rooms';
import { until } from '../support/until';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const seller = 'mine' as SellerId;
const market = new TokenMarket();
const clock = new HandClock();
let place: Awaited<ReturnType<typeof makePlace>>;
let rooms: Rooms;
let count = 0;

beforeAll(async () => {
  market.slowMs = 0;
  place = await makePlace();
  const { mongoUrl, redisUrl, namespace } = place;
  const tokenMarketUrl = await market.open();
  rooms = await openRooms({ place: { mongoUrl, redisUrl, namespace, tokenMarketUrl }, clock });
  await rooms.get(AppsStore).insert(appRecord('app', 'keyed'), 'secret');
});
afterAll(async () => {
  await rooms.close();
  await place.remove();
  await market.close();
});

async function aShop(ends: { access?: number; refresh?: number; hasRefresh?: boolean } = {}): Promise<ShopRecord> {
  count += 1;
  const id = `shop-${count}`;
  const pair = market.grant(id);
  const tokens = {
    accessToken: pair.access,
    ...(ends.hasRefresh !== false && { refreshToken: pair.refresh }),
    accessTokenExpiresAt: clock.now() + (ends.access ?? 4 * HOUR),
    ...(ends.refresh !== undefined && { refreshTokenExpiresAt: clock.now() + ends.refresh }),
  };
  const made = { ...newShop({ seller, shop: id, app: 'app', channel: 'keyed' }, { tokens }), createdAt: clock.now() };
  return (await rooms.get(ShopsStore).insert(made)) as ShopRecord;
}

const now = async ({ id }: ShopRecord): Promise<ShopRecord> =>
  (await rooms.get(ShopsStore).find(seller, id)) as ShopRecord;
const problem = ({ id }: ShopRecord, kind: string) => rooms.get(ProblemsStore).find(seller, `${kind}|${id}`);
const sweep = (name: string) => rooms.get(Sweeps).runNow(name);
const open = ({ id }: ShopRecord) => rooms.get(ShopCalls).openFresh(seller, id);

/** Calls as rooms do; answers whether the token was taken. */
async function call(shop: ShopRecord): Promise<boolean> {
  const ready = await open(shop);
  if (ready === undefined) return false;
  try {
    await ready.connector.readOrders(ready.call, ['any']);
    await rooms.get(ShopTrouble).worked(ready.shop);
    return true;
  } catch (error) {
    await rooms.get(ShopTrouble).failed(ready.shop, error as ChannelError);
    return false;
  }
}

describe('a token that ends', () => {
  it('is renewed ahead of its end by the sweep, which then rests until the next lead', async () => {
    const shop = await aShop({ access: HOUR });
    await sweep('tokens');
    expect((await now(shop)).refreshDue).toBe(clock.now() + HOUR - 60_000);
    const refreshes = market.refreshes;
    clock.advance(HOUR - 60_000);
    await sweep('tokens');
    expect(market.refreshes).toBe(refreshes + 1);
    const renewed = await now(shop);
    expect(renewed.tokenState).toMatchObject({ gotAt: clock.now(), accessTokenExpiresAt: expect.any(Number) });
    expect(renewed.tokenState.spendingAt).toBeUndefined();
    expect(renewed.refreshDue).toBe((renewed.tokenState.accessTokenExpiresAt ?? 0) - 60_000);
    expect(renewed.catchUpDue).toBeUndefined();
    expect(await call(shop)).toBe(true);
  });

  it('and cannot be opened is looked at behind all others', async () => {
    const { id } = await aShop({ access: -1 });
    const shops = place.db.collection<{ _id: string }>('shops');
    await shops.updateOne({ _id: id }, { $set: { tokens: 'of another key' } });
    await sweep('tokens');
    expect(await shops.findOneAndDelete({ _id: id })).toMatchObject({ refreshDue: clock.now() + 60_000 });
  });

  it('that nobody renewed in time is renewed by who needs it', async () => {
    const shop = await aShop({ access: -1 });
    expect(await call(shop)).toBe(true);
    expect((await now(shop)).catchUpDue).toBe(clock.now());
  });

  it('and cannot be renewed now is used while it lives', async () => {
    const shop = await aShop({ access: 4000 });
    clock.advance(3700);
    market.nextAnswer = 'cut';
    expect(await open(shop)).toMatchObject({ shop: { id: shop.id } });
    expect(market.nextAnswer).toBe('given');
  });
});

describe('a refresh', () => {
  it('is not lost when the database is away while its answer comes', async () => {
    const wire = await CutWire.to(place.mongoUrl);
    const cut = await openRooms({ place: { ...place, mongoUrl: wire.url, tokenMarketUrl: market.url }, clock });
    const shop = await aShop({ access: -1 });
    const { refreshes, recoveries } = market;
    market.slowMs = 300;
    const calls = cut.get(ShopCalls);
    const ended = calls.open(seller, shop.id).catch((error: unknown) => error);
    await until('the refresh', () => market.refreshes > refreshes);
    wire.cut();
    market.slowMs = 0;
    // Each waits as long as a write waits for the database.
    for (let at = 0; at < 2; at += 1) await expect(cut.get(ShopsStore).find(seller, shop.id)).rejects.toThrow();
    wire.mend();
    await ended;
    expect(await call(shop)).toBe(true);
    expect([market.refreshes - refreshes, market.recoveries - recoveries]).toEqual([1, 0]);
    await cut.close();
    await wire.close();
  });
});

describe('a refresh whose answer is lost', () => {
  it('is known to have been begun, and its pair is asked for again', async () => {
    const shop = await aShop({ access: -1 });
    market.nextAnswer = 'cut';
    const { recoveries, spentTwice } = market;
    await expect(open(shop)).rejects.toMatchObject({ failure: { kind: 'unavailable' } });
    expect((await now(shop)).tokenState.spendingAt).toBe(clock.now());
    expect(await call(shop)).toBe(true);
    expect([market.recoveries - recoveries, market.spentTwice - spentTwice]).toEqual([1, 0]);
    expect((await now(shop)).tokenState.spendingAt).toBeUndefined();
  });

  it('is a problem where the channel gives that pair to nobody', async () => {
    const { mongoUrl, redisUrl, namespace } = place;
    const other = new TokenMarket();
    other.slowMs = 0;
    const tokenMarketUrl = await other.open();
    const forgetful = await openRooms({
      place: { mongoUrl, redisUrl, namespace, tokenMarketUrl },
      clock,
      tokenChannel: tokenChannel(false),
    });
    const shop = await aShop({ access: -1 });
    const pair = other.grant(shop.id);
    const tokens = { accessToken: pair.access, refreshToken: pair.refresh, accessTokenExpiresAt: clock.now() - 1 };
    await rooms.get(ShopsStore).change(shop, { tokens }, clock.now());
    other.nextAnswer = 'cut';
    const calls = forgetful.get(ShopCalls);
    await expect(calls.open(seller, shop.id)).rejects.toMatchObject({ failure: { kind: 'unavailable' } });
    await expect(calls.open(seller, shop.id)).rejects.toMatchObject({ failure: { kind: 'unauthorized' } });
    expect((await now(shop)).tokenState).toMatchObject({ deadAt: clock.now() });
    await forgetful.get(TokenKeeper).tend(await now(shop));
    expect(await problem(shop, 'unauthorized')).toMatchObject({ action: expect.stringMatching(/Authorise .* again/) });
    await forgetful.close();
    await other.close();
  });
});

describe('a write of tokens', () => {
  const pairOf = (name: string) => ({ tokens: { accessToken: name }, now: clock.now(), catchesUp: false });

  it('over a pair that was read before another came is refused', async () => {
    const shop = await aShop();
    const store = rooms.get(ShopTokensStore);
    expect(await store.replace(shop, { ...pairOf('second'), fence: 5 })).toBe(true);
    expect(await store.replace(shop, { ...pairOf('late'), fence: 6 })).toBe(false);
    expect(await store.mark(shop, { refusedAt: 1 })).toBe(false);
    expect((await open(shop))?.call.shop.accessToken).toBe('second');
  });

  it('by an earlier holder of the lease than the last writer is refused', async () => {
    const shop = await aShop();
    const store = rooms.get(ShopTokensStore);
    await store.replace(shop, { ...pairOf('second'), fence: 5 });
    expect(await store.replace(await now(shop), { ...pairOf('early'), fence: 4 })).toBe(false);
    expect(await store.replace(await now(shop), { ...pairOf('third'), fence: 5 })).toBe(true);
  });

  it('waits for nobody who died: the lease ends, and the next holder has a higher number', async () => {
    const leases = rooms.get(LeasesStore);
    const dead = await leases.take('tokens|died', 45_000);
    expect(await leases.take('tokens|died', 45_000)).toBeUndefined();
    clock.advance(45_001);
    expect((await leases.take('tokens|died', 45_000))?.fence).toBe((dead?.fence ?? 0) + 1);
  });
});

describe('a right that was taken back', () => {
  it('stops the shop with one problem and no more calls, and holds its pushes', async () => {
    const shop = await aShop();
    await sweep('tokens');
    market.revoke(shop.id);
    expect(await call(shop)).toBe(false);
    expect(await problem(shop, 'unauthorized')).toBeUndefined();
    await sweep('tokens');
    expect((await now(shop)).tokenState).toMatchObject({ deadAt: clock.now(), refusedAt: clock.now() });
    expect(await problem(shop, 'unauthorized')).toMatchObject({ kind: 'unauthorized', shop: shop.id });
    const refreshes = market.refreshes;
    await expect(open(shop)).rejects.toMatchObject({ failure: { kind: 'unauthorized' } });
    await sweep('tokens');
    expect(market.refreshes).toBe(refreshes);
  });

  it('is asked about once, also by who finds the token over by himself', async () => {
    const shop = await aShop({ access: HOUR });
    await sweep('tokens');
    market.revoke(shop.id);
    clock.advance(HOUR);
    const refreshes = market.refreshes;
    const error = (await open(shop).catch((thrown: unknown) => thrown)) as ChannelError;
    await rooms.get(ShopTrouble).failed(shop, error);
    expect(await problem(shop, 'unauthorized')).toMatchObject({ kind: 'unauthorized' });
    expect(await open(shop).catch((thrown: unknown) => (thrown as ChannelError).failure.kind)).toBe('unauthorized');
    expect(market.refreshes).toBe(refreshes + 1);
    const { refreshDue, tokenState } = await now(shop);
    expect([refreshDue, tokenState.refusedAt]).toEqual([clock.now() + 900_000, undefined]);
  });

  it('for a mistake in the app is asked for anew as soon as the app has another secret', async () => {
    const shop = await aShop();
    market.revoke(shop.id);
    await call(shop);
    await sweep('tokens');
    expect((await now(shop)).refreshDue).toBe(clock.now() + 900_000);
    await rooms.get(ShopTokensStore).retryOf('app' as AppId, clock.now());
    expect((await now(shop)).refreshDue).toBe(clock.now());
  });

  it('and is given again lets go on at once what was held, and closes the problem', async () => {
    const shop = await aShop();
    const other = await aShop();
    market.revoke(shop.id);
    await call(shop);
    await sweep('tokens');
    const deliveries = rooms.get(DeliveriesStore);
    const held = [`held-${shop.id}`, `held-${other.id}`].map((id) => id as never);
    const app = 'app' as AppId;
    const push = { app, channel: 'keyed', bytes: Buffer.from('{}'), headers: {}, receivedAt: clock.now() };
    await deliveries.insertBatch(
      held.map((id) => ({ id, ...push, due: clock.now() + HOUR })),
      clock.now(),
    );
    await deliveries.hold([held[0] as never], shop.id);
    await deliveries.hold([held[1] as never], other.id);

    const pair = market.grant(shop.id);
    const tokens = { accessToken: pair.access, refreshToken: pair.refresh, accessTokenExpiresAt: clock.now() + HOUR };
    await rooms.get(ShopsStore).change(await now(shop), { tokens }, clock.now());
    await sweep('catch-up');
    const [mine, theirs] = await deliveries.readMany(held);
    expect([mine?.due, mine?.heldFor]).toEqual([clock.now(), undefined]);
    expect([theirs?.due, theirs?.heldFor]).toEqual([clock.now() + HOUR, other.id]);
    expect((await problem(shop, 'unauthorized'))?.closedAt).toBe(clock.now());
    expect((await now(shop)).catchUpDue).toBeUndefined();
    expect(await call(shop)).toBe(true);
  });
});

describe('an authorisation that ends', () => {
  it('is a problem that says by when, from the warning on, and closes when it is given anew', async () => {
    const shop = await aShop({ access: 30 * DAY, refresh: 8 * DAY });
    await sweep('tokens');
    expect(await problem(shop, 'expiring')).toBeUndefined();
    clock.advance(DAY);
    await sweep('tokens');
    const day = new Date(shop.tokenState.refreshTokenExpiresAt ?? 0).toISOString().slice(0, 10);
    expect(await problem(shop, 'expiring')).toMatchObject({ kind: 'expiring', action: `Authorise again by ${day}.` });

    const pair = market.grant(shop.id);
    const ends = { accessTokenExpiresAt: clock.now() + DAY, refreshTokenExpiresAt: clock.now() + 30 * DAY };
    const tokens = { accessToken: pair.access, refreshToken: pair.refresh, ...ends };
    await rooms.get(ShopsStore).change(await now(shop), { tokens }, clock.now());
    await sweep('catch-up');
    expect((await problem(shop, 'expiring'))?.closedAt).toBe(clock.now());
  });

  it("is told of at the channel's own news, unless that is older than the last consent", async () => {
    const shop = await aShop({ access: 30 * DAY, refresh: 100 * DAY });
    const keeper = rooms.get(TokenKeeper);
    const until = clock.now() + 20 * DAY;
    expect(await keeper.hear(shop, { news: 'expiring', until, at: clock.now() - 1 })).toBe('old');
    expect(await keeper.hear(shop, { news: 'expiring', until, at: clock.now() })).toBe('heard');
    await sweep('tokens');
    expect(await problem(shop, 'expiring')).toMatchObject({
      action: `Authorise again by ${new Date(until).toISOString().slice(0, 10)}.`,
    });
  });

  it('by news that it is over is believed when the channel gives no other token', async () => {
    const [well, gone] = [await aShop(), await aShop()];
    market.revoke(gone.id);
    for (const shop of [well, gone]) {
      await rooms.get(TokenKeeper).hear(await now(shop), { news: 'revoked', at: clock.now() });
    }
    await sweep('tokens');
    expect(await call(well)).toBe(true);
    expect(await problem(well, 'unauthorized')).toBeUndefined();
    expect(await problem(gone, 'unauthorized')).toMatchObject({ kind: 'unauthorized' });
  });

  it('with no refresh token is over with its access token', async () => {
    const shop = await aShop({ access: HOUR, hasRefresh: false });
    expect(await call(shop)).toBe(true);
    clock.advance(HOUR);
    await expect(open(shop)).rejects.toMatchObject({ failure: { kind: 'unauthorized' } });
    await sweep('tokens');
    expect(await problem(shop, 'unauthorized')).toMatchObject({ kind: 'unauthorized' });
  });
});
