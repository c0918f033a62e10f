/** One index and the queries it serves. Boot builds every one of them and refuses to start when one cannot be built. */
export interface IndexSpec {
  readonly collection: string;
  readonly key: Readonly<Record<string, 1 | -1>>;
  readonly unique?: true;
  /** Only documents that have the first field. */
  readonly sparse?: true;
  readonly expireAfterSeconds?: number;
  /** What reads by it, for people. */
  readonly serves: string;
}

/**
 * The one table of indexes. Unique keys start with the seller (the shard key of a larger cluster), except what is
 * found before the seller is known. Look-ups by `_id` need no row.
 */
export const INDEXES: readonly IndexSpec[] = [
  {
    collection: 'orders',
    key: { due: 1 },
    sparse: true,
    serves: 'sweep of orders whose stock is not yet brought to them',
  },
  { collection: 'orders', key: { seller: 1, updatedAt: 1, _id: 1 }, serves: 'GET /v1/orders' },
  { collection: 'orders', key: { seller: 1, shop: 1, updatedAt: 1, _id: 1 }, serves: 'GET /v1/orders?shop=' },
  { collection: 'orders', key: { seller: 1, channel: 1, updatedAt: 1, _id: 1 }, serves: 'GET /v1/orders?channel=' },
  { collection: 'orders', key: { seller: 1, status: 1, updatedAt: 1, _id: 1 }, serves: 'GET /v1/orders?status=' },
  { collection: 'orders', key: { seller: 1, shop: 1, placedAt: 1 }, serves: "audit of a shop's day" },
  { collection: 'orders', key: { seller: 1, externalId: 1 }, serves: 'GET /v1/orders?externalId=' },
  {
    collection: 'orders',
    key: { seller: 1, reference: 1 },
    sparse: true,
    serves: 'GET /v1/orders?externalId= by number',
  },
  {
    collection: 'positions',
    key: { due: 1 },
    sparse: true,
    serves: 'sweep of positions whose listings are not yet planned',
  },
  {
    collection: 'moves',
    key: { seller: 1, sku: 1, order: 1 },
    serves: 'the ledger: what an order holds, once its move is archived',
  },
  { collection: 'moves', key: { seller: 1, sku: 1, v: -1 }, serves: 'GET /v1/stock/:sku/moves; moves since a version' },
  { collection: 'balances', key: { seller: 1, sku: 1, at: -1 }, serves: 'the state of a sku at an instant' },
  { collection: 'targets', key: { due: 1 }, sparse: true, serves: 'sweep of listings that are to be written' },
  { collection: 'targets', key: { seller: 1, shop: 1, due: 1 }, serves: "a shop's dirty listings, oldest first" },
  { collection: 'targets', key: { seller: 1, skus: 1 }, serves: 'targets of one sku: planning, GET /v1/stock/:sku' },
  { collection: 'targets', key: { auditDue: 1 }, sparse: true, serves: 'shops with listings to read back' },
  { collection: 'targets', key: { seller: 1, shop: 1, auditDue: 1 }, serves: "a shop's listings to read back" },
  {
    collection: 'targets',
    key: { seller: 1, shop: 1, standing: 1, listing: 1 },
    serves: 'GET /v1/shops/:id/publications?state=',
  },
  { collection: 'targets', key: { 'lock.due': 1 }, sparse: true, serves: 'sweep of locks to be looked at' },
  { collection: 'adjustments', key: { due: 1 }, sparse: true, serves: 'sweep of relative moves nobody waits for' },
  { collection: 'attempts', key: { seller: 1, about: 1, _id: -1 }, serves: 'GET /v1/attempts of a shop, sku, listing' },
  {
    collection: 'attempts',
    key: { seller: 1, about: 1, trigger: 1, state: 1, _id: -1 },
    serves: 'GET /v1/attempts?trigger=&state=, of all, a shop, a sku or a listing',
  },
  { collection: 'attempt-days', key: { seller: 1, day: -1, shop: 1 }, serves: 'GET /v1/attempts/days' },
  { collection: 'attempt-days', key: { seller: 1, shop: 1, day: -1 }, serves: 'GET /v1/attempts/days?shop=' },
  {
    collection: 'attempts',
    key: { expiresAt: 1 },
    expireAfterSeconds: 0,
    serves: 'attempts are kept HUB_ATTEMPT_DAYS',
  },
  { collection: 'breaker-states', key: { channel: 1, until: 1 }, serves: "breaker in a shop's health" },
  { collection: 'breaker-states', key: { expiresAt: 1 }, expireAfterSeconds: 60, serves: 'words of dead processes go' },
  { collection: 'deliveries', key: { due: 1 }, sparse: true, serves: 'sweep of deliveries that wait to be read' },
  {
    collection: 'deliveries',
    key: { seller: 1, verdict: 1, updatedAt: 1, _id: 1 },
    serves: 'GET /v1/deliveries, of one verdict or of all four',
  },
  { collection: 'deliveries', key: { expiresAt: 1 }, expireAfterSeconds: 0, serves: 'settled pushes are kept 30 days' },
  { collection: 'deliveries', key: { order: 1 }, sparse: true, serves: "an order's timeline" },
  { collection: 'deliveries', key: { heldFor: 1 }, sparse: true, serves: "pushes that wait for a shop's token" },
  { collection: 'apps', key: { 'hooks.id': 1 }, unique: true, serves: 'the app of a push, before its seller is known' },
  { collection: 'apps', key: { seller: 1, _id: 1 }, serves: 'GET /v1/apps' },
  { collection: 'apps', key: { channel: 1, _id: 1 }, serves: 'apps whose channel keeps pushes it could not deliver' },
  { collection: 'shops', key: { app: 1, channelShopId: 1 }, unique: true, serves: "the seller of a channel's shop" },
  { collection: 'shops', key: { onlyOf: 1 }, unique: true, sparse: true, serves: 'the shop of pushes that name none' },
  {
    collection: 'shops',
    key: { hookDue: 1 },
    sparse: true,
    serves: 'sweep of shops whose pushes are to be registered',
  },
  { collection: 'shops', key: { seller: 1, _id: 1 }, serves: 'GET /v1/shops' },
  { collection: 'shops', key: { refreshDue: 1 }, sparse: true, serves: 'sweep of shops whose tokens are looked at' },
  {
    collection: 'shops',
    key: { catchUpDue: 1 },
    sparse: true,
    serves: 'sweep of shops that can be called again',
  },
  { collection: 'consents', key: { expiresAt: 1 }, expireAfterSeconds: 0, serves: 'states of consents go' },
  {
    collection: 'shops',
    key: { due: 1 },
    sparse: true,
    serves: 'sweep of shops whose listings wait to be planned anew',
  },
  { collection: 'listings', key: { seller: 1, shop: 1, key: 1 }, unique: true, serves: 'the listings of order lines' },
  { collection: 'listings', key: { due: 1 }, sparse: true, serves: 'sweep of listings that were made or changed' },
  { collection: 'listings', key: { seller: 1, skus: 1 }, serves: 'listings that one sku is a part of' },
  { collection: 'listings', key: { seller: 1, shop: 1, listing: 1 }, serves: "a shop's listings, page by page" },
  {
    collection: 'catalogue',
    key: { seller: 1, shop: 1, key: 1 },
    unique: true,
    serves: 'what a shop offers, page by page',
  },
  { collection: 'catalogue', key: { seller: 1, shop: 1, state: 1, key: 1 }, serves: 'GET /v1/shops/:id/catalogue' },
  { collection: 'catalogue', key: { seller: 1, shop: 1, sellerSku: 1 }, serves: 'items that carry one seller sku' },
  { collection: 'keys', key: { hash: 1 }, unique: true, serves: 'the key of a caller, before its seller is known' },
  { collection: 'keys', key: { seller: 1, _id: 1 }, serves: 'GET /v1/sellers/:seller/keys' },
  { collection: 'keys', key: { seller: 1, person: 1 }, serves: 'all keys of one person' },
  { collection: 'poll-cursors', key: { due: 1 }, serves: 'sweep of shops whose orders are to be polled' },
  { collection: 'poll-cursors', key: { auditAt: 1 }, serves: 'sweep of shops that are to be audited' },
  { collection: 'poll-cursors', key: { movedAt: 1 }, sparse: true, serves: 'the oldest cursor, for the metrics' },
  { collection: 'skus', key: { seller: 1, sku: 1 }, serves: 'GET /v1/skus' },
  { collection: 'skus', key: { seller: 1, category: 1, sku: 1 }, serves: 'GET /v1/skus?category=' },
  { collection: 'skus', key: { seller: 1, words: 1, sku: 1 }, serves: 'GET /v1/skus?q=' },
  { collection: 'long-jobs', key: { due: 1 }, sparse: true, serves: 'sweep of long work whose next step is due' },
  { collection: 'long-jobs', key: { only: 1 }, unique: true, sparse: true, serves: 'one job of a kind at a time' },
  { collection: 'long-jobs', key: { expiresAt: 1 }, expireAfterSeconds: 0, serves: 'what is over is kept 30 days' },
  { collection: 'stock-files', key: { seller: 1, file: 1, lastRow: 1 }, serves: 'GET /v1/jobs/:id/rows' },
  { collection: 'stock-files', key: { seller: 1, file: 1, faulty: 1, lastRow: 1 }, serves: '… of faulty rows' },
  { collection: 'stock-files', key: { expiresAt: 1 }, expireAfterSeconds: 0, serves: 'files are kept 35 days' },
  { collection: 'idempotency', key: { expiresAt: 1 }, expireAfterSeconds: 0, serves: 'answers are kept one day' },
  {
    collection: 'campaigns',
    key: { due: 1 },
    sparse: true,
    serves: 'sweep of campaigns that start, end or bring items',
  },
  { collection: 'campaigns', key: { seller: 1, id: -1 }, serves: 'GET /v1/campaigns' },
  { collection: 'campaigns', key: { seller: 1, state: 1, id: -1 }, serves: 'GET /v1/campaigns?state=' },
  {
    collection: 'campaign-items',
    key: { seller: 1, list: 1, sku: 1 },
    serves: 'what another campaign has of some skus',
  },
  {
    collection: 'campaign-items',
    key: { seller: 1, list: 1, state: 1, _id: 1 },
    serves: 'items whose stock is not held yet',
  },
  { collection: 'problems', key: { seller: 1, key: 1 }, serves: 'GET /v1/problems' },
  {
    collection: 'problems',
    key: { due: 1 },
    sparse: true,
    serves: "sweep of problems that a seller's systems are to be told of",
  },
  { collection: 'problems', key: { kind: 1, open: 1 }, serves: 'sweep of problems whose cause may be gone' },
  { collection: 'problems', key: { seller: 1, open: 1, key: 1 }, serves: 'GET /v1/problems?open=' },
  { collection: 'dead-letters', key: { seller: 1, state: 1, since: 1, _id: 1 }, serves: 'GET /v1/dead-letters' },
  {
    collection: 'dead-letters',
    key: { seller: 1, state: 1, cause: 1, about: 1, since: 1, _id: 1 },
    serves: 'dead letters of one cause, also about one thing; groups',
  },
  { collection: 'webhooks', key: { seller: 1, _id: 1 }, serves: 'GET /v1/webhooks; who is told of an event' },
  { collection: 'webhooks', key: { due: 1 }, sparse: true, serves: 'sweep of webhooks with events to send' },
  { collection: 'webhook-events', key: { webhook: 1, due: 1 }, serves: "a webhook's events that wait" },
  { collection: 'webhook-events', key: { webhook: 1, at: -1, id: -1 }, serves: 'GET /v1/webhooks/:id/deliveries' },
  {
    collection: 'webhook-events',
    key: { expiresAt: 1 },
    expireAfterSeconds: 0,
    serves: 'events are kept 7 days once they are over',
  },
];
