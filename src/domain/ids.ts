declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** The tenant. Every record belongs to one. */
export type SellerId = Branded<'SellerId'>;
/** A registration at a channel; part of the callback address, so unguessable. */
export type AppId = Branded<'AppId'>;
/** One seller's account on one channel, or `own` for the seller's own site, phone and files. */
export type ShopId = Branded<'ShopId'>;
/** What a shop sells; unique inside its shop. */
export type ListingId = Branded<'ListingId'>;
/** `seller|shop|channel's order id`. */
export type OrderId = Branded<'OrderId'>;
/** `seller|sku`. */
export type PositionId = Branded<'PositionId'>;
/** `seller|shop|listing`. */
export type TargetId = Branded<'TargetId'>;
/** `seller|id` of work of many steps. */
export type LongJobId = Branded<'LongJobId'>;
/** `seller|id` of a seller's address that events are sent to. */
export type WebhookId = Branded<'WebhookId'>;
/** `app|key`, where the key is the channel's own id of the push or a digest with a time bucket. */
export type DeliveryId = Branded<'DeliveryId'>;

/** The shop of orders and holds that come from the seller's own systems. */
export const OWN_SHOP = 'own' as ShopId;

const ESCAPED: Record<string, string> = { '%': '%25', '|': '%7C' };

/** Joins parts into one key; `|` and `%` inside a part are escaped, so that two different lists never give one key. */
export const keyOf = (...parts: readonly string[]): string =>
  parts.map((part) => part.replace(/[%|]/g, (sign) => ESCAPED[sign] ?? sign)).join('|');

export const orderIdOf = (seller: SellerId, shop: ShopId, externalId: string): OrderId =>
  keyOf(seller, shop, externalId) as OrderId;
export const positionIdOf = (seller: SellerId, sku: string): PositionId => keyOf(seller, sku) as PositionId;
export const targetIdOf = (seller: SellerId, shop: ShopId, listing: ListingId): TargetId =>
  keyOf(seller, shop, listing) as TargetId;

/** The parts of a key, as they were given to `keyOf`. */
export const partsOf = (key: string): readonly string[] =>
  key.split('|').map((part) => part.replace(/%7C|%25/g, (code) => (code === '%7C' ? '|' : '%')));
