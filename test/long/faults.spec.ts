import { CRASH_POINTS } from '../../src/platform/crash-point';
import { dieAt, killEngine, killRedis, wipeRedis } from '../support/stack/mishaps';
import { Trial } from '../support/stack/trial';

const MOST_MS = 9 * 60_000;
const ORDERS_PER_MINUTE = 1200;

/** A small generator, so that a seed that failed can be tried again. */
function dice(seed: number): (most: number) => number {
  let state = seed;
  return (most) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state % most;
  };
}

describe('a hub that has one mishap after the other', () => {
  it('has every order once, exact stock, and buyers who see it, after each of them', async () => {
    const seed = Number(process.env['FAULTS_SEED'] ?? Date.now() % 1_000_000);
    const roll = dice(seed);
    const endsAt = performance.now() + MOST_MS;
    const trial = await Trial.start();
    let mishaps = 0;
    try {
      while (performance.now() < endsAt) {
        await trial.trade(ORDERS_PER_MINUTE, seed + mishaps);
        await trial.moreOrders(5 + roll(20));
        const which = roll(CRASH_POINTS.length + 4);
        const point = CRASH_POINTS[which];
        if (point !== undefined) await dieAt(trial, point, 1 + roll(point === 'move.archived' ? 3 : 30));
        else if (which === CRASH_POINTS.length) await killRedis(trial, { isEmptied: roll(2) === 0 });
        else if (which === CRASH_POINTS.length + 1) await wipeRedis(trial);
        else await killEngine(trial);
        await trial.moreOrders(5);
        await trial.rest();
        mishaps += 1;
        const about = { seed, mishaps, at: point ?? `store ${which}` };
        expect({ ...about, differences: await trial.differences() }).toEqual({ ...about, differences: [] });
        expect({ ...about, seen: await trial.differencesForBuyers() }).toEqual({ ...about, seen: [] });
      }
      console.info(`faults: ${mishaps} mishaps of the seed ${seed}, ${await trial.ordered()} orders, no difference`);
    } finally {
      await trial.stop();
    }
  });
});
