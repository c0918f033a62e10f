import type { Hint } from '../kit';
import { type LazadaPush, readPush } from './inbound';

/** What the hub makes of a message type. */
interface Kind {
  readonly asks: 'order' | 'listings' | 'access' | 'nothing';
  readonly name: string;
}

const kind = (asks: Kind['asks'], name: string): Kind => ({ asks, name });

/** Every documented message type. [L2 doc] */
const KINDS: ReadonlyMap<number, Kind> = new Map([
  // Reverse orders and packages name their order too, and the order is read.
  [0, kind('order', 'trade order')],
  [10, kind('order', 'reverse order')],
  [14, kind('order', 'fulfilment package')],
  // Names its item only, and no SKU; what it switches off is seen when the listing is read or written.
  [1, kind('listings', 'product quality control')],
  [3, kind('listings', 'product or SKU created')],
  [4, kind('listings', 'product edited')],
  [5, kind('listings', 'product or SKU deleted')],
  [6, kind('listings', 'low stock')],
  [8, kind('access', 'authorisation expiring')],
  [2, kind('nothing', 'instant message')],
  [7, kind('nothing', 'video')],
  // Vouchers, combos and free shipping: none of them holds stock. [L8 doc]
  [11, kind('nothing', 'promotion')],
  [12, kind('nothing', 'category tree')],
  // A closed shop keeps its token: its calls are refused one by one, and are taken again when it opens.
  [13, kind('nothing', 'seller status')],
  [19, kind('nothing', 'instant message session')],
  [21, kind('nothing', 'review')],
  // Goods sent into Lazada's own warehouse ahead of their sale.
  [35, kind('nothing', 'JIT purchase order')],
  [46, kind('nothing', 'JIT pickup')],
]);

/** What a kept push asks for. Pure; never throws. */
export function hint(bytes: Buffer): Hint {
  const push = readPush(bytes);
  if (push === undefined) return { kind: 'unreadable', reason: 'no JSON object with a message_type' };
  const { asks, name } = KINDS.get(push.messageType) ?? kind('nothing', 'not documented');
  switch (asks) {
    case 'order':
      return orderOf(push);
    case 'listings':
      return listingsOf(push, name);
    case 'access':
      return accessOf(push);
    case 'nothing':
      return ignored(push, name);
  }
}

const shopOf = ({ sellerId }: LazadaPush): { readonly channelShopId?: string } =>
  sellerId === undefined ? {} : { channelShopId: sellerId };

const typeOf = ({ messageType }: LazadaPush): string => `message type ${messageType}`;

/** `message type 13: seller status close`. */
function ignored(push: LazadaPush, name: string): Hint {
  const { status } = push.data;
  return { kind: 'ignored', ...shopOf(push), reason: `${typeOf(push)}: ${name}${status ? ` ${status}` : ''}` };
}

function orderOf(push: LazadaPush): Hint {
  const { sellerId, data } = push;
  if (sellerId === undefined) return { kind: 'unreadable', reason: `${typeOf(push)} without a seller_id` };
  if (data.tradeOrderId === undefined) {
    return { kind: 'unreadable', reason: `${typeOf(push)} without a trade_order_id` };
  }
  return { kind: 'order', channelShopId: sellerId, externalId: data.tradeOrderId };
}

/** The key of a listing is its SkuId. */
function listingsOf(push: LazadaPush, name: string): Hint {
  const { skuIds } = push.data;
  if (skuIds.length === 0) return ignored(push, name);
  return { kind: 'listings', ...shopOf(push), listingKeys: skuIds, reason: `${typeOf(push)}: ${name}` };
}

function accessOf(push: LazadaPush): Hint {
  const { expiresAt } = push.data;
  if (push.sellerId === undefined) return { kind: 'unreadable', reason: `${typeOf(push)} without a seller_id` };
  return {
    kind: 'access',
    ...shopOf(push),
    news: 'expiring',
    ...(expiresAt === undefined ? {} : { until: expiresAt }),
  };
}
