import type { ChannelFailure } from './channel-error';
import type { ChannelIds } from './channel-ids';
import type { AppAccess, Hint, PushHeaders, ShopAccess } from './connector';

/** Exact bytes: a file of the channel's `fixtures`, or a text. */
export type Recorded = { readonly file: string } | { readonly text: string };

/** A push as it once came, with the app that it was signed for and the instant (ms) at which it came. */
export type RecordedPush = Recorded & {
  readonly headers: PushHeaders;
  readonly app: AppAccess;
  readonly at: number;
};

/** What the channel once answered to a call. */
export type RecordedAnswer = Recorded & {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
};

/**
 * What a channel brings to the conformance suite, as `conformance` of `connectors/<channel>/conformance.ts`: data only.
 * What the channel can do is read off its connector; a capability that it has not is shown as `-`.
 */
export interface ConformanceData {
  /** The shop that the recorded answers are of. */
  readonly shop: ShopAccess;
  /** A genuine push, signed where the channel signs. */
  readonly push: RecordedPush & { readonly asksFor: Hint };
  /** The channel testing the address, where it does. */
  readonly ping?: RecordedPush;
  /** Other recorded pushes, and what kind of hint each is. */
  readonly pushes: readonly (Recorded & { readonly kind: Hint['kind'] })[];
  /** A recorded order. */
  readonly order: {
    readonly externalId: string;
    /** By a part of the address that is called. */
    readonly answers: readonly (RecordedAnswer & { readonly path: string })[];
    /** What the buyer paid, minor units. */
    readonly paid: number;
    /** A status as it stands in the answers, quotes included: with another word in its place the order is refused. */
    readonly status: string;
  };
  /** Answers to `readOrders` that are failures of the whole call: each kind but `unavailable`, which may be HTTP's. */
  readonly failures: readonly (RecordedAnswer & { readonly kind: ChannelFailure['kind'] })[];
  /** What the sandbox is set up with, in the channel's own writing. */
  readonly sandbox: {
    readonly app: { readonly key: string; readonly secret: string };
    readonly shopId: string;
    /** Three or more listings; the first two are of one item where a write takes one item only. */
    readonly listings: readonly Readonly<Record<string, unknown>>[];
  };
  /** An order that the sandbox does not know, and ids that make a listing of it unknown when they replace its own. */
  readonly unknown: { readonly orderId: string; readonly channelIds: ChannelIds };
}
