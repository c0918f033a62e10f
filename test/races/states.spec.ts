import type { OrderState } from '../../src/domain';
import { lineState, orderState } from '../builders/orders';
import { quotaOf, SHOPS } from '../builders/stock';
import {
  faultsOn,
  findOrder,
  keptOf,
  newestOf,
  openArenas,
  shuffled,
  stockUp,
  type Arena,
  type Arenas,
} from '../support/races/arena';
import { untilItLoses } from '../support/races/until-it-loses';
import type { Work } from '../support/races/work';

let arenas: Arenas;
beforeAll(async () => {
  arenas = await openArenas();
});
afterAll(() => arenas.close());

const ORDERS = 60;
const shopOf = (seller: string, at: number): string => `${seller}-${SHOPS[at % SHOPS.length]}`;
const held = ({ lines }: OrderState): number =>
  lines.reduce((sum, line) => sum + Math.max(line.shipped, line.units - line.cancelled), 0);
const shipped = ({ lines }: OrderState): number => lines.reduce((sum, line) => sum + line.shipped, 0);

/** Placed, cancelled in part, sent: three states of an order, each newer than the one before. */
const statesOf = (at: number): OrderState[] =>
  [{ units: 5 }, { units: 5, cancelled: 2 }, { units: 5, cancelled: 2, shipped: 1 + (at % 3) }].map((counts, turn) =>
    orderState({ externalId: `o-${at}`, updatedAt: 1000 * (turn + 1), lines: [lineState('SKU', counts)] }),
  );

/** What an order shows that did not end at its newest state. */
async function stale(arena: Arena, seller: string, states: readonly (readonly OrderState[])[]): Promise<string[]> {
  const checked = await Promise.all(
    states.map(async (each, at) => {
      const newest = newestOf(each);
      const order = await findOrder(arena.rooms, seller, { shop: shopOf(seller, at), id: newest.externalId });
      const [line] = order?.lines ?? [];
      const [told] = newest.lines;
      const isNewest =
        order?.updatedAt === newest.updatedAt && line?.cancelled === told?.cancelled && line?.shipped === told?.shipped;
      return isNewest ? [] : [`${newest.externalId} ends at ${order?.updatedAt}, not ${newest.updatedAt}`];
    }),
  );
  return checked.flat();
}

async function raceStates(arena: Arena, seller: string, states: readonly (readonly OrderState[])[]): Promise<string[]> {
  await stockUp(arena.rooms, seller, { SKU: 1000 });
  const works = states.flatMap((each, at) =>
    [...each, ...each].map((state): Work => ({ seller, do: 'order', shop: shopOf(seller, at), state })),
  );
  await arena.race(shuffled(works, seller.length + 7));
  const { position } = await keptOf(arena.rooms, seller, 'SKU');
  const newest = states.map(newestOf);
  const [left, open] = [
    newest.reduce((sum, state) => sum + shipped(state), 0),
    newest.reduce((sum, state) => sum + held(state) - shipped(state), 0),
  ];
  return [
    ...(await stale(arena, seller, states)),
    ...(await faultsOn(arena.rooms, seller, 'SKU')),
    ...(position.onHand === 1000 - left ? [] : [`${position.onHand} are on hand, ${left} left`]),
    ...(position.committed === open ? [] : [`${position.committed} are committed, ${open} are open`]),
  ];
}

describe('states of orders, told twice each, race in any order', () => {
  const states = Array.from({ length: ORDERS }, (_, at) => statesOf(at));

  it('pain-14 every order ends at its newest state, and stock exactly there', async () => {
    expect(await raceStates(await arenas.with(), 'states', states)).toEqual([]);
  });

  it('end at older ones where an order is written without its version', async () => {
    const arena = await arenas.with('orders');
    const faults = await untilItLoses((round) => raceStates(arena, `states-naive-${round}`, states));
    expect(faults.join('\n')).toMatch(/ends at|are committed|are on hand/);
  });
});

describe('cancellations race with sales', () => {
  const states = Array.from({ length: ORDERS * 2 }, (_, at) => {
    const placed = orderState({ externalId: `o-${at}`, lines: [lineState('SKU', { units: 9 })] });
    const lines = [lineState('SKU', { units: 9, cancelled: at % 3 === 0 ? 9 : 4 })];
    return at % 4 === 3 ? [placed] : [placed, { ...placed, updatedAt: 2000, lines }];
  });

  it('pain-06 and give back exactly what they took, in stock that is not enough', async () => {
    expect(await raceStates(await arenas.with(), 'cancels', states)).toEqual([]);
  });

  it('and do not where a position is written without its version', async () => {
    const arena = await arenas.with('positions');
    const faults = await untilItLoses((round) => raceStates(arena, `cancels-naive-${round}`, states));
    expect(faults.join('\n')).toMatch(/are committed|are on hand/);
  });
});

/** Sales in three shops while quotas of each start and end. */
async function raceQuotas(arena: Arena, seller: string): Promise<string[]> {
  await stockUp(arena.rooms, seller, { SKU: 150 });
  const sales = Array.from({ length: 150 }, (_, at): Work => {
    const state = orderState({ externalId: `o-${at}`, lines: [lineState('SKU', { units: 1 + (at % 2) })] });
    return { seller, do: 'order', shop: shopOf(seller, at), state };
  });
  const starts = Array.from({ length: 30 }, (_, at): Work => {
    const { remaining: _remaining, ...quota } = quotaOf({
      id: `q-${at}`,
      shop: shopOf(seller, at) as never,
      quantity: 8,
    });
    return {
      seller,
      do: 'ask',
      sku: 'SKU',
      wish: { kind: 'quota-start', id: `start-${at}`, quota, cut: at % 2 === 0 },
    };
  });
  const ends = Array.from({ length: 15 }, (_, at): Work => {
    return { seller, do: 'ask', sku: 'SKU', wish: { kind: 'quota-end', id: `end-${at}`, quota: `q-${at}` } };
  });
  const works = [...shuffled([...starts, ...sales.slice(0, 75)]), ...shuffled([...ends, ...sales.slice(75)])];
  const answers = await arena.race(works);
  const done = (list: readonly Work[]): number => list.filter((work) => answers[works.indexOf(work)] === 'done').length;
  const { position } = await keptOf(arena.rooms, seller, 'SKU');
  const live = done(starts) - done(ends);
  return [
    ...(await faultsOn(arena.rooms, seller, 'SKU')),
    ...(position.quotas.length === live ? [] : [`${position.quotas.length} quotas live, not ${live}`]),
    ...(position.committed === 225 ? [] : [`${position.committed} are committed`]),
  ];
}

describe('quotas start and end while three shops sell', () => {
  it('pain-02 no unit of a quota is lost or made', async () => {
    expect(await raceQuotas(await arenas.with(), 'quotas')).toEqual([]);
  });

  it('and are lost where a position is written without its version', async () => {
    const arena = await arenas.with('positions');
    const faults = await untilItLoses((round) => raceQuotas(arena, `quotas-naive-${round}`));
    expect(faults.join('\n')).toMatch(/quotas live|are committed|remain/);
  });
});
