import { Clock } from '../../../src/platform/clock';

/** A clock that a test sets; it starts at the present. */
export class HandClock extends Clock {
  #now = Date.now();

  override now(): number {
    return this.#now;
  }

  advance(ms: number): void {
    this.#now += ms;
  }
}
