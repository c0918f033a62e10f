import {
  EMPTY_POSITION,
  type AppId,
  type DeliveryId,
  type ListingId,
  type OrderId,
  type PositionId,
  type SellerId,
  type ShopId,
  type TargetId,
  type WebhookId,
} from '../../../src/domain';
import { AdjustmentsStore } from '../../../src/store/adjustments.store';
import { AppsStore } from '../../../src/store/apps.store';
import { AttemptDaysStore } from '../../../src/store/attempt-days.store';
import { AttemptsStore } from '../../../src/store/attempts.store';
import { BalancesStore } from '../../../src/store/balances.store';
import { CatalogueStore } from '../../../src/store/catalogue.store';
import { ConsentsStore } from '../../../src/store/consents.store';
import { DeadLettersStore } from '../../../src/store/dead-letters.store';
import { DeliveriesStore } from '../../../src/store/deliveries.store';
import { KeysStore } from '../../../src/store/keys.store';
import { LeasesStore } from '../../../src/store/leases.store';
import { ListingsStore } from '../../../src/store/listings.store';
import { LongJobsStore } from '../../../src/store/long-jobs.store';
import { MovesStore } from '../../../src/store/moves.store';
import { OrdersStore } from '../../../src/store/orders.store';
import { PollCursorsStore } from '../../../src/store/poll-cursors.store';
import { PositionsStore, type StoredPosition } from '../../../src/store/positions.store';
import { ProblemsStore } from '../../../src/store/problems.store';
import { SchedulesStore } from '../../../src/store/schedules.store';
import { SellersStore } from '../../../src/store/sellers.store';
import { ShopTokensStore } from '../../../src/store/shop-tokens.store';
import { ShopsStore } from '../../../src/store/shops.store';
import { SkusStore } from '../../../src/store/skus.store';
import { StockFilesStore } from '../../../src/store/stock-files.store';
import { StockHistory } from '../../../src/store/stock-history.store';
import { TargetsStore } from '../../../src/store/targets.store';
import { WebhookEventsStore } from '../../../src/store/webhook-events.store';
import { WebhooksStore } from '../../../src/store/webhooks.store';
import type { Rooms } from '../rooms/open-rooms';
import { CAMPAIGN_QUERIES } from './campaign-queries';

const seller = 'mine' as SellerId;
const shop = 'shop-0' as ShopId;
const ref = { seller, shop };
const hot = { seller, sku: 'hot' };
const stockFile = { seller, file: 'f1' };
/** A position that sold long ago, and sells now. */
const sold = (v: number): StoredPosition => ({
  ...{ ...EMPTY_POSITION, ...hot, id: 'mine|hot' as PositionId, v, archived: true, handled: v },
  moves: [{ id: 'now', kind: 'count', v, at: LATE, onHand: 0, committed: 0 }],
});
const limit = 50;
const targets = ['mine|shop-0|l3', 'mine|shop-1|l4'] as TargetId[];
const DAY = 86_400_000;
const soon = 1_000_000;
const LATE = 20_000_000;
const asRead = { id: 'shop-700' as ShopId, seller, tokenState: { isPresent: true, pair: 'p700' } };
const NONE = { isPresent: false };
const renewed = { tokens: { accessToken: 't' }, now: soon + 1, fence: 1, catchesUp: false };
const FIRST_ORDER = { updatedAt: 0, id: '' as OrderId };
const afterOrder = { updatedAt: 1500, id: 'mine|shop-2|o500' as OrderId };

/** What is asked, of which store, and how; `size` is how many documents of each kind there are. */
export type Query = readonly [name: string, ask: (rooms: Rooms, size: number) => Promise<unknown>];

const orders: readonly Query[] = [
  ['an order', (rooms) => rooms.get(OrdersStore).find('mine|shop-0|o0' as OrderId)],
  ['orders that are due', (rooms) => rooms.get(OrdersStore).dueBefore(soon, limit)],
  ['the first orders', (rooms) => rooms.get(OrdersStore).list(seller, { limit })],
  ['orders after a cursor', (rooms) => rooms.get(OrdersStore).list(seller, { limit, after: afterOrder })],
  ['orders changed since', (rooms) => rooms.get(OrdersStore).list(seller, { limit, updatedAfter: 1700 })],
  ['the orders of a shop', (rooms) => rooms.get(OrdersStore).list(seller, { limit, shop })],
  ['the orders of a channel', (rooms) => rooms.get(OrdersStore).list(seller, { limit, channel: 'pretend' })],
  ['the orders of a sku', (rooms) => rooms.get(OrdersStore).list(seller, { limit, sku: 's500', after: FIRST_ORDER })],
  ['the orders with a status', (rooms) => rooms.get(OrdersStore).list(seller, { limit, status: 'cancelled' })],
  ['no orders with a status', (rooms) => rooms.get(OrdersStore).list(seller, { limit, status: 'returned' })],
  [
    'no orders of a shop with a status',
    (rooms) => rooms.get(OrdersStore).list(seller, { limit, shop, status: 'returned' }),
  ],
  ['an order by its number', (rooms) => rooms.get(OrdersStore).byExternalId(seller, 'o7')],
  [
    'an order confirmed',
    (rooms) => rooms.get(OrdersStore).confirm([{ id: 'mine|shop-0|o900' as OrderId, v: 1 }], 2000),
  ],
  ['an order settled', (rooms) => rooms.get(OrdersStore).settle('mine|shop-0|o900' as OrderId, { v: 1 })],
];

