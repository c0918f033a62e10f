import type { OrderState } from '../../src/domain';
import { lineState, orderState } from '../builders/orders';
import { SHOPS } from '../builders/stock';
import { faultsOn, keptOf, openArenas, shuffled, stockUp, type Arena, type Arenas } from '../support/races/arena';
import { untilItLoses } from '../support/races/until-it-loses';
import type { Work } from '../support/races/work';

let arenas: Arenas;
beforeAll(async () => {
  arenas = await openArenas();
});
afterAll(() => arenas.close());

const placed = (id: string): OrderState => orderState({ externalId: id, lines: [lineState('SKU', { units: 2 })] });
const cancelled = (id: string): OrderState =>
  orderState({ externalId: id, updatedAt: 2000, lines: [lineState('SKU', { units: 2, cancelled: 1 })] });
const told = (seller: string, states: readonly OrderState[]): Work[] =>
  states.map((state, at) => ({ seller, do: 'order', shop: `${seller}-${SHOPS[at % SHOPS.length]}`, state }));
const names = (much: number, prefix: string): string[] => Array.from({ length: much }, (_, at) => `${prefix}-${at}`);

/** Orders whose first move is in the archive change while others are placed. */
async function raceArchive(arena: Arena, seller: string, much: { old: number; fresh: number }): Promise<string[]> {
  await stockUp(arena.rooms, seller, { SKU: 5000 });
  const [old, fresh] = [names(much.old, 'old'), names(much.fresh, 'fresh')];
  await arena.race(told(seller, old.map(placed)));
  const { position: full, moves: before } = await keptOf(arena.rooms, seller, 'SKU');
  const later = told(seller, old.map(cancelled));
  await arena.race(shuffled([...later, ...told(seller, fresh.map(placed))]));
  const { position, moves } = await keptOf(arena.rooms, seller, 'SKU');
  const expected = much.old + 2 * much.fresh;
  return [
    ...(full.moves.length <= 64 ? [] : [`${full.moves.length} moves are kept with the position`]),
    ...(before.length === much.old + 1 ? [] : [`${before.length} moves are kept of ${much.old} orders`]),
    ...(await faultsOn(arena.rooms, seller, 'SKU')),
    ...(position.committed === expected ? [] : [`${position.committed} are committed, not ${expected}`]),
    ...(moves.length === 1 + 2 * much.old + much.fresh ? [] : [`${moves.length} moves are kept`]),
  ];
}

describe('a sku with the moves of 1,000 orders', () => {
  it("finds each order's earlier move in the archive while others commit", async () => {
    expect(await raceArchive(await arenas.with(), 'archive', { old: 1000, fresh: 200 })).toEqual([]);
  });

  it('gives nothing back where the archive is not looked at', async () => {
    const arena = await arenas.with('moves');
    const faults = await untilItLoses((round) => raceArchive(arena, `forgets-${round}`, { old: 200, fresh: 50 }));
    expect(faults.join('\n')).toMatch(/are committed, not/);
  });
});

const SKUS = ['A', 'B', 'C'] as const;
const STOCK = 50;

/** Relative moves of several skus, each asked for twice, for more than there is. */
async function raceAdjustments(arena: Arena, seller: string): Promise<string[]> {
  await stockUp(arena.rooms, seller, { A: STOCK, B: STOCK, C: STOCK });
  const works = Array.from({ length: 120 }, (_, at): Work => {
    const taken = SKUS.filter((_sku, which) => (at + which) % 3 !== 0 || at % 5 === 0);
    return { seller, do: 'adjust', id: `m-${at}`, lines: taken.map((sku) => ({ sku, units: -1 - (at % 2) })) };
  });
  const twice = shuffled([...works, ...works]);
  const answers = await arena.race(twice);
  const done = new Set(twice.filter((_, at) => answers[at] === 'done'));
  const faults = await Promise.all(
    SKUS.map(async (sku) => {
      const { position } = await keptOf(arena.rooms, seller, sku);
      const taken = [...done].flatMap((work) => ('lines' in work ? work.lines : [])).filter((line) => line.sku === sku);
      const left = taken.reduce((sum, line) => sum + line.units, STOCK);
      return [
        ...(await faultsOn(arena.rooms, seller, sku)),
        ...(position.onHand === left ? [] : [`${position.onHand} of ${sku} are on hand, not ${left}`]),
        ...(left >= 0 ? [] : [`${sku} was taken below zero`]),
      ];
    }),
  );
  return [...faults.flat(), ...(done.size > 20 ? [] : [`only ${done.size} were done`])];
}

describe('relative moves of several skus race', () => {
  it('each takes all its lines or none, once', async () => {
    const arena = await arenas.with();
    for (const round of [1, 2]) expect(await raceAdjustments(arena, `adjust-${round}`)).toEqual([]);
  });

  it('and not where a position is written without its version', async () => {
    const arena = await arenas.with('positions');
    const faults = await untilItLoses((round) => raceAdjustments(arena, `adjust-naive-${round}`));
    expect(faults.join('\n')).toMatch(/are on hand, not/);
  });
});
