import type { ListingId, SellerId, ShopId, TargetId } from '../ids';
import type { Trigger } from './trigger-of';

/** A number with the version of the wish it answers, and the hub's instant (ms). */
export interface Stamped {
  readonly units: number;
  readonly version: number;
  readonly at: number;
}

export const ATTEMPT_STATES = ['done', 'refused', 'failed', 'coalesced', 'superseded', 'held'] as const;
export type AttemptState = (typeof ATTEMPT_STATES)[number];

/** What a channel tells of a lock. */
export interface LockTold {
  readonly units: number;
  /** When its event ends and gives back what is left, ms, where the channel says so. */
  readonly until?: number;
}

/** Units of a listing below which its channel refuses to be lowered while an event of its own holds them. Sale units. */
export interface Lock {
  /** When it was learned; 0 once it is over, until its skus were planned anew. `lockOf` tells what is left of it. */
  readonly units: number;
  /** The target's drift at that time: what the listing sold since came out of the lock. */
  readonly drift: number;
  /** It counts no more from this instant (ms) on: the event's own end, or that of what a refusal taught. */
  readonly until?: number;
  readonly readAt: number;
  /** `refusal`: a number was refused, and no reading has shown the lock since. */
  readonly source: 'read' | 'refusal';
  /** It changed, and its skus are to be planned anew. */
  readonly news?: true;
  /** When to look at it next, ms: it has news, or ends then. Absent: the drift audit reads it. */
  readonly due?: number;
}

/** A number in flight. */
export interface Sent extends Stamped {
  readonly isOver?: true;
  /** By how much it changes what is shown, whatever that is: what was sold and not heard stays sold. */
  readonly change?: number;
  /** It takes the listing off sale; what was shown before may all be sold until it is heard. */
  readonly closes?: true;
}

/** The quantity one listing should show, and what is known of what it shows. Numbers are sale units. */
export interface Target {
  readonly id: TargetId;
  readonly seller: SellerId;
  readonly shop: ShopId;
  readonly listing: ListingId;
  readonly skus: readonly string[];
  /** Rises with every write of this document. */
  readonly v: number;
  /** Undefined while a part was never counted: the listing is not written. */
  readonly wanted?: Stamped;
  /** A call that has no answer yet; written before the call. `isOver`: it failed, and nobody knows what it did. */
  readonly sent?: Sent;
  /** What was sent last, whatever was answered. */
  readonly lastSent?: { readonly units: number; readonly at: number };
  /** `since`: from when on changes of the channel count, where that is not the acknowledgement itself. */
  readonly acknowledged?: Stamped & { readonly since?: number };
  /** What the channel itself changed since the acknowledgement: its sales (negative) and cancellations. */
  readonly drift: number;
  /** What changes heard while a call was out make of the number that it carries, where the channel counts reserved units. */
  readonly unknown?: number;
  /** When a change was last heard that the acknowledged number may know of or not: it is written once more. */
  readonly unsure?: number;
  /** Something besides us may have changed what it shows: it is read back before anything else. */
  readonly check?: true;
  readonly readBack?: { readonly units: number; readonly at: number };
  /** When it is read back next, beside all writing, ms. */
  readonly auditDue?: number;
  /** It was read as something else than is known of it, so often in a row; not believed yet. */
  readonly suspect?: { readonly difference: number; readonly looks: number };
  /** Somebody changed what it shows, until it is read as it should be again. */
  readonly drifted?: { readonly units: number; readonly expected: number; readonly at: number };
  /** The version of the wish that a number changed by somebody else stands against. */
  readonly accepted?: number;
  /**
   * A part is bounded or strict. Acknowledged and drift are then all that buyers may see *or have bought without our
   * hearing of it*, and no raise goes beyond what that leaves room for.
   */
  readonly guarded?: true;
  /** What it would show under `open`. */
  readonly openNumber?: number;
  /** Since when a guarded one is to show more than buyers may see, or is to be read for the first time. */
  readonly raiseSince?: number;
  /**
   * By the channel's own word at `at` it showed so much less than that: sold before and not heard, or another's hand.
   * `written`: by a number off which the channel takes what it reserves, so that sales of before are not out of it yet.
   * `risen`: it was read as more than was known: what came back is not heard of yet.
   */
  readonly missing?: { readonly units: number; readonly at: number; readonly how?: 'written' | 'risen' };
  /** Since when it shows nothing, only because what was sold is not heard yet; and how long it did so before. */
  readonly closedAt?: number;
  readonly closedMs?: number;
  readonly lock?: Lock;
  /** Up to which version of each sku's position the moves are counted in; skus that it sells no more come last. */
  readonly planned: readonly { readonly sku: string; readonly v: number }[];
  /** Sale units of this listing in open orders. */
  readonly openUnits: number;
  /** The wanted number is below what buyers may see, and no attempt was made yet: raises of its skus wait. */
  readonly lowering?: boolean;
  /** What made this number, or has it written again. */
  readonly trigger?: Trigger;
  readonly lease?: { readonly token: string; readonly until: number };
  readonly tries: number;
  /** Its last call failed with others in it, and nobody knows through whom: it goes out by itself. */
  readonly alone?: boolean;
  /** `version`: of the number that was refused. */
  readonly refusal?: {
    readonly code: string;
    readonly message: string;
    readonly at: number;
    readonly version?: number;
  };
  /** When to look at it next, ms; absent when nothing is to be written. */
  readonly due?: number;
}

/** What is to be done with a target that is due. */
export type NextStep =
  /** Nothing is to be written: never counted, or it shows the number already. */
  | { readonly kind: 'rest' }
  /** Somebody else is at it, or a call may still be answered. */
  | { readonly kind: 'wait'; readonly until: number }
  /** A call was never answered: what it did is read back before anything else. */
  | { readonly kind: 'read-back' }
  /** `sends`: what is written, where that is not the wanted number as it is. */
  | { readonly kind: 'write'; readonly raises: boolean; readonly sends?: Sends }
  /** Orders of before `upTo` are to be heard of before its number is known. */
  | { readonly kind: 'hear'; readonly upTo: number };

export type Sends = Pick<Sent, 'units' | 'change' | 'closes'>;

type Shown = Pick<Target, 'acknowledged' | 'sent' | 'drift' | 'unknown' | 'guarded'>;

/**
 * What buyers may see: the last acknowledged number, less this listing's sales and plus its cancellations since, or
 * the number in flight or unanswered if that is more. Undefined while nothing is known.
 */
export function seenByBuyers({ acknowledged, sent, drift, unknown, guarded }: Shown): number | undefined {
  const known = acknowledged === undefined ? undefined : acknowledged.units + drift;
  if (sent === undefined) return known === undefined ? undefined : Math.max(0, known);
  if (sent.change !== undefined) return Math.max(0, (known ?? 0) + Math.max(0, sent.change));
  const carried = sent.units + (guarded === true ? Math.max(0, unknown ?? 0) : 0);
  return Math.max(0, carried, known ?? 0);
}

/** What buyers see if all that the channel's word left unexplained was sold: so much can be taken off at most. */
export const leastSeen = (target: Shown & Pick<Target, 'missing'>): number =>
  Math.max(0, (seenByBuyers(target) ?? 0) - (target.missing?.units ?? 0));
