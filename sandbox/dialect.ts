import type { Call, Reply } from './http/call';
import type { Router } from './http/router';
import type { Change } from './order';
import type { PromotionNews } from './promotions';
import type { App, Channel, Listing, Promotion, Shop } from './shop';

/** One message to a seller's system, as bytes, before it is signed. */
export interface Draft {
  kind: string;
  orderId: string | undefined;
  /** What a late retry reads again: the unit on Lazada. */
  unitId?: number | undefined;
  body: string;
}

/** How a marketplace takes the answer to its push. */
export interface AckRule {
  timeoutMs: number;
  accepts: (status: number, bodyLength: number) => boolean;
}

/** What a channel is to the rest of the sandbox. */
export interface Dialect {
  channel: Channel;
  routes: Router;
  ack: AckRule;
  /** Who calls, as the throttle counts: an access token, a shop id. */
  callerKey: (call: Call) => string;
  throttled: (kind: 'usual' | 'other') => Reply;
  /** The answer to an app that has used up its day. */
  quotaSpent?: () => Reply;
  /** The answer to a call whose signature is wrong. */
  badSign?: () => Reply;
  /** Whether a shop's news are told at all: not once its seller took the authorisation back. */
  mayHear?: (shop: Shop) => boolean;
  /** The message by which a console tests an address. */
  verification?: (app: App) => string;
  /** Messages that tell no order's change, for a listing or the shop. */
  notice?: (shop: Shop, kind: string, listing: Listing | undefined) => Draft;
  noticeKinds?: readonly string[];
  /** The documented "system busy" answer. */
  busy: () => Reply;
  /** The documented answer while the platform is closed for maintenance or a mega campaign. */
  maintenance: () => Reply;
  /** Answer for a path or a method that this channel does not have. */
  unknown: (call: Call, reason: 'method' | 'none') => Reply;
  /** The messages that tell a change of an order. */
  news: (change: Change) => Draft[];
  /** The messages that tell a campaign's beginning and end; none on most channels. */
  promotionNews?: (promotion: Promotion, what: PromotionNews) => Draft[];
  /** Addresses that a shop's messages of a kind go to. */
  addresses: (shop: Shop, kind: string) => string[];
  /** Headers of a message, its signature among them. */
  headers: (app: App, url: string, body: string) => Record<string, string>;
  /** Simulated wait before try number `tries` + 1; undefined when the marketplace gives up. */
  retryAfterMs: (tries: number, sinceFirstMs: number) => number | undefined;
  /** The body that a retry carries, when it is not the first one again. */
  refreshed?: (shop: Shop, draft: Draft) => string | undefined;
}