const stock: readonly Query[] = [
  ['positions', (rooms) => rooms.get(PositionsStore).readMany(['mine|s1', 'mine|s2'] as PositionId[])],
  ['positions that are due', (rooms) => rooms.get(PositionsStore).dueBefore(soon, limit)],
  [
    'positions settled',
    (rooms) => rooms.get(PositionsStore).settle([{ id: 'mine|s900' as PositionId, v: 1, troubled: false }]),
  ],
  ['the moves of orders', (rooms) => rooms.get(MovesStore).ofOrders(hot, ['o1', 'o2', 'none'] as OrderId[])],
  ['moves by id', (rooms) => rooms.get(MovesStore).byIds(hot, ['m1', 'none'])],
  ['moves since a version', (rooms, size) => rooms.get(MovesStore).since(hot, size - 10)],
  ['a page of moves', (rooms) => rooms.get(MovesStore).page(hot, { below: 900, limit })],
  ['moves after a version', (rooms) => rooms.get(MovesStore).after(hot, { v: 400, limit })],
  ['a state of the past', (rooms, size) => rooms.get(StockHistory).at(sold(size), 300, 20)],
  ['moves of several skus', (rooms) => rooms.get(MovesStore).ofSkus(seller, [{ sku: 'hot', id: 'm1' }])],
  ["a page of a seller's positions", (rooms) => rooms.get(PositionsStore).list(seller, { limit })],
  ['sellers after an id', (rooms) => rooms.get(SellersStore).walk('seller-5' as SellerId, limit)],
  ['sellers to be audited', (rooms) => rooms.get(SellersStore).auditsDueBefore(soon, limit)],
  ['a balance', (rooms) => rooms.get(BalancesStore).before(hot, 700)],
  ['relative moves that are due', (rooms) => rooms.get(AdjustmentsStore).dueBefore(soon, limit)],
  ['a relative move', (rooms) => rooms.get(AdjustmentsStore).find(seller, 'a1')],
];

