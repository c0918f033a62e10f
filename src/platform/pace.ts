/**
 * How long this hub waits. A drill plays a day in minutes: what is waited for between tries and polls, and ahead of a
 * token's end, is divided by one factor. Time-outs of calls, leases and signatures are not.
 */
export class Pace {
  constructor(private readonly factor: number) {}

  /** `ms` of a day as real milliseconds, at least one. */
  of(ms: number): number {
    return this.factor === 1 ? ms : Math.max(1, Math.round(ms / this.factor));
  }
}
