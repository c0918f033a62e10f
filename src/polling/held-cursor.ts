import type { Clock } from '../platform/clock';
import type { CursorChange, PollCursor, PollCursorsStore } from '../store/poll-cursors.store';
import { LEASE_MS } from './poll-times';

/** Somebody else took the cursor over, so this one stops. */
export class CursorLost extends Error {
  override readonly name = 'CursorLost';
}

/** A cursor that this process holds. Every change renews the hold. */
export class HeldCursor {
  private renewedAt: number;

  constructor(
    private readonly store: PollCursorsStore,
    private readonly clock: Clock,
    /** As it is now. */
    public present: PollCursor,
  ) {
    this.renewedAt = clock.now();
  }

  /** @throws CursorLost */
  async keep(change: Omit<CursorChange, 'due'>): Promise<void> {
    const now = this.clock.now();
    const next = await this.store.enter(this.present, { ...change, due: now + LEASE_MS });
    if (next === undefined) throw new CursorLost('the cursor is held by somebody else');
    this.present = next;
    this.renewedAt = now;
  }

  /** Renews the hold once a third of it is over. @throws CursorLost */
  async renew(): Promise<void> {
    if (this.clock.now() - this.renewedAt > LEASE_MS / 3) await this.keep({});
  }
}
