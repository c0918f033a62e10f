import { Injectable } from '@nestjs/common';
import {
  checkCampaign,
  inBatches,
  keyOf,
  overlaps,
  type CampaignFinding,
  type CampaignItem,
  type RivalItem,
} from '../domain';
import { Clock } from '../platform/clock';
import { CampaignItemsStore } from '../store/campaign-items.store';
import { CampaignsStore, listOf, type CampaignRecord } from '../store/campaigns.store';
import { ListingsStore } from '../store/listings.store';
import { PositionsStore } from '../store/positions.store';
import type { CheckLevel, CheckName, ChecksView, CheckView } from './campaign-report.schema';

const SKUS_PER_LOOK = 500;
/** Most campaigns of a seller, approved and live each, that are held against one. */
const MOST_OTHERS = 500;
const MOST_SHOWN = 100;

/** The campaigns beside the one that is checked. */
interface Others {
  readonly rivals: readonly CampaignRecord[];
  /** Live ones whose units are free when it begins, and itself. */
  readonly over: ReadonlySet<string>;
}

/** What stands between a campaign and its approval. */
@Injectable()
export class CheckCampaignService {
  constructor(
    private readonly campaigns: CampaignsStore,
    private readonly items: CampaignItemsStore,
    private readonly positions: PositionsStore,
    private readonly listings: ListingsStore,
    private readonly clock: Clock,
  ) {}

  async check(campaign: CampaignRecord): Promise<ChecksView> {
    const items = await this.items.all(listOf(campaign));
    const others = await this.othersOf(campaign);
    const findings: CampaignFinding[] = [];
    for (const skus of inBatches([...new Set(items.map(({ sku }) => sku))], SKUS_PER_LOOK)) {
      const among = new Set(skus);
      const some = items.filter(({ sku }) => among.has(sku));
      findings.push(...(await this.lookAt(campaign, { items: some, skus, others })));
    }
    const checks = [
      viewOf('items', items.length === 0),
      viewOf('time', campaign.endsAt <= this.clock.now()),
      ...(['stock', 'unlisted', 'overlap'] as const).map((check) => {
        const found = findings.filter((finding) => finding.check === check);
        return viewOf(check, found.length > 0, found);
      }),
    ];
    const level = (['stop', 'warn'] as const).find((worst) => checks.some((check) => check.level === worst)) ?? 'ok';
    return { level, checks };
  }

  private async othersOf(campaign: CampaignRecord): Promise<Others> {
    const inState = (state: 'approved' | 'live') => this.campaigns.list(campaign.seller, { state, limit: MOST_OTHERS });
    const [approved, live] = await Promise.all([inState('approved'), inState('live')]);
    const others = [...approved, ...live].filter(({ id }) => id !== campaign.id);
    const over = live.filter(({ id, endsAt }) => id === campaign.id || endsAt <= campaign.startsAt);
    return {
      rivals: others.filter((other) => overlaps(campaign, other)),
      over: new Set(over.map(({ id }) => id)),
    };
  }

  private async lookAt(
    { seller }: CampaignRecord,
    { items, skus, others }: { items: readonly CampaignItem[]; skus: readonly string[]; others: Others },
  ): Promise<readonly CampaignFinding[]> {
    const [positions, listings, rivals] = await Promise.all([
      this.positions.readNumbers(seller, skus),
      this.listings.bySkus(seller, skus),
      Promise.all(others.rivals.map((rival) => this.itemsOf(rival, skus))),
    ]);
    const listed = new Set(listings.flatMap(({ shop, skus: parts }) => parts.map((sku) => keyOf(shop, sku))));
    return checkCampaign(items, { positions, listed, rivals: rivals.flat(), over: others.over });
  }

  private async itemsOf(rival: CampaignRecord, skus: readonly string[]): Promise<readonly RivalItem[]> {
    const items = await this.items.ofSkus(listOf(rival), skus);
    return items.map((item) => ({ ...item, campaign: rival.id, isHeld: item.state !== 'pending' }));
  }
}

const SAYS: Readonly<Record<CheckName, { ok: string; not: string; fix: string; level: CheckLevel }>> = {
  items: { ok: 'It has items.', not: 'It has no items.', fix: 'Choose skus and shops.', level: 'stop' },
  time: { ok: 'Its end is to come.', not: 'Its end is past.', fix: 'Set a later end.', level: 'stop' },
  stock: {
    ok: 'There is stock for every item.',
    not: 'There is less stock than the items ask for.',
    fix: 'Lower their quantities, bring stock, or wait until another campaign ends.',
    level: 'stop',
  },
  unlisted: {
    ok: 'Every shop lists its items.',
    not: 'Shops do not list all their items.',
    fix: 'Map a listing of the shop to the sku, or take the shop off the item.',
    level: 'stop',
  },
  overlap: {
    ok: 'No other campaign holds the same items at the same time.',
    not: 'Other campaigns hold the same items at the same time: their quotas add up.',
    fix: 'Move one of them, or approve with a reason.',
    level: 'warn',
  },
};

function viewOf(check: CheckName, isFaulty: boolean, findings: readonly CampaignFinding[] = []): CheckView {
  const { ok, not, fix, level } = SAYS[check];
  const items = findings.slice(0, MOST_SHOWN).map(({ check: _check, ...item }) => item);
  const found = { count: findings.length, items };
  return isFaulty ? { check, level, detail: not, fix, ...found } : { check, level: 'ok', detail: ok, ...found };
}
