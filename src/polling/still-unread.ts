import type { LookAnswer } from '../platform/doors';
import type { UnreadOrder } from '../store/poll-cursors.store';

/** Those of a shop's orders that could still not be read, each with the instant at which that began. */
export function stillUnread(
  known: readonly UnreadOrder[],
  answers: readonly LookAnswer[],
  now: number,
): readonly UnreadOrder[] {
  const unread = new Map(known.map((each) => [each.externalId, each]));
  for (const answer of answers) {
    const { externalId } = answer;
    if (answer.kind !== 'unread') unread.delete(externalId);
    else unread.set(externalId, { externalId, since: unread.get(externalId)?.since ?? now, why: answer.why });
  }
  return [...unread.values()];
}
