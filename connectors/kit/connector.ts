import type { ListingId, LockTold, OrderState } from '../../src/domain';
import type { AppCall, Authorisation } from './authorise';
import type { ChannelIds } from './channel-ids';
import type { ChannelHttp } from './http';
import type { CataloguePage, OrdersPage, OrderWindow } from './lists';
import type { PriceManifest, PriceReading, PriceWrite } from './price';

/** What a channel is, as data. */
export interface Manifest {
  /** `lazada`; the path segment of its hooks. Lower-case letters only. */
  readonly code: string;
  readonly name: string;
  readonly regions: readonly string[];
  /** Host of the API for a region, when no base URL is set. */
  readonly hosts: (region: string) => { readonly api: string; readonly auth: string };
  /**
   * The shop's setting that holds the address of its API, where every shop has its own; `hosts` says nothing then. It is
   * https, and called under the rules for what the hub calls by a seller's wish (decision 10), unless a base URL is set.
   */
  readonly addressSetting?: string;
  /** Most listings in one stock write; `perItem` where all lines of a call must belong to one item (Shopee). */
  readonly stockBatch: { readonly most: number; readonly perItem: boolean };
  /** Most orders in one read. */
  readonly orderBatch: number;
  /** True where a written number contains what open orders reserve, so that it depends on which orders have left. */
  readonly countsReserved?: boolean;
  /**
   * Present where the channel keeps units of a listing for events of its own and refuses lower numbers: true where the
   * number on its wire contains them, so that `sellable` goes out as it is.
   */
  readonly lockIsInside?: boolean;
  /** Longest window of one order list, ms, where there is a limit (Shopee: 15 days). */
  readonly orderWindowMs?: number;
  /** Documented calls per second and shop. */
  readonly callsPerSecond: number;
  /** Documented calls per second and app, over all its shops, where there is such a limit. */
  readonly appCallsPerSecond?: number;
  /** Absent where no price is written. */
  readonly prices?: PriceManifest;
  /** What a push is answered with when it is kept. */
  readonly accepted: { readonly status: 200 | 204; readonly body: string };
  /** False where the channel signs nothing (Zalora): unknown orders are then ignored, never dead letters. */
  readonly signsPushes: boolean;
  /** The ids a listing has at this channel; `required` are never empty. */
  readonly channelIds: { readonly required: readonly string[]; readonly optional: readonly string[] };
}

/** The app a push arrived at. `secrets`: the present one first, then the one it overlaps with. */
export interface AppAccess {
  readonly key: string;
  readonly secrets: readonly string[];
  /** As given when the app was made; never rebuilt from a request. */
  readonly hookUrl: string;
}

/** Header names in lower case. */
export type PushHeaders = Readonly<Record<string, string | undefined>>;

export type Verdict =
  /** `key` is unique per push inside the app: the channel's id, else a digest with a time bucket. */
  | { readonly kind: 'accepted'; readonly key: string; readonly channelShopId?: string }
  /** The channel tests the address: answered with its yes, nothing stored. */
  | { readonly kind: 'ping' }
  | { readonly kind: 'forged'; readonly reason: string };

/** What a stored push asks the hub to look at. */
export type Hint =
  /** `channelShopId` is absent where one app has one shop (Zalora). */
  | { readonly kind: 'order'; readonly channelShopId?: string; readonly externalId: string }
  /** Something besides an order changed what these listings show: they are read back. Keys as `listingKey` gives. */
  | {
      readonly kind: 'listings';
      readonly channelShopId?: string;
      readonly listingKeys: readonly string[];
      readonly reason: string;
    }
  /** The right to act for the shop ends (`until`, ms), ended or was given anew. */
  | {
      readonly kind: 'access';
      readonly channelShopId?: string;
      /** All of them, where one push names several shops (Shopee 1, 2, 12); `channelShopId` is the first. */
      readonly channelShopIds?: readonly string[];
      readonly news: 'expiring' | 'revoked' | 'granted';
      readonly until?: number;
    }
  | { readonly kind: 'ignored'; readonly channelShopId?: string; readonly reason: string }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** One shop, ready to be called. */
export interface ShopAccess {
  readonly channelShopId: string;
  readonly region: string;
  readonly currency: string;
  readonly appKey: string;
  readonly appSecret: string;
  readonly accessToken: string;
  /** `HUB_<CHANNEL>_URL`: one base for every call to this channel, its authorisation host included. */
  readonly baseUrl?: string;
  /** Choices where a protocol fact is not confirmed; each is named in the channel's QUIRKS.md. */
  readonly settings: Readonly<Record<string, string>>;
}

/** What a call needs besides its arguments: the wire, the shop and the instant (ms) to sign with. */
export interface CallContext {
  readonly http: ChannelHttp;
  readonly shop: ShopAccess;
  readonly now: () => number;
}

/** An order as the channel answered it, not yet believed. */
export interface RawOrder {
  readonly externalId: string;
  /** Parsed JSON of unknown shape: everything that `normalize` needs. */
  readonly payload: unknown;
}

export type Normalized =
  | { readonly kind: 'order'; readonly order: OrderState }
  /** A status or enum value that no fact names: a problem, never a guess. */
  | { readonly kind: 'refused'; readonly cause: 'malformed' | 'unknown-status'; readonly reason: string };

export interface StockWrite {
  readonly listing: ListingId;
  readonly channelIds: ChannelIds;
  /** What buyers shall be able to buy, in sale units; what the channel's own events hold is part of it. */
  readonly sellable: number;
  /** Sale units of this listing in open orders; Zalora subtracts its reserved items from what is written. */
  readonly openUnits: number;
}

