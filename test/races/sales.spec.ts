import { positionIdOf, type SellerId } from '../../src/domain';
import { PlanService } from '../../src/push/plan.service';
import { ProblemsStore } from '../../src/store/problems.store';
import { lineState, orderState } from '../builders/orders';
import { SHOPS } from '../builders/stock';
import { faultsOn, keptOf, openArenas, stockUp, type Arena, type Arenas } from '../support/races/arena';
import { untilItLoses } from '../support/races/until-it-loses';
import type { Work } from '../support/races/work';

let arenas: Arenas;
beforeAll(async () => {
  arenas = await openArenas();
});
afterAll(() => arenas.close());

const BUYERS = 500;
const STOCK = 100;

/** Five hundred buyers in three shops, one unit each. */
const sales = (seller: string): Work[] =>
  Array.from({ length: BUYERS }, (_, at) => ({
    seller,
    do: 'order',
    shop: `${seller}-${SHOPS[at % SHOPS.length]}`,
    state: orderState({ externalId: `o-${at}`, lines: [lineState('SKU', { units: 1 })] }),
  }));

async function sellOut(arena: Arena, seller: string): Promise<string[]> {
  await stockUp(arena.rooms, seller, { SKU: STOCK });
  await arena.race(sales(seller));
  const { position, moves } = await keptOf(arena.rooms, seller, 'SKU');
  const orders = moves.filter(({ order }) => order !== undefined);
  const distinct = new Set(orders.map(({ order }) => order));
  const short = orders.reduce((sum, move) => sum + (move.short ?? 0), 0);
  return [
    ...(await faultsOn(arena.rooms, seller, 'SKU')),
    ...(position.committed === BUYERS ? [] : [`${position.committed} of ${BUYERS} are committed`]),
    ...(orders.length === BUYERS && distinct.size === BUYERS
      ? []
      : [`${orders.length} moves of ${distinct.size} orders`]),
    ...(short === BUYERS - STOCK ? [] : [`${short} units are said to be short`]),
  ];
}

describe('500 buyers in three shops race for 100 units', () => {
  it('pain-01 all are sold, what is beyond 100 is short, and the ledger adds up', async () => {
    const arena = await arenas.with();
    expect(await sellOut(arena, 'race')).toEqual([]);
    const { position } = await keptOf(arena.rooms, 'race', 'SKU');
    expect(position).toMatchObject({ onHand: STOCK, committed: BUYERS });
  });

  it('opens one problem that names orders which were short', async () => {
    const { rooms } = await arenas.with();
    await rooms.get(PlanService).plan([positionIdOf('race' as SellerId, 'SKU')]);
    const problems = await rooms.get(ProblemsStore).list('race' as SellerId, { open: true, limit: 10 });
    expect(problems).toMatchObject([{ kind: 'oversold', key: 'oversold|SKU', sku: 'SKU' }]);
    expect(problems[0]?.detail).toContain('400 units');
    const { moves } = await keptOf(rooms, 'race', 'SKU');
    const short = new Set(moves.flatMap((move) => ((move.short ?? 0) > 0 ? [move.order] : [])));
    expect(short.size).toBe(BUYERS - STOCK);
    expect(problems[0]?.orders).toHaveLength(100);
    expect(problems[0]?.orders?.every((order) => short.has(order))).toBe(true);
  });

  it('loses sales where a position is written without its version', async () => {
    const arena = await arenas.with('positions');
    const faults = await untilItLoses((round) => sellOut(arena, `naive-${round}`));
    expect(faults.join('\n')).toMatch(/of 500 are committed/);
  });
});
