import { Injectable } from '@nestjs/common';
import { HubOptions } from '../platform/options';
import { Pace } from '../platform/pace';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Channels tell whole seconds, and show an order in their lists a moment after it changed. */
const LEAST_OVERLAP_MS = 5000;
/** Whole seconds, and the second more that connectors ask for on each side. */
const SETTLED_MS = 3000;
const LEAST_UNREAD_MS = 15_000;

/** How far back a shop that is new here is read: its open orders are to hold stock. */
export const FIRST_DAYS_MS = 3 * DAY_MS;
/** Who looks at a shop holds it for so long, and longer as long as it lives. */
export const LEASE_MS = 20_000;

/** The waits of polling, as this hub's pace has them. */
@Injectable()
export class PollTimes {
  readonly pollMs: number;
  readonly hourMs: number;
  readonly overlapMs: number;
  /** The same where only the latest is asked for. */
  readonly leastOverlapMs: number;
  /** A list shows a change so long after it was made, by our clock. */
  readonly listedMs: number;
  /** A window ends so long before now: while it is read page by page, orders may leave it, but none may enter. */
  readonly settledMs: number;
  /** An order that changed so long ago should have been told by a push. */
  readonly graceMs: number;
  /** The same where pushes are missing already. */
  readonly quietGraceMs: number;
  /** A cursor that did not go on for so long is stuck. */
  readonly stuckMs: number;
  /** An order of a list that cannot be read is tried for so long. */
  readonly unreadMs: number;
  readonly lostMs: number;
  /** How long an audit waits before it looks at a difference again. */
  readonly lookAgainMs: number;

  constructor(options: HubOptions, pace: Pace) {
    this.pollMs = pace.of(options.pollMs);
    this.hourMs = pace.of(HOUR_MS);
    this.leastOverlapMs = LEAST_OVERLAP_MS + options.clockSkewMs;
    this.overlapMs = Math.max(pace.of(10 * MINUTE_MS), this.leastOverlapMs);
    this.listedMs = SECOND_MS + options.clockSkewMs;
    this.settledMs = SETTLED_MS + options.clockSkewMs;
    this.graceMs = Math.min(pace.of(MINUTE_MS), this.pollMs / 2) + options.clockSkewMs;
    this.quietGraceMs = Math.min(this.graceMs, pace.of(10 * SECOND_MS) + options.clockSkewMs);
    this.stuckMs = Math.max(pace.of(15 * MINUTE_MS), 5 * this.pollMs);
    this.unreadMs = Math.max(pace.of(5 * MINUTE_MS), LEAST_UNREAD_MS);
    this.lostMs = Math.max(this.pollMs, pace.of(5 * MINUTE_MS));
    this.lookAgainMs = pace.of(1.5 * SECOND_MS);
  }
}
