import { createHash } from 'node:crypto';
import { EMPTY_POSITION } from '../../../src/domain';

/** One document of each collection by its number; all belong to one seller, the first twenty wait for something. */
export const SELLER = 'mine';
export const WAITING = 20;
/** What everybody has, and nobody looks at yet. */
const LATER = 10_000_000;

type Doc = Readonly<Record<string, unknown>> & { readonly _id: string };

const due = (at: number): object => (at < WAITING ? { due: at } : {});
const campaignOf = (at: number): string => `c${String(at).padStart(5, '0')}`;
const shopOf = (at: number): string => `shop-${at % 3}`;
const dayOf = (at: number): string => new Date(at * 86_400_000).toISOString().slice(0, 10);

export const DOCUMENTS: Readonly<Record<string, (at: number) => Doc>> = {
  orders: (at) => ({
    _id: `mine|${shopOf(at)}|o${at}`,
    ...{ seller: SELLER, shop: shopOf(at), channel: 'pretend', externalId: `o${at}`, reference: `r${at}` },
    ...{ v: 1, stockV: 1, status: at % 2 === 0 ? 'paid' : 'cancelled', updatedAt: 1000 + at },
    ...{ placedAt: 1000 + at, skus: [`s${at}`] },
    ...due(at),
  }),
  positions: (at) => ({ _id: `mine|s${at}`, seller: SELLER, sku: `s${at}`, v: 1, ...due(at) }),
  moves: (at) => ({
    _id: `mine|hot|m${at}`,
    ...{ seller: SELLER, sku: 'hot', id: `m${at}`, kind: 'order', v: at, at, order: `o${at}`, stockV: 1 },
  }),
  balances: (at) => ({
    _id: `mine|hot|${at}`,
    seller: SELLER,
    sku: 'hot',
    v: at,
    at,
    position: { ...EMPTY_POSITION, v: at },
  }),
  targets: (at) => ({
    _id: `mine|${shopOf(at)}|l${at}`,
    ...{
      seller: SELLER,
      shop: shopOf(at),
      listing: `l${at}`,
      skus: [`s${at}`],
      v: 1,
      ...due(at),
      lock: { units: 1, ...due(at) },
    },
    ...{ auditDue: at < WAITING ? at : LATER, standing: at % 50 === 7 ? 'drifted' : 'proved' },
  }),
  adjustments: (at) => ({ _id: `mine|a${at}`, seller: SELLER, id: `a${at}`, v: 1, ...due(at) }),
  attempts: (at) => ({
    _id: `t${String(at).padStart(6, '0')}`,
    ...{ seller: SELLER, shop: shopOf(at), expiresAt: new Date('2100-01-01') },
    ...{ listing: `l${at % 15}`, targetId: `mine|${shopOf(at)}|l${at % 15}` },
    ...{ trigger: at % 50 === 7 ? 'drift' : 'order', state: at % 50 === 7 ? 'refused' : 'done' },
  }),
  'attempt-days': (at) => ({
    _id: `mine|${shopOf(at)}|${dayOf(at)}`,
    ...{ seller: SELLER, shop: shopOf(at), day: dayOf(at), counts: {} },
  }),
  deliveries: (at) => ({
    _id: `app|d${at}`,
    ...{ app: 'app', seller: SELLER, verdict: at % 2 === 0 ? 'accepted' : 'ignored', updatedAt: 1000 + at },
    ...{ receivedAt: at, v: 1, order: `o${at}`, heldFor: `held-${at}`, ...due(at) },
  }),
  apps: (at) => ({
    _id: `app${at}`,
    seller: SELLER,
    channel: 'pretend',
    hooks: [{ id: `h${at}`, url: '' }],
    secrets: [],
  }),
  shops: (at) => ({
    _id: `shop-${at}`,
    ...{ seller: SELLER, app: `app${at}`, channelShopId: `c${at}`, onlyOf: `app${at}`, v: 1, ...due(at) },
    ...{ tokenState: { isPresent: true, pair: `p${at}` } },
    ...(at < WAITING ? { hookDue: at, refreshDue: at, catchUpDue: at } : {}),
  }),
  listings: (at) => ({
    _id: `mine|${shopOf(at)}|l${at}`,
    ...{ seller: SELLER, shop: shopOf(at), listing: `l${at}`, key: `k${at}`, parts: [], skus: [`s${at}`] },
    ...due(at),
  }),
  'poll-cursors': (at) => ({
    _id: `mine|shop-${at}`,
    ...{ seller: SELLER, shop: `shop-${at}`, v: 1, due: at < WAITING ? at : LATER, movedAt: 1000 + at },
    auditAt: at < WAITING ? at : LATER,
  }),
  schedules: (at) => ({
    _id: `mine|shop-${at}|nightly`,
    ...{ seller: SELLER, shop: `shop-${at}`, id: 'nightly', v: 1, due: at < WAITING ? at : LATER },
  }),
  skus: (at) => ({ _id: `mine|s${at}`, seller: SELLER, sku: `s${at}`, category: `c${at % 2}`, words: [`s${at}`] }),
  consents: (at) => ({
    _id: createHash('sha256').update(`state-${at}`).digest('hex'),
    ...{ v: 1, seller: SELLER, app: `app${at}`, channel: 'pretend', until: 1000, expiresAt: new Date('2100-01-01') },
  }),
  sellers: (at) => ({ _id: `seller-${at}`, timeZone: 'UTC', auditAt: at < WAITING ? at : LATER }),
  keys: (at) => ({ _id: `key${at}`, seller: SELLER, hash: `hash${at}`, person: `p${at}` }),
  problems: (at) => ({
    _id: `mine|p${at}`,
    seller: SELLER,
    key: `p${at}`,
    open: at % 2 === 0,
    kind: at < WAITING ? 'queue' : 'drift',
    ...due(at),
  }),
  catalogue: (at) => ({
    _id: `mine|${shopOf(at)}|k${at}`,
    ...{ seller: SELLER, shop: shopOf(at), key: `k${at}`, channelIds: {}, sellerSku: `s${at}`, name: '', isLive: true },
    ...{ state: at % 2 === 0 ? 'linked' : 'unmatched', reading: 'r1' },
  }),
  'long-jobs': (at) => ({
    _id: `mine|j${at}`,
    ...{ id: `j${at}`, seller: SELLER, kind: 'import', about: `shop-${at}`, v: 1, only: `mine|import|shop-${at}` },
    ...due(at),
  }),
  'stock-files': (at) => ({
    _id: `mine|f1|${at}`,
    ...{ seller: SELLER, file: 'f1', rows: [{ row: at + 2, sku: `s${at}`, faults: [] }], lastRow: at + 2 },
    faulty: at % 2 === 0,
  }),
  webhooks: (at) => ({ _id: `seller-${at}|w`, seller: `seller-${at}`, events: [], news: 0, tries: 0, ...due(at) }),
  'webhook-events': (at) => ({
    _id: `mine|w${at % 2}|stock.changed|s${at}`,
    ...{ id: `evt_${at}`, webhook: `mine|w${at % 2}`, type: 'stock.changed', subject: `s${at}`, v: 1, at, ...due(at) },
    expiresAt: new Date('2100-01-01'),
  }),
  campaigns: (at) => ({
    _id: `mine|${campaignOf(at)}`,
    ...{ id: campaignOf(at), seller: SELLER, v: 1, state: at % 2 === 0 ? 'ended' : 'draft', activity: [], ...due(at) },
  }),
  'campaign-items': (at) => {
    const own = { campaign: campaignOf(Math.floor(at / 10)), list: `list-${Math.floor(at / 10)}` };
    const place = at % 10 === 9 ? { campaign: 'wide', list: 'wide' } : own;
    const item = { sku: `s${String(at).padStart(5, '0')}`, shop: shopOf(at) };
    return {
      _id: `mine|${place.campaign}|${place.list}|${item.sku}|${item.shop}`,
      ...{ seller: SELLER, ...place, ...item, quantity: 5, state: 'pending' },
    };
  },
  leases: (at) => ({ _id: `lease-${at}`, v: 1, token: 't', until: 0 }),
  'dead-letters': (at) => ({
    _id: `dl${at}`,
    ...{ seller: SELLER, state: at % 2 === 0 ? 'open' : 'retried', cause: `c${at % 4}`, about: `x${at}`, since: at },
    ...{ target: `mine|shop-0|l${at}`, v: 1 },
  }),
};