const showing: readonly Query[] = [
  ['targets', (rooms) => rooms.get(TargetsStore).readMany(['mine|shop-0|l0'] as TargetId[])],
  ['targets of skus', (rooms) => rooms.get(TargetsStore).bySkus(seller, ['s1', 's2', 'none'])],
  ['dirty targets of a shop', (rooms) => rooms.get(TargetsStore).dirty(ref, { now: soon, limit })],
  ['targets of a shop woken', (rooms) => rooms.get(TargetsStore).wake(ref, soon)],
  ['listings that are heard of', (rooms) => rooms.get(TargetsStore).wakeHeard(ref, { heardTo: 1, now: soon })],
  ['shops with work', (rooms) => rooms.get(TargetsStore).dirtyShops(soon, limit)],
  ['targets of a shop to read back', (rooms) => rooms.get(TargetsStore).unread(ref, { now: soon, limit })],
  ['shops with listings to read back', (rooms) => rooms.get(TargetsStore).unreadShops(soon, limit)],
  [
    'targets that drifted',
    (rooms) => rooms.get(TargetsStore).standing(ref, { standing: 'drifted', limit: 5, after: 'l1' }),
  ],
  ['no targets that were refused', (rooms) => rooms.get(TargetsStore).standing(ref, { standing: 'refused', limit })],
  ['locks that are due', (rooms) => rooms.get(TargetsStore).locksDue(soon, limit)],
  ['listings that are due', (rooms) => rooms.get(ListingsStore).dueBefore(soon, limit)],
  ['listings made due', (rooms) => rooms.get(ListingsStore).makeDue(ref, ['k3', 'none'], 1)],
  ['a listing', (rooms) => rooms.get(ListingsStore).find(seller, shop, 'l0' as ListingId)],
  ['listings by id', (rooms) => rooms.get(ListingsStore).byIds(seller, shop, ['l0', 'l3'] as ListingId[])],
  ['listings by key', (rooms) => rooms.get(ListingsStore).byKeys(seller, shop, ['k0', 'k3', 'none'])],
  ['listings of skus', (rooms) => rooms.get(ListingsStore).bySkus(seller, ['s1', 's2', 'none'])],
  ['a page of listings', (rooms) => rooms.get(ListingsStore).list(ref, { limit })],
  ['a later page of listings', (rooms) => rooms.get(ListingsStore).list(ref, { limit, after: 'l300' })],
  ['how many listings a shop has', (rooms) => rooms.get(ListingsStore).count(ref)],
  ['attempts', (rooms) => rooms.get(AttemptsStore).list(ref, { limit })],
  ['older attempts', (rooms) => rooms.get(AttemptsStore).list(ref, { limit, before: 't000600' })],
  ['the attempts of a seller', (rooms) => rooms.get(AttemptsStore).list({ seller }, { limit })],
  ['the attempts of two listings', (rooms) => rooms.get(AttemptsStore).list({ seller, targets }, { limit: 5 })],
  [
    'attempts of two listings in a state',
    (rooms) => rooms.get(AttemptsStore).list({ seller, targets, state: 'done' }, { limit: 5 }),
  ],
  ['attempts in a state', (rooms) => rooms.get(AttemptsStore).list({ ...ref, state: 'refused' }, { limit: 3 })],
  ['attempts of a trigger', (rooms) => rooms.get(AttemptsStore).list({ seller, trigger: 'drift' }, { limit: 5 })],
  [
    'attempts of a trigger in a state',
    (rooms) => rooms.get(AttemptsStore).list({ ...ref, trigger: 'drift', state: 'refused' }, { limit: 5 }),
  ],
  [
    'days of attempts',
    (rooms) => rooms.get(AttemptDaysStore).list(seller, { limit, from: '1970-04-11', to: '1972-01-01' }),
  ],
  [
    'days of attempts of a shop',
    (rooms) => rooms.get(AttemptDaysStore).list(seller, { shop, limit, below: { day: '1971-05-16', shop } }),
  ],
  [
    'attempts counted',
    (rooms) => rooms.get(AttemptDaysStore).count([{ seller, shop, at: 300 * DAY, trigger: 'order', state: 'done' }]),
  ],
];

const inbox: readonly Query[] = [
  ['deliveries', (rooms) => rooms.get(DeliveriesStore).readMany(['app|d1', 'none'] as DeliveryId[])],
  ['deliveries that are due', (rooms) => rooms.get(DeliveriesStore).dueBefore(soon, limit)],
  ['the first deliveries', (rooms) => rooms.get(DeliveriesStore).list(seller, {}, { limit })],
  [
    'deliveries after a cursor',
    (rooms) => rooms.get(DeliveriesStore).list(seller, {}, { limit, after: [1500, 'app|d500'] }),
  ],
  ['deliveries with a verdict', (rooms) => rooms.get(DeliveriesStore).list(seller, { verdict: 'ignored' }, { limit })],
  ['no deliveries with a verdict', (rooms) => rooms.get(DeliveriesStore).list(seller, { verdict: 'dead' }, { limit })],
  ['deliveries held', (rooms) => rooms.get(DeliveriesStore).hold(['app|d900'] as DeliveryId[], shop)],
  ['deliveries let go', (rooms) => rooms.get(DeliveriesStore).release('held-900' as ShopId, soon)],
  ['the deliveries of an order', (rooms) => rooms.get(DeliveriesStore).ofOrder('o7' as OrderId, limit)],
];

const trouble: readonly Query[] = [
  ['open problems of a kind', (rooms) => rooms.get(ProblemsStore).openOf('queue', limit)],
  ['a problem', (rooms) => rooms.get(ProblemsStore).find(seller, 'p1')],
  ['open problems', (rooms) => rooms.get(ProblemsStore).list(seller, { open: true, limit })],
  ['problems after a key', (rooms) => rooms.get(ProblemsStore).list(seller, { after: 'p500', limit })],
  ['a problem that does not close', (rooms) => rooms.get(ProblemsStore).close(seller, 'p1', 1)],
  ['open dead letters', (rooms) => rooms.get(DeadLettersStore).list(seller, { state: 'open', limit })],
  [
    'dead letters of a cause after a cursor',
    (rooms) => rooms.get(DeadLettersStore).list(seller, { state: 'open', cause: 'c0', after: [500, 'dl500'], limit }),
  ],
  ['dead letters of a cause', (rooms) => rooms.get(DeadLettersStore).byCause(seller, 'c0', { limit })],
  ['dead letters about a thing', (rooms) => rooms.get(DeadLettersStore).byCause(seller, 'c0', { about: 'x4', limit })],
];

