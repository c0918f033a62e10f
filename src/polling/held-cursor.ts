import type { Clock } from '../platform/clock';
import type { CursorChange, PollCursor, PollCursorsStore } from '../store/poll-cursors.store';
import { LEASE_MS } from './poll-times';

/** Somebody else took the cursor over, so this one stops. */
export class CursorLost extends Error {
  override readonly name = 'CursorLost';
}

/** What a look changes, but for who holds the cursor. */
export type CursorProgress = Omit<CursorChange, 'due' | 'heldUntil'>;

/** A cursor that this process holds: as long as it lives it holds it longer, and when it dies soon not any more. */
export class HeldCursor {
  private readonly beat: NodeJS.Timeout;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly store: PollCursorsStore,
    private readonly clock: Clock,
    /** As it is now. */
    public present: PollCursor,
  ) {
    this.beat = setInterval(() => void this.keep({}).catch(() => this.letGo()), LEASE_MS / 3);
    this.beat.unref();
  }

  /** @throws CursorLost */
  keep(change: CursorProgress): Promise<void> {
    return this.inTurn(() => {
      const heldUntil = this.clock.now() + LEASE_MS;
      return this.write({ ...change, due: heldUntil, heldUntil });
    });
  }

  /** The last change: from `due` on the cursor is anybody's. @throws CursorLost */
  end(change: CursorProgress & { readonly due: number }): Promise<void> {
    this.letGo();
    return this.inTurn(() => this.write({ ...change, heldUntil: undefined }));
  }

  /** Holds it no longer than it does now. */
  letGo(): void {
    clearInterval(this.beat);
  }

  private inTurn(act: () => Promise<void>): Promise<void> {
    const next = this.turn.then(act);
    this.turn = next.catch(() => undefined);
    return next;
  }

  private async write(change: CursorChange): Promise<void> {
    const next = await this.store.enter(this.present, change);
    if (next === undefined) {
      this.letGo();
      throw new CursorLost('the cursor is held by somebody else');
    }
    this.present = next;
  }
}
