import { OWN_SHOP } from '../../src/domain';
import { faultsOn, findOrder, keptOf, openArenas, stockUp, type Arena, type Arenas } from '../support/races/arena';
import { untilItLoses } from '../support/races/until-it-loses';
import type { Work } from '../support/races/work';

let arenas: Arenas;
beforeAll(async () => {
  arenas = await openArenas();
});
afterAll(() => arenas.close());

const count = (answers: readonly string[], kind: string): number => answers.filter((each) => each === kind).length;
const holds = (seller: string, much: number): Work[] =>
  Array.from({ length: much }, (_, at) => ({ seller, do: 'hold', id: `h-${at}`, lines: [{ sku: 'SKU', units: 1 }] }));

/** Far more holds than there are units. */
async function raceHolds(arena: Arena, seller: string, much: { holds: number; units: number }): Promise<string[]> {
  await stockUp(arena.rooms, seller, { SKU: much.units });
  const works = holds(seller, much.holds);
  const answers = await arena.race(works, 400);
  const { position, moves } = await keptOf(arena.rooms, seller, 'SKU');
  const drawn = moves.filter(({ holding }) => (holding?.drew.length ?? 0) > 0).length;
  return [
    ...(await faultsOn(arena.rooms, seller, 'SKU')),
    ...(count(answers, 'made') === much.units ? [] : [`${count(answers, 'made')} holds were made`]),
    ...(count(answers, 'short') === much.holds - much.units ? [] : [`${count(answers, 'short')} holds were refused`]),
    ...(position.committed === much.units ? [] : [`${position.committed} are committed`]),
    ...(drawn === much.units ? [] : [`${drawn} holds took something`]),
  ];
}

describe('5,000 holds race for 100 units', () => {
  const WITHIN_MS = 45_000;

  it('pain-01 exactly 100 are made, and the refused ones hold nothing', async () => {
    const arena = await arenas.with();
    const began = performance.now();
    expect(await raceHolds(arena, 'holds', { holds: 5000, units: 100 })).toEqual([]);
    const tookMs = performance.now() - began;
    console.info(`5,000 holds: ${Math.round(tookMs)} ms`);
    expect(tookMs).toBeLessThan(WITHIN_MS);
  });

  it('and more are made where a position is written without its version', async () => {
    const arena = await arenas.with('positions');
    const faults = await untilItLoses(async (round) => {
      const found = await raceHolds(arena, `holds-naive-${round}`, { holds: 300, units: 50 });
      return found.filter((fault) => /holds were made|are committed/.test(fault));
    });
    expect(faults).not.toEqual([]);
  });
});

const STEPS = ['confirm', 'release', 'expire'] as const;
const ENDS: Readonly<Record<string, string>> = { confirm: 'confirmed', release: 'released', expire: 'expired' };

/** Every hold is confirmed, released and found over at the same moment. */
async function raceSteps(arena: Arena, seller: string): Promise<string[]> {
  const much = 40;
  await stockUp(arena.rooms, seller, { SKU: much });
  await arena.race(holds(seller, much));
  const ids = Array.from({ length: much }, (_, at) => `h-${at}`);
  const works = ids.flatMap((id, at) =>
    STEPS.map((_, turn): Work => ({ seller, do: STEPS[(at + turn) % STEPS.length]!, id })),
  );
  const answers = await arena.race(works);
  const checked = await Promise.all(
    ids.map(async (id) => {
      const order = await findOrder(arena.rooms, seller, { shop: OWN_SHOP, id });
      const won = works.flatMap((work, at) =>
        'id' in work && work.id === id && work.do !== 'expire' && answers[at] === 'done' ? [ENDS[work.do]] : [],
      );
      const status = order?.hold?.status ?? '';
      const isSaid = won.length === 0 ? status === 'expired' : won.length === 1 && won[0] === status;
      return {
        confirmed: status === 'confirmed',
        fault: isSaid ? [] : [`${id} is ${status}; done: ${won.join(', ')}`],
      };
    }),
  );
  const confirmed = checked.filter((each) => each.confirmed).length;
  const { position } = await keptOf(arena.rooms, seller, 'SKU');
  return [
    ...checked.flatMap(({ fault }) => fault),
    ...(await faultsOn(arena.rooms, seller, 'SKU')),
    ...(position.committed === confirmed ? [] : [`${position.committed} are committed, ${confirmed} are confirmed`]),
  ];
}

describe('a hold is confirmed, released and over at one moment', () => {
  it('exactly one of them wins', async () => {
    const arena = await arenas.with();
    for (const round of [1, 2, 3]) expect(await raceSteps(arena, `steps-${round}`)).toEqual([]);
  });

  it('two of them win where an order is written without its version', async () => {
    const arena = await arenas.with('orders');
    const faults = await untilItLoses((round) => raceSteps(arena, `steps-naive-${round}`));
    expect(faults.join('\n')).toMatch(/done: \w+, \w+|are confirmed/);
  });
});
