import { z } from 'zod';
import type { CallContext, CataloguePage } from '../kit';
import { refuseCircle } from './orders';
import { ask } from './wire';

const PAGE = 100;

const catalogueSchema = z.object({
  items: z
    .array(
      z.object({
        sku: z.string().min(1).max(128),
        name: z.string().catch(''),
        live: z.boolean(),
        sellable: z.int().min(0).max(Number.MAX_SAFE_INTEGER).nullish().catch(undefined),
      }),
    )
    .max(1000),
  next: z.string().min(1).max(1000).nullish(),
  total: z.int().min(0).nullish().catch(undefined),
});

/** One page of what the shop offers: its skus are the seller's own. @throws ChannelError */
export async function listCatalogue(call: CallContext, cursor?: string): Promise<CataloguePage> {
  const query = { limit: String(PAGE), ...(cursor === undefined ? {} : { cursor }) };
  const request = { method: 'GET', path: '/catalogue', query, effect: 'read' } as const;
  const { items, next, total } = await ask(call, request, catalogueSchema);
  refuseCircle(cursor, next);
  return {
    items: items.map(({ sku, name, live, sellable }) => ({
      channelIds: { sku },
      sellerSku: sku,
      name,
      isLive: live,
      ...(sellable == null ? {} : { sellable }),
    })),
    ...(next == null ? {} : { next }),
    ...(total == null ? {} : { total }),
  };
}
