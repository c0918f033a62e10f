import { Injectable } from '@nestjs/common';
import { keyOf, type SellerId } from '../domain';
import { Clock } from '../platform/clock';
import { DeadLettersStore, type Failure } from './dead-letters.store';
import { HUB, ProblemsStore } from './problems.store';

/** Dead letters together with the problem that tells of them: it is open while one of its cause is. */
@Injectable()
export class DeadLetterBox {
  constructor(
    private readonly letters: DeadLettersStore,
    private readonly problems: ProblemsStore,
    private readonly clock: Clock,
  ) {}

  /** Keeps what failed for good, and says so. The same failure again is the same letter. */
  async put(failure: Failure): Promise<void> {
    const now = this.clock.now();
    await this.letters.record(failure, now);
    const seller = failure.seller ?? HUB;
    await this.problems.open(
      {
        seller,
        key: problemKey(failure.cause),
        kind: failure.cause === 'unknown-status' ? 'unknown-status' : 'dead-letters',
        detail: `Dead letters of the cause ${failure.cause}; the latest: ${failure.message}`,
        action: 'Look at the dead letters, mend the cause, then retry or discard them.',
      },
      now,
    );
  }

  /** Closes the problem of a cause once no letter of it is open. */
  async tidy(seller: SellerId, cause: string): Promise<void> {
    const open = await this.letters.list(seller, { state: 'open', cause, limit: 1 });
    if (open.length === 0) await this.problems.close(seller, problemKey(cause), this.clock.now());
  }
}

const problemKey = (cause: string): string => keyOf('dead-letters', cause);