const accounts: readonly Query[] = [
  ['the app of a push', (rooms) => rooms.get(AppsStore).findForHook('pretend', 'h7')],
  ["a seller's apps", (rooms) => rooms.get(AppsStore).list(seller, { limit })],
  ['a shop', (rooms) => rooms.get(ShopsStore).find(seller, shop)],
  ['shops', (rooms) => rooms.get(ShopsStore).findMany(seller, ['shop-1', 'none'] as ShopId[])],
  ["a channel's shop", (rooms) => rooms.get(ShopsStore).findByChannelShop('app7' as AppId, 'c7')],
  ["an app's only shop", (rooms) => rooms.get(ShopsStore).findOnlyOf('app7' as AppId)],
  ["a seller's shops", (rooms) => rooms.get(ShopsStore).list(seller, { limit, after: 'shop-500' })],
  ['shops to be planned', (rooms) => rooms.get(ShopsStore).dueBefore(soon, limit)],
  ['shops whose pushes are to be registered', (rooms) => rooms.get(ShopsStore).hooksDueBefore(soon, limit)],
  ['shops whose tokens are looked at', (rooms) => rooms.get(ShopTokensStore).dueBefore(soon, limit)],
  ['shops that can be called again', (rooms) => rooms.get(ShopTokensStore).caughtUpDueBefore(soon, limit)],
  ['dead tokens of an app', (rooms) => rooms.get(ShopTokensStore).retryOf('app700' as AppId, soon)],
  ['a mark on tokens', (rooms) => rooms.get(ShopTokensStore).mark(asRead, { refusedAt: 1 })],
  ['tokens of another pair', (rooms) => rooms.get(ShopTokensStore).replace({ ...asRead, tokenState: NONE }, renewed)],
  ['tokens replaced', (rooms) => rooms.get(ShopTokensStore).replace(asRead, renewed)],
  ['a shop caught up', (rooms) => rooms.get(ShopTokensStore).settleCatchUp({ id: asRead.id, catchUpDue: 1 })],
  ['a state that was given out', (rooms) => rooms.get(ConsentsStore).spend('state-700', 'pretend', 1)],
  ['skus', (rooms) => rooms.get(SkusStore).findMany(seller, ['s1', 'none'])],
  ['a page of skus', (rooms) => rooms.get(SkusStore).list(seller, { limit, after: 's300' })],
  ['the skus of a category', (rooms) => rooms.get(SkusStore).list(seller, { limit, category: 'c1' })],
  ['the skus with a word', (rooms) => rooms.get(SkusStore).list(seller, { limit, q: 's77' })],
  ['the key of a caller', (rooms) => rooms.get(KeysStore).findByHash('hash7')],
  ['the keys of a person', (rooms) => rooms.get(KeysStore).ofPerson(seller, 'p7')],
  ['a key that is good', (rooms) => rooms.get(KeysStore).exists(seller, 'key700')],
  ['a page of keys', (rooms) => rooms.get(KeysStore).list(seller, { limit, after: 'key500' })],
];

const offered: readonly Query[] = [
  ['a page of a catalogue', (rooms) => rooms.get(CatalogueStore).page(ref, { after: 'k300', limit })],
  ['unmatched items', (rooms) => rooms.get(CatalogueStore).inState(ref, { state: 'unmatched', limit })],
  ['no items that are gone', (rooms) => rooms.get(CatalogueStore).inState(ref, { state: 'gone', limit })],
  ['items with one code', (rooms) => rooms.get(CatalogueStore).carriers(ref, 'r1', ['s3', 's6', 'none'])],
  ['items judged', (rooms) => rooms.get(CatalogueStore).judge(ref, 'r1', [{ key: 'k900', state: 'linked' }])],
  ['items marked as gone', (rooms) => rooms.get(CatalogueStore).markGone(ref, ['k900'], 'r1')],
];

