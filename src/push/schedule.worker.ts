import { Injectable, type OnModuleInit } from '@nestjs/common';
import { keyOf } from '../domain';
import { Clock } from '../platform/clock';
import { nextRun } from '../platform/cron';
import { Sweeps } from '../platform/sweep';
import { LongJobsStore } from '../store/long-jobs.store';
import { REPUBLISH } from '../store/long-work';
import { SchedulesStore, type ScheduleRecord } from '../store/schedules.store';

const EVERY_MS = 1000;
const MOST_PER_SWEEP = 100;

/** Begins what schedules ask for, once for each instant, whoever looks first; instants that were missed, once. */
@Injectable()
export class ScheduleWorker implements OnModuleInit {
  constructor(
    private readonly schedules: SchedulesStore,
    private readonly jobs: LongJobsStore,
    private readonly sweeps: Sweeps,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.sweeps.every({ name: 'schedules', everyMs: EVERY_MS, sweep: () => this.sweep() });
  }

  /** @returns how many instants had come. */
  async sweep(): Promise<number> {
    const due = await this.schedules.dueBefore(this.clock.now(), MOST_PER_SWEEP);
    for (const schedule of due) await this.begin(schedule);
    return due.length;
  }

  /**
   * The work has the name of its instant: begun twice it is one. Where that of an earlier instant still runs, this one
   * is passed over: the same listings are being read.
   */
  private async begin({ due: at = 0, ...schedule }: ScheduleRecord): Promise<void> {
    const { seller, shop, id, scope } = schedule;
    const job = await this.jobs.begin({
      ...{ seller, kind: REPUBLISH, about: keyOf(shop, id), wish: { scope, trigger: 'rule' }, by: `schedule ${id}` },
      id: ['republish', shop, id, new Date(at).toISOString()].join('-'),
    });
    const next = nextRun(schedule, Math.max(at, this.clock.now()));
    const after = { ...schedule, v: schedule.v + 1, last: { at, job: job.id } };
    await this.schedules.put(next === undefined ? after : { ...after, due: next });
  }
}
