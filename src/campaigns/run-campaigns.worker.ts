import { Injectable, type BeforeApplicationShutdown, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { keyOf, type SellerId } from '../domain';
import { Clock } from '../platform/clock';
import { Log, withLogContext } from '../platform/logger';
import { Sweeps } from '../platform/sweep';
import { CampaignsStore, type CampaignRecord } from '../store/campaigns.store';
import { RunCampaignService } from './run-campaign.service';

/** With its jitter at most 250 ms: what a start may be late. */
const SWEEP_MS = 200;
/** Campaigns that this process works on side by side, and how many of them may be one seller's. */
const AT_A_TIME = 16;
const OF_A_SELLER = 4;
/** Most that are looked at to find them. */
const MOST_DUE = 500;

/** Looks at the campaigns that are due, those that wait longest first. Neither a large one nor many of one seller keep others waiting. */
@Injectable()
export class RunCampaignsWorker implements OnModuleInit, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly active = new Map<string, { readonly seller: SellerId; readonly run: Promise<void> }>();
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
    if (this.active.size >= AT_A_TIME || this.isStopping) return 0;
    const due = await this.campaigns.dueBefore(this.clock.now(), MOST_DUE);
    const before = this.active.size;
    for (const campaign of due) if (this.hasRoomFor(campaign)) this.start(campaign);
    return this.active.size - before;
  }

  /** Resolves when none is worked on. */
  async rest(): Promise<void> {
    while (this.active.size > 0) await Promise.all([...this.active.values()].map(({ run }) => run));
  }

  private hasRoomFor(campaign: CampaignRecord): boolean {
    if (this.active.size >= AT_A_TIME || this.active.has(nameOf(campaign))) return false;
    const ofSeller = [...this.active.values()].filter(({ seller }) => seller === campaign.seller);
    return ofSeller.length < OF_A_SELLER;
  }

  private start(campaign: CampaignRecord): void {
    const name = nameOf(campaign);
    const { seller, id } = campaign;
    const run = withLogContext({ seller, campaign: id }, () => this.runner.run(campaign))
      .catch((error: unknown) => this.log.warn({ err: error }, 'work on a campaign ended early; a sweep goes on'))
      .then(() => void this.active.delete(name));
    this.active.set(name, { seller, run });
  }
}

const nameOf = ({ seller, id }: CampaignRecord): string => keyOf(seller, id);