const background: readonly Query[] = [
  ['the schedules of a shop', (rooms) => rooms.get(SchedulesStore).list({ seller, shop: 'shop-7' as ShopId })],
  ['schedules that are due', (rooms) => rooms.get(SchedulesStore).dueBefore(soon, limit)],
  ['long work', (rooms) => rooms.get(LongJobsStore).find(seller, 'j7')],
  ['long work that is due', (rooms) => rooms.get(LongJobsStore).dueBefore(soon, limit)],
  [
    'long work that runs already',
    (rooms) => rooms.get(LongJobsStore).begin({ seller, kind: 'import', about: 'shop-700', wish: {}, by: 'x' }),
  ],
  ['a piece of a stock file', (rooms) => rooms.get(StockFilesStore).piece(stockFile, 700)],
  ['a piece of a stock file judged', (rooms) => rooms.get(StockFilesStore).judge(stockFile, 700, [])],
  ['rows of a stock file', (rooms) => rooms.get(StockFilesStore).rowsAfter(stockFile, { after: 500, limit: 5 })],
  [
    'faulty rows of a stock file',
    (rooms) => rooms.get(StockFilesStore).rowsAfter(stockFile, { after: 300, limit: 1, areFaulty: true }),
  ],
  ['a lease', (rooms) => rooms.get(LeasesStore).take('lease-700', 1)],
];

const polling: readonly Query[] = [
  ['a cursor', (rooms) => rooms.get(PollCursorsStore).find(seller, 'shop-7' as ShopId)],
  ['cursors that are due', (rooms) => rooms.get(PollCursorsStore).dueBefore(soon, limit)],
  ['audits that are due', (rooms) => rooms.get(PollCursorsStore).auditsDueBefore(soon, limit)],
  ['the oldest cursor', (rooms) => rooms.get(PollCursorsStore).oldest()],
  [
    'a cursor that is asked to hear',
    (rooms) =>
      rooms.get(PollCursorsStore).askToHear({ seller, shop: 'shop-700' as ShopId }, { to: 1, due: LATE, now: soon }),
  ],
  ['a cursor that is woken', (rooms) => rooms.get(PollCursorsStore).wake(seller, 'shop-700' as ShopId, LATE)],
  ["a shop's day", (rooms) => rooms.get(OrdersStore).placedBetween(ref, { from: 1000, to: 1060 }, limit)],
  ['shops after an id', (rooms) => rooms.get(ShopsStore).walk('shop-5', limit)],
  ['the apps of a channel', (rooms) => rooms.get(AppsStore).ofChannel('pretend', { after: 'app5', limit })],
];

const hook = 'mine|w0' as WebhookId;
const served = {
  id: 'seller-700|w' as WebhookId,
  seller,
  url: '',
  events: [],
  createdAt: 1,
  tries: 0,
  due: 1,
  news: 0,
};
const event = { webhook: hook, seller, type: 'stock.changed', subject: 's900', v: 1, data: {}, at: 1 } as const;
const asSent = { ...event, id: 'evt', state: 'waiting', tries: 0 } as const;

const telling: readonly Query[] = [
  ['problems that nobody was told of', (rooms) => rooms.get(ProblemsStore).dueBefore(soon, limit)],
  [
    'positions marked as troubled',
    (rooms) => rooms.get(PositionsStore).markTroubled(['mine|s900', 'none'] as PositionId[]),
  ],
  ['who is told', (rooms) => rooms.get(WebhooksStore).ofSellers(['seller-7', 'none'] as SellerId[])],
  ['webhooks that are due', (rooms) => rooms.get(WebhooksStore).dueBefore(soon, limit)],
  ['a webhook woken', (rooms) => rooms.get(WebhooksStore).wake(['seller-7|w' as WebhookId], 1)],
  ['a webhook served', (rooms) => rooms.get(WebhooksStore).serve(served, 2)],
  ['a webhook that another serves', (rooms) => rooms.get(WebhooksStore).rest({ ...served, due: -1 }, undefined, 3)],
  ['an event written again', (rooms) => rooms.get(WebhookEventsStore).record([event])],
  ['events that are due', (rooms) => rooms.get(WebhookEventsStore).dueOf(hook, soon, 8)],
  ['the next event', (rooms) => rooms.get(WebhookEventsStore).nextDueOf('mine|w1' as WebhookId)],
  [
    'an event settled',
    (rooms) =>
      rooms.get(WebhookEventsStore).settle([{ event: asSent, as: { state: 'delivered', tries: 1, triedAt: 1 } }]),
  ],
  ['what was told', (rooms) => rooms.get(WebhookEventsStore).list(hook, { limit })],
  ['what was told before', (rooms) => rooms.get(WebhookEventsStore).list(hook, { before: [600, 'evt_600'], limit })],
];

export const QUERIES: readonly Query[] = [
  ...CAMPAIGN_QUERIES,
  ...telling,
  ...polling,
  ...background,
  ...offered,
  ...orders,
  ...stock,
  ...showing,
  ...inbox,
  ...trouble,
  ...accounts,
];
