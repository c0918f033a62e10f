import { setTimeout as delay } from 'node:timers/promises';

/** Asks until the answer is there; fails with `what` after the deadline. */
export async function until<Answer>(
  what: string,
  ask: () => Promise<Answer | undefined | false> | Answer | undefined | false,
  withinMs = 10_000,
): Promise<Answer> {
  const endsAt = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > endsAt) throw new Error(`not within ${withinMs} ms: ${what}`);
    await delay(20);
  }
}
