import { Injectable } from '@nestjs/common';
import { keyOf } from '../domain';
import { Clock } from '../platform/clock';
import { CampaignItemsStore, type CampaignItemRecord } from '../store/campaign-items.store';
import { listOf, type CampaignRecord } from '../store/campaigns.store';
import { ProblemsStore } from '../store/problems.store';

/** Most items that one problem names. */
const MOST_NAMED = 10;

/** What an operator must know of a campaign: one problem for all its items, however many they are. */
@Injectable()
export class CampaignProblemsService {
  constructor(
    private readonly problems: ProblemsStore,
    private readonly items: CampaignItemsStore,
    private readonly clock: Clock,
  ) {}

  /** After a round through all items: opens what is so, closes what is over. */
  async tell(
    campaign: CampaignRecord,
    step: 'hold' | 'release',
    { failed, isLasting }: { readonly failed: number; readonly isLasting: boolean },
  ): Promise<void> {
    if (isLasting) await this.open(campaign, 'campaign', stuck(campaign, step, failed));
    else if (failed === 0) await this.close(campaign, 'campaign');
    if (step === 'release') return this.close(campaign, 'quota-cut');
    const cut = (await this.items.all(listOf(campaign))).filter(({ quantity, held }) => (held ?? quantity) < quantity);
    if (cut.length > 0) await this.open(campaign, 'quota-cut', missing(campaign, cut));
  }

  /** One that was missed is told for as long as it may still surprise somebody. */
  async tellMissed(campaign: CampaignRecord, isOver: boolean): Promise<void> {
    if (isOver) await this.close(campaign, 'campaign');
    else await this.open(campaign, 'campaign', missed(campaign));
  }

  private async open(campaign: CampaignRecord, kind: Kind, say: Said): Promise<void> {
    const { seller } = campaign;
    await this.problems.open({ seller, key: keyOf(kind, campaign.id), kind, ...say }, this.clock.now());
  }

  private async close({ seller, id }: CampaignRecord, kind: Kind): Promise<void> {
    await this.problems.close(seller, keyOf(kind, id), this.clock.now());
  }
}

type Kind = 'campaign' | 'quota-cut';

interface Said {
  readonly detail: string;
  readonly action: string;
  readonly sku?: string;
}

function stuck({ name }: CampaignRecord, step: 'hold' | 'release', failed: number): Said {
  const what = step === 'hold' ? 'hold no stock yet' : 'still hold stock';
  return {
    detail: `Of the campaign ${name}, so many items ${what}, because asking for it failed again and again: ${failed}.`,
    action: 'Tell whoever runs the hub; these items are tried again every half minute.',
  };
}

const missed = ({ name }: CampaignRecord): Said => ({
  detail: `The campaign ${name} was not held: the hub was away from its start to its end.`,
  action: 'Make it again for another time; this closes by itself after a week.',
});

function missing({ name }: CampaignRecord, cut: readonly CampaignItemRecord[]): Said {
  const each = cut.map(({ sku, shop, quantity, held = 0 }) => ({ sku, shop, quantity, units: quantity - held }));
  const named = each
    .slice(0, MOST_NAMED)
    .map((item) => `${item.units} of ${item.quantity} of ${item.sku} for ${item.shop}`);
  const sum = each.reduce((units, item) => units + item.units, 0);
  const [only, ...others] = each;
  return {
    detail: `${sum} units were not there when the campaign ${name} began: ${named.join(', ')}${cut.length > MOST_NAMED ? ' and more' : ''}.`,
    action: 'Bring stock and hold it by another campaign, or let this one run with what it has.',
    ...(only !== undefined && others.length === 0 && { sku: only.sku }),
  };
}
