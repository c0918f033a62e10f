import { Injectable } from '@nestjs/common';
import { HubOptions } from '../platform/options';
import { Pace } from '../platform/pace';

/** A push that was lost is found by a poll within this time and the time between polls. */
const FOUND_MS = 30_000;
/** A listing whose number changes is read so many times as often. */
const SELLS_FACTOR = 6;

/** The waits of the drift audit, as this hub's pace has them. */
@Injectable()
export class AuditTimes {
  /** Every listing is due again at half the time that it must be read in: the other half is for reading. */
  readonly nextMs: number;
  readonly nextIfSellsMs: number;
  /** An event may end without a word: what it held comes back to the listing, and to the others. */
  readonly nextIfLockedMs: number;
  /** By then news of a sale have come, be it by a poll. */
  readonly doubtMs: number;
  /** A listing that is being written is looked at again, a channel that does not answer asked again. */
  readonly laterMs: number;

  constructor(options: HubOptions, pace: Pace) {
    this.nextMs = pace.of(options.driftMs / 2);
    this.nextIfSellsMs = pace.of(options.driftMs / 2 / SELLS_FACTOR);
    this.nextIfLockedMs = Math.min(this.nextIfSellsMs, pace.of(options.pollMs));
    this.doubtMs = pace.of(options.pollMs + FOUND_MS);
    this.laterMs = pace.of(60_000);
  }
}
