import { etagOf, stale } from './refusal';

/**
 * Compares `If-Match` with what is stored. Absent, or `*`, fits anything that exists.
 * @throws Refusal 412 with the current state.
 */
export function matchVersion(ifMatch: string | undefined, current: { v: number; body: unknown }): void {
  if (ifMatch === undefined) return;
  const tags = ifMatch.split(',').map((tag) => tag.trim());
  if (!tags.includes('*') && !tags.includes(etagOf(current.v))) throw stale(current);
}