/** The channel's word on one line of a write. Every line asked for is answered. */
export type StockResult =
  | { readonly listing: ListingId; readonly kind: 'done' }
  /** `retry`: busy, try again; `listing`: this listing must be mended; `floor`: under the channel's lock. */
  | {
      readonly listing: ListingId;
      readonly kind: 'refused';
      readonly code: string;
      readonly message: string;
      readonly reading: 'retry' | 'listing' | 'floor' | 'authorize';
      /** With `floor`: the least `sellable` that would be taken, where the refusal says so. */
      readonly floor?: number;
    };

/** A change of what buyers can buy, sale units; below zero takes away. */
export interface StockChange {
  readonly listing: ListingId;
  readonly channelIds: ChannelIds;
  readonly units: number;
}

/** The part of `sellable` below which the channel refuses to be lowered: its own event holds it. */
export type LockReading = LockTold;

/** What a listing shows; one that could not be read by itself (a faulty line of an answer) has no reading at all. */
export interface StockReading {
  readonly listing: ListingId;
  /** What buyers can buy now, the locked part included. `undefined`: the channel does not know the listing. */
  readonly sellable: number | undefined;
  /** Absent where nothing is locked, as far as the channel tells. */
  readonly lock?: LockReading;
}

export interface ListingRef {
  readonly listing: ListingId;
  readonly channelIds: ChannelIds;
}

/** A fact of one arriving push, as intake has it. */
export interface InboundPush {
  /** Exact bytes. */
  readonly bytes: Buffer;
  readonly headers: PushHeaders;
}

/** A channel. A folder under `connectors/` exports one of these and nothing else. */
export interface Connector {
  readonly manifest: Manifest;
  /** Pure, constant-time. `now` in ms. Called before anything is stored. */
  verify(push: InboundPush, app: AppAccess, now: number): Verdict;
  /** Pure: what a kept push asks for. Never throws. */
  hint(bytes: Buffer): Hint;
  /**
   * Reads orders as they are now, at most `manifest.orderBatch`. An id that the channel does not know is left out.
   * @throws ChannelError
   */
  readOrders(call: CallContext, externalIds: readonly string[]): Promise<readonly RawOrder[]>;
  /**
   * One page of the ids of orders that were created or changed in the window; the first without `cursor`.
   * @throws ChannelError
   */
  listOrders(call: CallContext, window: OrderWindow, cursor?: string): Promise<OrdersPage>;
  /** Pure: any JSON gives an order or a refusal; never throws. */
  normalize(raw: RawOrder, shop: Pick<ShopAccess, 'currency' | 'region' | 'settings'>): Normalized;
  /** The identity that order lines and listings share: the same text from both. */
  listingKey(channelIds: ChannelIds): string;
  /**
   * One call, at most `manifest.stockBatch.most` lines. Answers for every line, in any order.
   * @throws ChannelError when the call failed as a whole.
   */
  pushStock(call: CallContext, writes: readonly StockWrite[]): Promise<readonly StockResult[]>;
  /**
   * Reads back what buyers see, and what the channel's events lock of it. Calls beyond the plain reading are made only
   * for listings that it shows as locked. A listing whose line is faulty is left out; all of them: `malformed`.
   * @throws ChannelError
   */
  readStock(call: CallContext, listings: readonly ListingRef[]): Promise<readonly StockReading[]>;
  /** Changes what buyers can buy by so much, where the channel has such a call (Lazada). @throws ChannelError */
  adjustStock?(call: CallContext, changes: readonly StockChange[]): Promise<readonly StockResult[]>;
  /** One page of what the shop offers; the first without `cursor`. @throws ChannelError */
  listCatalogue(call: CallContext, cursor?: string): Promise<CataloguePage>;
  /** One call, at most `manifest.prices.batch.most` lines. Answers for every line. @throws ChannelError */
  pushPrices?(call: CallContext, writes: readonly PriceWrite[]): Promise<readonly StockResult[]>;
  /** Reads back the prices as written. @throws ChannelError */
  readPrices?(call: CallContext, listings: readonly ListingRef[]): Promise<readonly PriceReading[]>;
  /** Makes the channel send its pushes to `hookUrl`, where that is done by its API (Zalora). Idempotent. */
  registerHook?(call: CallContext, hookUrl: string): Promise<void>;
  /** The opposite. Idempotent: an address that is not registered is no error. */
  removeHook?(call: CallContext, hookUrl: string): Promise<void>;
  /**
   * Pushes that the channel could not deliver, the oldest page: `keep` is given their bytes, and only after it has
   * returned are they confirmed. Answers how many there were, and whether there are more. @throws ChannelError
   */
  takeLostPushes?(
    call: AppCall,
    keep: (pushes: readonly Buffer[]) => Promise<void>,
  ): Promise<{ readonly count: number; readonly more: boolean }>;
  /** Pure: the key that `verify` gives a push of these bytes, for pushes that come unsigned out of a lost queue. */
  keyOfPush?(bytes: Buffer, now: number): string;
  /** Absent where tokens are issued for the app's own key and secret (`issueToken`). */
  readonly authorisation?: Authorisation;
  /** Where the shop has no lasting token (Zalora): asks for one. @throws ChannelError */
  issueToken?(call: CallContext): Promise<{ readonly accessToken: string; readonly expiresInMs: number }>;
}
