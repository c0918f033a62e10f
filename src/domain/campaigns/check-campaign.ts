import type { CampaignItem } from './campaign';
import { keyOf, type ShopId } from '../ids';
import { EMPTY_POSITION, sharedOf, type Position } from '../stock/position';

/** What stands between a campaign's items and its approval. */
export interface CampaignFinding {
  readonly check: 'stock' | 'unlisted' | 'overlap';
  readonly sku: string;
  readonly shop?: ShopId;
  /** For `stock`: units asked for, over all shops, and there. */
  readonly asked?: number;
  readonly available?: number;
  /** For `overlap`: the other campaign. */
  readonly campaign?: string;
}

/** An item of another campaign that is approved or live and whose time overlaps. */
export interface RivalItem extends CampaignItem {
  readonly campaign: string;
  /** Its units are in the position's quotas already. */
  readonly isHeld: boolean;
}

/** What is known about the skus of some items. */
export interface CampaignGround {
  readonly positions: ReadonlyMap<string, Position>;
  /** `shop|sku` of what the shops list. */
  readonly listed: ReadonlySet<string>;
  readonly rivals: readonly RivalItem[];
  /** Campaigns whose quotas are free when this one begins: those that are over by then, and itself. */
  readonly over: ReadonlySet<string>;
}

/** Looks at all items of some skus; the items of one sku must come together. */
export function checkCampaign(items: readonly CampaignItem[], ground: CampaignGround): readonly CampaignFinding[] {
  const bySku = new Map<string, CampaignItem[]>();
  for (const item of items) bySku.set(item.sku, [...(bySku.get(item.sku) ?? []), item]);
  const rivals = new Map<string, RivalItem[]>();
  for (const rival of ground.rivals) rivals.set(rival.sku, [...(rivals.get(rival.sku) ?? []), rival]);
  return [...bySku].flatMap(([sku, ofSku]) => checkSku(ofSku, ground, rivals.get(sku) ?? []));
}

function checkSku(
  items: readonly CampaignItem[],
  { positions, listed, over }: CampaignGround,
  rivals: readonly RivalItem[],
): readonly CampaignFinding[] {
  const sku = items[0]?.sku ?? '';
  const position = positions.get(sku) ?? EMPTY_POSITION;
  const quotas = position.quotas.filter(({ campaign }) => !over.has(campaign));
  const promised = sumOf(rivals.filter(({ isHeld }) => !isHeld));
  const available = Math.max(0, sharedOf({ ...position, quotas }) - promised);
  const asked = sumOf(items);
  return [
    ...(asked > available ? [{ check: 'stock', sku, asked, available } as const] : []),
    ...items
      .filter(({ shop }) => !listed.has(keyOf(shop, sku)))
      .map(({ shop }) => ({ check: 'unlisted', sku, shop }) as const),
    ...rivals
      .filter((rival) => items.some(({ shop }) => shop === rival.shop))
      .map(({ shop, campaign }) => ({ check: 'overlap', sku, shop, campaign }) as const),
  ];
}

const sumOf = (items: readonly CampaignItem[]): number => items.reduce((sum, { quantity }) => sum + quantity, 0);
