import { randomUUID } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Breakers, type BreakerReport } from '../platform/breaker';
import { Clock } from '../platform/clock';
import { Sweeps } from '../platform/sweep';
import { BreakerStatesStore } from '../store/breaker-states.store';

const EVERY_MS = 500;
const GOOD_FOR_MS = 5000;

/** Tells the other processes which breakers are not closed here, so that a shop's health is the same everywhere. */
@Injectable()
export class ReportBreakersWorker implements OnModuleInit {
  private readonly id = randomUUID();
  private told: ReadonlySet<string> = new Set();

  constructor(
    private readonly breakers: Breakers,
    private readonly states: BreakerStatesStore,
    private readonly sweeps: Sweeps,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.sweeps.every({ name: 'breakers', everyMs: EVERY_MS, sweep: () => this.report() });
  }

  /** A breaker that closed again is told once more, then no more. */
  private async report(): Promise<number> {
    const isNews = (report: BreakerReport): boolean => report.state !== 'closed' || this.told.has(idOf(report));
    const news = this.breakers.states().filter(isNews);
    await this.states.report(this.id, news, this.clock.now() + GOOD_FOR_MS);
    this.told = new Set(news.filter((report) => report.state !== 'closed').map(idOf));
    return 0;
  }
}

const idOf = ({ channel, host, shop = '' }: BreakerReport): string => `${channel} ${host} ${shop}`;
