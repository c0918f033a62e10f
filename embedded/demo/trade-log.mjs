import { phrase } from './phrase.mjs';

const QUIET_MS = 300;
const UNTIL_WRITTEN_MS = 3000;
const UNTIL_MOVED_MS = 5000;
const MOST_OPEN = 10_000;

const VERBS = {
  OrderPlaced: 'ordered',
  OrderPaid: 'paid',
  OrderCancelled: 'cancelled',
  OrderReinstated: 'reinstated',
  OrderShipped: 'shipped',
  OrderDelivered: 'delivered',
  StockReturned: 'returned',
  StockRestocked: 'restocked',
};
const MOVING = new Set(['OrderPlaced', 'OrderCancelled', 'OrderReinstated', 'OrderShipped', 'StockRestocked']);
const KINDS = { count: 'counted', manual: 'received' };

/**
 * Puts the hub's log entries about one order together: what came in, what it moved, and which numbers went out. Pure
 * but for its memory: `take` hears an entry, `tick` answers the lines that are complete at an instant.
 */
export class TradeLog {
  /** What is being told, by order, or by move where there is none. */
  #deals = new Map();
  #stock = new Map();
  #listings = new Map();
  #shown = new Map();

  /** Whose skus, and what the listings are made of; `stock` is as `GET /v1/stock/:sku` answers it. */
  know({ seller, listings, stock }) {
    for (const { sku, onHand, committed, published } of stock) {
      this.#stock.set(`${seller}|${sku}`, { onHand, committed });
      for (const { shop, listing, target } of published) this.#shown.set(`${shop}|${listing}`, target);
    }
    for (const { shop, listing, parts } of listings) this.#listings.set(`${shop}|${listing}`, parts);
  }

  take(entry, now) {
    if (entry.msg === 'order written') this.#ordered(entry, now);
    else if (entry.msg === 'stock moved') this.#moved(entry, now);
    else if (entry.msg === 'listing written') this.#wrote(entry, now);
  }

  tick(now) {
    const lines = [];
    for (const [key, deal] of this.#deals) {
      if (now < deal.touchedAt + patience(deal) && this.#deals.size <= MOST_OPEN) continue;
      this.#deals.delete(key);
      lines.push(phrase(deal));
    }
    return lines;
  }

  #ordered(entry, now) {
    const at = Date.parse(entry.time) - (entry.heardMs ?? 0);
    const deal = this.#open(entry.order, { at, channel: entry.channel, number: entry.externalId, now });
    for (const { kind } of entry.facts ?? []) {
      if (VERBS[kind] !== undefined) deal.verbs.add(VERBS[kind]);
      deal.moves ||= MOVING.has(kind);
    }
  }

  #moved(entry, now) {
    const { order, kind, seller, sku, v, onHand, committed, short } = entry;
    const key = `${seller}|${sku}`;
    const before = this.#stock.get(key);
    this.#stock.set(key, { onHand, committed });
    for (const { listing, units } of entry.shown ?? []) this.#drift(`${entry.shop}|${listing}`, units);
    if (order === undefined && KINDS[kind] === undefined) return;
    const at = Date.parse(entry.time);
    const deal = order
      ? this.#open(order, { at, channel: 'hub', number: order.split('|').at(-1), now })
      : this.#open(`${kind}|${key}|${v}`, { at, channel: 'stock', number: '', now });
    if (!order) deal.verbs.add(KINDS[kind]);
    deal.moves = true;
    deal.endedAt = at;
    const first = deal.skus.get(key)?.before ?? before;
    deal.skus.set(key, { sku, before: first, after: { onHand, committed }, short });
  }

  #wrote(entry, now) {
    const { shop, channel, listing, units } = entry;
    const key = `${shop}|${listing}`;
    const at = Date.parse(entry.time);
    const write = { channel, listing, before: this.#shown.get(key), after: units, at };
    this.#shown.set(key, units);
    const parts = (this.#listings.get(key) ?? []).map(({ sku, units: per }) => [`${entry.seller}|${sku}`, per]);
    const causes = [...this.#deals.values()].filter((deal) => parts.some(([sku]) => hasFreed(deal, sku)));
    for (const deal of causes) this.#enter(deal, { key, write, parts, now });
    if (causes.length === 0) this.#alone(write, now);
  }

  /** The first write after a move, or the latest while the number is not yet the one that follows from the move. */
  #enter(deal, { key, write, parts, now }) {
    const known = deal.writes.get(key);
    if (known !== undefined && known.after === this.#expected(deal, parts)) return;
    deal.writes.set(key, { ...write, before: known?.before ?? write.before });
    deal.touchedAt = now;
    deal.endedAt = write.at;
  }

  #expected(deal, parts) {
    const freeOf = (key) => free(deal.skus.get(key)?.after ?? this.#stock.get(key) ?? { onHand: 0, committed: 0 });
    return Math.max(0, Math.min(...parts.map(([key, per]) => Math.floor(freeOf(key) / per))));
  }

  #alone(write, now) {
    const deal = this.#open(`listings|${write.channel}`, { at: write.at, channel: write.channel, number: '', now });
    deal.verbs.add('wrote');
    deal.writes.set(write.listing, write);
    deal.touchedAt = now;
  }

  #drift(key, units) {
    const shown = this.#shown.get(key);
    if (shown !== undefined) this.#shown.set(key, Math.max(0, shown + units));
  }

  #open(key, { at, channel, number, now }) {
    const fresh = { at, channel, number, verbs: new Set(), moves: false, skus: new Map(), writes: new Map() };
    const deal = this.#deals.get(key) ?? fresh;
    deal.touchedAt = now;
    this.#deals.set(key, deal);
    return deal;
  }
}

const free = ({ onHand, committed }) => onHand - committed;

function hasFreed(deal, sku) {
  const move = deal.skus.get(sku);
  return move !== undefined && (move.before === undefined || free(move.before) !== free(move.after));
}

/** How long after the last word about a deal another one may come. */
function patience(deal) {
  if (!deal.moves) return deal.writes.size > 0 ? QUIET_MS : 0;
  if (deal.skus.size === 0) return UNTIL_MOVED_MS;
  const freed = [...deal.skus.keys()].some((sku) => hasFreed(deal, sku));
  return freed && deal.writes.size === 0 ? UNTIL_WRITTEN_MS : QUIET_MS;
}
