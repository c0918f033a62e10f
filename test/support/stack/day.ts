import { setTimeout as delay } from 'node:timers/promises';
import { CHANNELS } from './channels';
import { Trial } from './trial';
import { listingDifferences, moneyDifferences, orderDifferences, readTruth, stockDifferences } from './truth';

/** A day's trade, or a part of it, played so many times faster. */
export interface DayPlan {
  readonly factor: number;
  readonly hours: number;
  readonly orders: number;
  readonly seed: number;
}

/** What the marketplaces do to everybody, all day long. */
const MISBEHAVIOUR = { loseRate: 0.05, duplicateRate: 0.1, reorder: 0.1, errorRate: 0.02 };
const HOUR_MS = 3_600_000;
const TOKEN_LIFE_S = 3600;
const LOOK_MS = 1500;

/** Three shops whose marketplaces lose, double and shuffle news, fail calls and let tokens end every hour. */
export class Day {
  private constructor(
    readonly trial: Trial,
    private readonly plan: DayPlan,
  ) {}

  static async begin(plan: DayPlan): Promise<Day> {
    const env = { HUB_CLOCK_FACTOR: String(plan.factor) };
    return new Day(await Trial.start({ sandboxClock: plan.factor, env }), plan);
  }

  end(): Promise<void> {
    return this.trial.stop();
  }

  /** Buyers order until so many orders were placed, over no less than the hours of the plan. */
  async trade(): Promise<void> {
    const { factor, hours, orders, seed } = this.plan;
    const { sandbox } = this.trial.stack;
    for (const [at, channel] of CHANNELS.entries()) {
      await sandbox.must('PUT', `/${channel}/token-life`, { accessS: TOKEN_LIFE_S });
      await sandbox.must('PUT', `/${channel}/faults`, { ...MISBEHAVIOUR, seed: seed + at });
    }
    const realMs = (hours * HOUR_MS) / factor;
    const endsAt = performance.now() + realMs;
    await this.trial.trade(Math.ceil((orders * 60_000) / realMs), seed);
    while (performance.now() < endsAt || (await this.trial.ordered()) < orders) await delay(LOOK_MS);
    await this.trial.rest();
  }

  /** In what hub and marketplaces differ once nothing changes any more; looks until they agree or the time is over. */
  async differences(withinMs: number): Promise<readonly string[]> {
    const endsAt = performance.now() + withinMs;
    for (;;) {
      const differences = await this.differencesNow();
      if (differences.length === 0 || performance.now() > endsAt) return differences;
      await delay(LOOK_MS);
    }
  }

  private async differencesNow(): Promise<readonly string[]> {
    const { judged } = this.trial;
    const truth = await readTruth(judged);
    return [
      ...(await orderDifferences(judged, truth)),
      ...(await moneyDifferences(judged)),
      ...(await stockDifferences(judged, truth)),
      ...(await listingDifferences(judged, truth, 'hub')),
      ...(await listingDifferences(judged, truth, 'buyers')),
    ];
  }
}
