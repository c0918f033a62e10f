import { z } from 'zod';
import type { CatalogueItem, ShopAccess } from '../kit';
import { fieldsOf, optionalId, optionalText } from './fields';
import { readSkuIds } from './products';
import { readSellable } from './sellable';

/**
 * What is known of a status of a product or SKU, in lower case without spaces: true where buyers see it. [L5 doc]
 * Products: Active, InActive, Deleted, Pending, Rejected, sold-out (the filter's values), suspended SKUs; and those of
 * quality control: APPROVED, LIVE_REJECTED, LOCK. [L2 doc]
 */
const STATUSES: ReadonlyMap<string, boolean> = new Map([
  ['active', true],
  ['live', true],
  ['approved', true],
  ['soldout', true],
  ['inactive', false],
  ['deleted', false],
  ['pending', false],
  ['pendingqc', false],
  ['rejected', false],
  ['liverejected', false],
  ['lock', false],
  ['locked', false],
  ['suspended', false],
]);

const PRODUCT = z.object({
  item_id: optionalId,
  itemId: optionalId,
  status: optionalText,
  attributes: z.unknown().optional(),
  skus: z.array(z.unknown()).catch([]),
  suspendedSkus: z.array(z.unknown()).catch([]),
});

/** Every SKU of a product that says its ids: without them nothing can be linked to it. Pure; never throws. */
export function readItems(data: unknown, settings: ShopAccess['settings']): readonly CatalogueItem[] {
  const product = PRODUCT.parse({ skus: [], suspendedSkus: [], ...fieldsOf(data) });
  const itemId = product.item_id ?? product.itemId;
  if (itemId === undefined) return [];
  const name = optionalText.parse(fieldsOf(product.attributes)['name']) ?? '';
  const items = product.skus.flatMap((sku) => {
    const seen = visibility(product.status, optionalText.parse(fieldsOf(sku)['Status']));
    return readItem(sku, { itemId, name, seen, settings });
  });
  const listed = new Set(items.map(({ channelIds }) => channelIds['skuId']));
  const suspended = product.suspendedSkus
    .flatMap((sku) => readItem(sku, { itemId, name, seen: { isLive: false }, settings }))
    .filter(({ channelIds }) => !listed.has(channelIds['skuId']));
  return [...items, ...suspended];
}

type Visibility = Pick<CatalogueItem, 'isLive' | 'unknownStatus'>;

interface Around {
  readonly itemId: string;
  readonly name: string;
  readonly seen: Visibility;
  readonly settings: ShopAccess['settings'];
}

function readItem(sku: unknown, { itemId, name, seen, settings }: Around): readonly CatalogueItem[] {
  const { skuId, sellerSku = '' } = readSkuIds(sku);
  if (skuId === undefined) return [];
  const sellable = readSellable(sku, settings);
  return [
    {
      channelIds: { itemId, skuId, sellerSku },
      sellerSku,
      name,
      ...seen,
      ...(sellable === undefined ? {} : { sellable }),
    },
  ];
}

/** Seen by buyers where both the product and the SKU are; a SKU without a status has its product's. */
function visibility(product: string | undefined, sku: string | undefined): Visibility {
  const written = [product, sku].filter((status) => status !== undefined);
  if (written.length === 0) return { isLive: false, unknownStatus: 'none' };
  const unknown = written.find((status) => !STATUSES.has(plain(status)));
  if (unknown !== undefined) return { isLive: false, unknownStatus: unknown.slice(0, 64) };
  return { isLive: written.every((status) => STATUSES.get(plain(status)) === true) };
}

const plain = (status: string): string => status.toLowerCase().replace(/[\s_-]/g, '');
