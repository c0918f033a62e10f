import { EMPTY_POSITION, freeOf, outcomeOf, sharedOf, type CampaignItem, type Outcome, type Position } from '../domain';
import type { CampaignItemRecord } from '../store/campaign-items.store';
import type { CampaignEntry, CampaignRecord } from '../store/campaigns.store';
import type { CampaignRowView } from './campaign-report.schema';
import type { CampaignEntryView, CampaignItemView, CampaignView } from './campaigns.schema';
import { instantText } from './money-border';
import { present } from './present';

export type Positions = ReadonlyMap<string, Position>;

/** A campaign as it is answered; `items` only where they are few. */
export function showCampaign(campaign: CampaignRecord, items?: readonly CampaignItemView[]): CampaignView {
  const { id, name, kind, state, v: version, timeZone, stockMode, lowStockPercent, itemCount, editedBy } = campaign;
  return {
    ...{
      id,
      name,
      kind,
      state,
      version,
      startsAt: instantText(campaign.startsAt),
      endsAt: instantText(campaign.endsAt),
    },
    ...{ timeZone, stockMode, itemCount, ...present({ lowStockPercent, items }), editedBy, ...showSpan(campaign) },
    ...{ createdAt: instantText(campaign.createdAt), updatedAt: instantText(campaign.updatedAt) },
  };
}

/** When it began and ended, as far as it did. */
export function showSpan({ liveAt, endedAt }: CampaignRecord): { startedAt?: string; endedAt?: string } {
  return present({
    startedAt: liveAt === undefined ? undefined : instantText(liveAt),
    endedAt: endedAt === undefined ? undefined : instantText(endedAt),
  });
}

/** Items in the rows that a body would have them in: shops that get the same number of a sku together. */
export function showItems(items: readonly CampaignItem[], positions: Positions): readonly CampaignItemView[] {
  const rows = new Map<string, { sku: string; quantity: number; shops: string[] }>();
  for (const { sku, quantity, shop } of items) {
    const key = `${quantity} ${sku}`;
    const row = rows.get(key) ?? { sku, quantity, shops: [] };
    row.shops.push(shop);
    rows.set(key, row);
  }
  return [...rows.values()].map((row) => ({ ...row, ...stockOf(positions.get(row.sku)) }));
}

/** What one item sold so far, with what there is of its sku. */
export function showRow(item: CampaignItemRecord, campaign: string, positions: Positions): CampaignRowView {
  const { sku, shop, state } = item;
  return { sku, shop, state, ...outcomeNow(item, campaign, positions), ...stockOf(positions.get(sku)) };
}

export function outcomeNow(item: CampaignItemRecord, campaign: string, positions: Positions): Outcome {
  const quotas = positions.get(item.sku)?.quotas ?? [];
  return outcomeOf(
    item,
    quotas.find((quota) => quota.campaign === campaign && quota.shop === item.shop),
  );
}

export function showEntry({ at, v: version, ...entry }: CampaignEntry & { readonly v: number }): CampaignEntryView {
  return { at: instantText(at), version, ...entry };
}

const stockOf = (position: Position = EMPTY_POSITION): { free: number; shared: number } => ({
  free: freeOf(position),
  shared: sharedOf(position),
});
