import { Injectable } from '@nestjs/common';
import { keyOf, nextCampaignStep, type CampaignStep } from '../domain';
import { Clock } from '../platform/clock';
import { crashPoint } from '../platform/crash-point';
import { Log } from '../platform/logger';
import { Pace } from '../platform/pace';
import {
  BY_HUB,
  CampaignsStore,
  type CampaignChange,
  type CampaignEntry,
  type CampaignRecord,
} from '../store/campaigns.store';
import { LeasesStore, type Lease } from '../store/leases.store';
import { BringItemsService, type Brought } from './bring-items.service';
import { CampaignProblemsService } from './campaign-problems.service';

/** Another process goes on with a campaign this long after one died at it; longer than a page of items takes. */
const LEASE_MS = 3000;
const AGAIN_MS = 1000;
const LONGEST_MS = 30_000;
/** So many rounds in a row that did not bring every item: a person is told. */
const TOLD_AFTER = 3;
/** So long a missed campaign stays a problem. */
const MISSED_MS = 7 * 86_400_000;

type Swap = 'start' | 'miss' | 'end';
type Bring = 'hold' | 'release';

/** Brings one campaign to where the clock and people want it. Every step may be done twice, by anybody. */
@Injectable()
export class RunCampaignService {
  private isStopping = false;

  constructor(
    private readonly campaigns: CampaignsStore,
    private readonly items: BringItemsService,
    private readonly leases: LeasesStore,
    private readonly problems: CampaignProblemsService,
    private readonly clock: Clock,
    private readonly pace: Pace,
    private readonly log: Log,
  ) {}

  /** Ends work after the page of items that it is at. */
  stop(): void {
    this.isStopping = true;
  }

  /** One process at a time does the work; that others might is no harm, only waste. */
  async run(campaign: CampaignRecord): Promise<void> {
    const lease = await this.leases.take(keyOf('campaign', campaign.seller, campaign.id), LEASE_MS);
    if (lease === undefined) return;
    try {
      await this.goOn(campaign, lease);
    } finally {
      await this.leases.release(lease);
    }
  }

  private async goOn({ seller, id }: CampaignRecord, lease: Lease): Promise<void> {
    let round: { readonly step: CampaignStep; readonly brought: Brought } | undefined;
    do {
      const campaign = await this.campaigns.find(seller, id);
      if (campaign?.due === undefined) return;
      const step = nextCampaignStep(campaign, this.clock.now());
      if (step === 'rest') return;
      if (step === 'tell') {
        await this.tellMissed(campaign);
        return;
      }
      if (step === 'hold' || step === 'release') {
        const brought = await this.items.bring(campaign, step, round?.step === step ? round.brought : undefined);
        if (brought.last === undefined) {
          await this.conclude(campaign, step, brought.failed);
          return;
        }
        round = { step, brought };
      } else await this.swap(campaign, step);
    } while (!this.isStopping && (await this.leases.renew(lease, LEASE_MS)));
  }

  private async swap(campaign: CampaignRecord, step: Swap): Promise<void> {
    const now = this.clock.now();
    const { change, entry } = swapOf(campaign, step, now);
    const swapped = await this.campaigns.swap(campaign, change, { ...entry, at: now, by: BY_HUB });
    if (swapped === undefined) return;
    crashPoint('campaign.swapped');
    this.log.info(entry, 'campaign moved on');
    if (step === 'start') await this.items.tidy(swapped);
  }

  private async tellMissed(campaign: CampaignRecord): Promise<void> {
    const until = (campaign.endedAt ?? 0) + MISSED_MS;
    const isOver = until <= this.clock.now();
    await this.problems.tellMissed(campaign, isOver);
    await this.campaigns.settle(campaign, { tries: 0, ...(!isOver && { due: until }) });
  }

  /** Every item was looked at: the campaign rests until its end, or, where some failed, until they are tried again. */
  private async conclude(campaign: CampaignRecord, step: Bring, failed: number): Promise<void> {
    const tries = failed === 0 ? 0 : campaign.tries + 1;
    await this.problems.tell(campaign, step, { failed, isLasting: tries >= TOLD_AFTER });
    const againMs = this.pace.of(Math.min(LONGEST_MS, AGAIN_MS * 2 ** campaign.tries));
    const againAt = failed === 0 ? Infinity : this.clock.now() + againMs;
    const due = Math.min(againAt, step === 'hold' ? campaign.endsAt : Infinity);
    await this.campaigns.settle(campaign, { tries, ...(due < Infinity && { due }) });
  }
}

function swapOf(
  { startsAt }: CampaignRecord,
  step: Swap,
  now: number,
): { change: CampaignChange; entry: Pick<CampaignEntry, 'did' | 'lateMs'> } {
  switch (step) {
    case 'start':
      return { change: { state: 'live', liveAt: now, due: now }, entry: { did: 'started', lateMs: now - startsAt } };
    case 'miss':
      return { change: { state: 'ended', endedAt: now, due: now }, entry: { did: 'missed' } };
    case 'end':
      return { change: { state: 'ended', endedAt: now, tries: 0, due: now }, entry: { did: 'ended' } };
  }
}
