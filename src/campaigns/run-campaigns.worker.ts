import { Injectable, type BeforeApplicationShutdown, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { keyOf } from '../domain';
import { Clock } from '../platform/clock';
import { Log, withLogContext } from '../platform/logger';
import { Sweeps } from '../platform/sweep';
import { CampaignsStore, type CampaignRecord } from '../store/campaigns.store';
import { RunCampaignService } from './run-campaign.service';

/** With its jitter at most 250 ms: what a start may be late. */
const SWEEP_MS = 200;
/** Campaigns that this process works on side by side. */
const AT_A_TIME = 16;

/** Looks at the campaigns that are due, those that wait longest first. A large one keeps no other waiting. */
@Injectable()
export class RunCampaignsWorker implements OnModuleInit, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly active = new Map<string, Promise<void>>();
  private isStopping = false;

  constructor(
    private readonly campaigns: CampaignsStore,
    private readonly runner: RunCampaignService,
    private readonly sweeps: Sweeps,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.sweeps.every({ name: 'campaigns', everyMs: SWEEP_MS, sweep: () => this.begin() });
  }

  onModuleDestroy(): void {
    this.isStopping = true;
    this.runner.stop();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.rest();
  }

  /** Begins on as many as there is room for. @returns how many. */
  async begin(): Promise<number> {
    const room = AT_A_TIME - this.active.size;
    if (room <= 0 || this.isStopping) return 0;
    const due = await this.campaigns.dueBefore(this.clock.now(), AT_A_TIME);
    const mine = due.filter((campaign) => !this.active.has(nameOf(campaign))).slice(0, room);
    for (const campaign of mine) this.start(campaign);
    return mine.length;
  }

  /** Resolves when none is worked on. */
  async rest(): Promise<void> {
    while (this.active.size > 0) await Promise.all(this.active.values());
  }

  private start(campaign: CampaignRecord): void {
    const name = nameOf(campaign);
    const { seller, id } = campaign;
    const run = withLogContext({ seller, campaign: id }, () => this.runner.run(campaign))
      .catch((error: unknown) => this.log.warn({ err: error }, 'work on a campaign ended early; a sweep goes on'))
      .then(() => void this.active.delete(name));
    this.active.set(name, run);
  }
}

const nameOf = ({ seller, id }: CampaignRecord): string => keyOf(seller, id);
