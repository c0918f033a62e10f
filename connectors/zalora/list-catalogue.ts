import { z } from 'zod';
import { idField, optionalText, type CallContext, type CatalogueItem, type CataloguePage } from '../kit';
import { readListPage, type MovingList } from './list-page';
import { errorOf, exchange, isDone, shaped, type ZaloraRequest } from './wire';

/** [Z1] at most 100, but each set costs another call: so few that an interrupted import repeats little. */
const PAGE = 20;
/** Sets that are read at the same time. */
const AT_ONCE = 5;

const setSchema = z.object({ id: idField, name: optionalText.catch(undefined) });
type ProductSet = z.infer<typeof setSchema>;

/** [Z1] oldest first, and deleted ones too: a set keeps its place, new ones come at the end. */
const SETS: MovingList<ProductSet> = {
  path: '/v2/product-sets',
  query: { status: 'all', orderBy: 'createdAt', orderDirection: 'asc' },
  limit: PAGE,
  row: setSchema,
  placeOf: ({ id }) => id,
};

/** [Z1] a product is one variation of a set; its id is what stock and prices are written to. */
const productSchema = z.object({
  id: idField,
  sellerSku: optionalText.catch(undefined),
  name: optionalText.catch(undefined),
  variation: optionalText.catch(undefined),
  status: optionalText.catch(undefined),
  approvalStatus: optionalText.catch(undefined),
});
type Product = z.infer<typeof productSchema>;
const productsSchema = z.union([
  z.array(productSchema).max(10_000),
  z.object({ items: z.array(productSchema).max(10_000) }).transform(({ items }) => items),
]);

const STATUSES: ReadonlySet<string | undefined> = new Set(['active', 'inactive', 'deleted']);
const APPROVALS: ReadonlySet<string | undefined> = new Set([undefined, 'pending', 'approved', 'rejected']);

function itemOf(set: ProductSet, product: Product): CatalogueItem {
  const { id, sellerSku = '', status, approvalStatus } = product;
  const unknown = [
    ...(STATUSES.has(status) ? [] : [status ?? 'none']),
    ...(APPROVALS.has(approvalStatus) ? [] : [`approval ${approvalStatus ?? ''}`]),
  ];
  const name = [product.name ?? set.name, product.variation].filter((part) => part !== undefined).join(', ');
  return {
    channelIds: { productId: id, sellerSku },
    sellerSku,
    name,
    isLive: status === 'active' && (approvalStatus ?? 'approved') === 'approved',
    ...(unknown.length === 0 ? {} : { unknownStatus: unknown.join(', ').slice(0, 100) }),
  };
}

/** [Z1] a bare array; 404 is a set that went away since the list was read. */
async function readSet(call: CallContext, set: ProductSet): Promise<readonly CatalogueItem[]> {
  const request: ZaloraRequest = { method: 'GET', path: `/v2/product-set/${set.id}/products`, effect: 'read' };
  const answer = await exchange(call, request);
  if (answer.status === 404) return [];
  if (!isDone(answer)) throw errorOf(call, request, answer);
  return shaped(answer, productsSchema).map((product) => itemOf(set, product));
}

/**
 * One page of the catalogue: 20 product sets, and then the products of each, because no list gives all products with
 * their ids (QUIRKS 15). `total` is not told: Zalora counts sets.
 * @throws ChannelError
 */
export async function listCatalogue(call: CallContext, cursor?: string): Promise<CataloguePage> {
  const { rows, next } = await readListPage(call, SETS, cursor);
  const items: CatalogueItem[] = [];
  for (let at = 0; at < rows.length; at += AT_ONCE) {
    const sets = await Promise.all(rows.slice(at, at + AT_ONCE).map((set) => readSet(call, set)));
    items.push(...sets.flat());
  }
  return { items, ...(next === undefined ? {} : { next }) };
}
