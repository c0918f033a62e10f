import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { ChannelError } from '../../connectors/kit';

/** A wait that is not longer than this is waited for on the spot. */
const SHORT_MS = 5000;
const MOST_WAITED_MS = 20_000;

/** Calls that take second place: told to wait a moment, they wait, and ask again. */
@Injectable()
export class PatientCalls {
  /** @throws ChannelError when it is told to wait longer, or too often. */
  async ask<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    for (let waitedMs = 0; ;) {
      try {
        return await call();
      } catch (error) {
        const afterMs = shortWaitOf(error);
        if (afterMs === undefined || waitedMs + afterMs > MOST_WAITED_MS) throw error;
        waitedMs += afterMs;
        await delay(afterMs);
      }
    }
  }
}

function shortWaitOf(error: unknown): number | undefined {
  if (!(error instanceof ChannelError) || error.failure.kind !== 'throttled') return undefined;
  const { afterMs = 1000 } = error.failure;
  return afterMs <= SHORT_MS ? Math.max(afterMs, 50) : undefined;
}
