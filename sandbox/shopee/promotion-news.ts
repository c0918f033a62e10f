import type { Draft } from '../dialect';
import type { Change } from '../order';
import type { PromotionNews } from '../promotions';
import type { Promotion } from '../shop';

const ITEM_PROMOTION = 7;
const RESERVED_STOCK = 8;
const PROMOTION_UPDATE = 9;

const ACTIONS: Record<PromotionNews, { stock: string; update: string }> = {
  added: { stock: 'promo_lock_stock', update: 'added_in_promo' },
  ended: { stock: 'promo_end', update: 'removed_from_promo' },
  cancelled: { stock: 'promo_cancelled', update: 'removed_from_promo' },
};

/** Pushes 7 and 9 when an item enters or leaves a promotion; `variation_id` is `model_id` elsewhere. [S2][S8 doc] */
export function promotionNews(promotion: Promotion, what: PromotionNews): Draft[] {
  const action = ACTIONS[what];
  const times = {
    start_time: seconds(promotion.startsMs),
    end_time: promotion.endsMs === undefined ? 0 : seconds(promotion.endsMs),
  };
  const stock = { ...namesOf(promotion), action: action.stock, reserved_stock: promotion.listing.locked, ...times };
  const update = { ...namesOf(promotion), action: action.update, ...times };
  return [draft(promotion, ITEM_PROMOTION, stock), draft(promotion, PROMOTION_UPDATE, update)];
}

/** Push 8 for each reserve that an order took from or gave back to. [S2][S8 doc] */
export function reserveNews({ order, kind, reserves }: Change): Draft[] {
  return (reserves ?? []).map(({ promotion, before, after }) => ({
    ...draft(promotion, RESERVED_STOCK, {
      ...namesOf(promotion),
      changed_values: [{ name: 'reserved_stock', old: before, new: after }],
      action: kind === 'placed' ? 'place_order' : 'cancel_order',
      ordersn: order.id,
    }),
    orderId: order.id,
  }));
}

function namesOf({ id, kind, listing }: Promotion): Record<string, unknown> {
  return {
    shop_id: Number(listing.shop.id),
    item_id: listing.itemId,
    variation_id: listing.modelId,
    promotion_type: kind,
    promotion_id: id,
  };
}

function draft(promotion: Promotion, code: number, data: Record<string, unknown>): Draft {
  const timestamp = seconds(Date.now());
  const body = {
    code,
    shop_id: Number(promotion.listing.shop.id),
    timestamp,
    data: { ...data, update_time: timestamp },
  };
  return { kind: String(code), orderId: undefined, body: JSON.stringify(body) };
}

function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}
