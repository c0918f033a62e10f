import type { SellerId, ShopId } from '../../src/domain';
import { AppsStore } from '../../src/store/apps.store';
import { ShopsStore, type ShopRecord } from '../../src/store/shops.store';
import { appRecord, newShop } from '../builders/records';
import { openArenas, type Arena, type Arenas } from '../support/races/arena';
import { TokenMarket } from '../support/races/token-market';
import { untilItLoses } from '../support/races/until-it-loses';
import type { Work } from '../support/races/work';

const USERS = 20;
const market = new TokenMarket();
let arenas: Arenas;
beforeAll(async () => {
  arenas = await openArenas({ tokenMarketUrl: await market.open() });
});
afterAll(async () => {
  await arenas.close();
  await market.close();
});

/** A shop whose access token is over, or is one that the channel takes no more. */
async function shopOf(arena: Arena, id: string, ending: 'expired' | 'refused'): Promise<ShopRecord> {
  const seller = `seller-${id}` as SellerId;
  await arena.rooms.get(AppsStore).insert(appRecord(`app-${id}`, 'keyed'), 'secret');
  const pair = market.grant(id);
  const tokens = {
    accessToken: ending === 'expired' ? pair.access : 'void',
    refreshToken: pair.refresh,
    accessTokenExpiresAt: ending === 'expired' ? 1 : Date.now() + 3_600_000,
  };
  const made = newShop({ seller, shop: id, app: `app-${id}`, channel: 'keyed' }, { tokens });
  return (await arena.rooms.get(ShopsStore).insert(made)) as ShopRecord;
}

/** Twenty users of one shop at one moment, half of them in each process: what went wrong, in sentences. */
async function raceUsers(arena: Arena, id: string, ending: 'expired' | 'refused'): Promise<string[]> {
  const { seller } = await shopOf(arena, id, ending);
  const [refreshes, spentTwice] = [market.refreshes, market.spentTwice];
  const works = Array.from({ length: USERS }, (): Work => ({ seller, do: 'call', shop: id }));
  const first = await arena.race(works, USERS);
  const answers = ending === 'expired' ? first : await arena.race(works, USERS);
  const tokens = new Set(answers);
  const asked = market.refreshes - refreshes;
  const again = market.spentTwice - spentTwice;
  return [
    ...(asked === 1 ? [] : [`${asked} refreshes were asked for`]),
    ...(again === 0 ? [] : [`a refresh token came ${again} times more`]),
    ...(tokens.size === 1 && answers[0]?.startsWith('access-') ? [] : [`users got ${[...tokens].join(', ')}`]),
  ];
}

describe('twenty users of one shop in two processes', () => {
  it('whose access token is over ask for the next one once, and all of them get it', async () => {
    const arena = await arenas.with();
    for (const round of [1, 2, 3]) expect(await raceUsers(arena, `over-${round}`, 'expired')).toEqual([]);
  });

  it('whose access token the channel refuses ask for the next one once', async () => {
    const arena = await arenas.with();
    expect(await raceUsers(arena, 'refused-1', 'refused')).toEqual([]);
    const shop = await arena.rooms.get(ShopsStore).find('seller-refused-1' as SellerId, 'refused-1' as ShopId);
    expect(shop?.tokenState).toMatchObject({ isPresent: true, canRefresh: true });
    expect(shop?.tokenState.refusedAt).toBeUndefined();
    expect(shop?.catchUpDue).toEqual(expect.any(Number));
  });

  it('that has no token yet, of a channel that gives one for the asking, ask once', async () => {
    const arena = await arenas.with();
    const seller = 'seller-issued' as SellerId;
    await arena.rooms.get(AppsStore).insert(appRecord('app-issued', 'issued'), 'secret');
    const { tokens: _none, ...made } = newShop({ seller, shop: 'issued', app: 'app-issued', channel: 'issued' });
    await arena.rooms.get(ShopsStore).insert(made);
    const works = Array.from({ length: USERS }, (): Work => ({ seller, do: 'call', shop: 'issued' }));
    const answers = await arena.race(works, USERS);
    expect([market.issues, new Set(answers).size]).toEqual([1, 1]);
    expect(answers[0]).toMatch(/^access-/);
  });

  it('spend one refresh token twice where everybody takes the lease', async () => {
    const arena = await arenas.with('leases');
    const faults = await untilItLoses((round) => raceUsers(arena, `naive-${round}`, 'expired'));
    expect(faults.join('\n')).toMatch(/refreshes were asked for/);
  });
});
