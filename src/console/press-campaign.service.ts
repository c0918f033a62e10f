import { Injectable } from '@nestjs/common';
import { pressCampaign, type CampaignButton, type CampaignState } from '../domain';
import { Clock } from '../platform/clock';
import { CampaignsStore, type CampaignDeed, type CampaignRecord } from '../store/campaigns.store';
import { SellersStore } from '../store/sellers.store';
import { CampaignsService, refuseFull, wrongState } from './campaigns.service';
import { CheckCampaignService } from './check-campaign.service';
import { present } from './present';
import { nameOf, type SellerCall } from './principal';
import { conflict } from './refusal';

const MOST_ROUNDS = 20;

type Pressed = Exclude<CampaignButton, 'edit'>;

/** The buttons of people: each is one swap of the campaign's state, and the room of campaigns does what follows. */
@Injectable()
export class PressCampaignService {
  constructor(
    private readonly campaigns: CampaignsStore,
    private readonly service: CampaignsService,
    private readonly checks: CheckCampaignService,
    private readonly sellers: SellersStore,
    private readonly clock: Clock,
  ) {}

  /** @throws Refusal 409 where its state or its checks allow no such step, 412 for a stale version. */
  async press(call: SellerCall, id: string, press: { button: Pressed; reason?: string }): Promise<CampaignRecord> {
    const needsSecond = (await this.sellers.find(call.seller))?.settings.secondPerson.stockOnly ?? false;
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const campaign = await this.service.find(call.seller, id);
      await this.service.match(call, campaign);
      const state = pressCampaign(campaign.state, press.button, needsSecond);
      if (state === undefined) throw wrongState(campaign);
      if (press.button === 'submit') refuseFull(campaign);
      if (press.button === 'approve' && campaign.editedBy === nameOf(call)) {
        throw conflict('same-person', 'Who edited it last cannot approve it.');
      }
      if (state === 'approved') await this.mayApprove(campaign, press.reason);
      const moved = await this.move(campaign, state, { ...press, by: nameOf(call) });
      if (moved) return moved;
    }
    throw conflict('conflict', 'Others were always first.');
  }

  private move(
    campaign: CampaignRecord,
    state: CampaignState,
    { button, reason, by }: { button: Pressed; reason?: string; by: string },
  ): Promise<CampaignRecord | undefined> {
    const at = this.clock.now();
    const due = state === 'approved' ? campaign.startsAt : state === 'stopped' ? at : undefined;
    const isOver = state === 'stopped' || state === 'cancelled';
    const did = state === 'approved' ? 'approved' : DEEDS[button];
    const change = { state, tries: 0, due, ...(isOver && { endedAt: at }) };
    return this.campaigns.swap(campaign, change, { at, by, did, ...present({ reason }) });
  }

  private async mayApprove(campaign: CampaignRecord, reason: string | undefined): Promise<void> {
    const { level, checks } = await this.checks.check(campaign);
    if (level === 'ok' || (level === 'warn' && reason !== undefined)) return;
    const bad = checks.filter((check) => check.level === level);
    const [worst] = bad;
    const detail = bad.map((check) => check.detail).join(' ');
    if (worst?.check !== 'stock') throw conflict(worst?.check ?? level, detail, { checks });
    throw conflict('short', detail, { lines: worst.items, checks });
  }
}

const DEEDS: Readonly<Record<Pressed, CampaignDeed>> = {
  submit: 'submitted',
  'send-back': 'sent-back',
  approve: 'approved',
  cancel: 'cancelled',
  stop: 'stopped',
};
