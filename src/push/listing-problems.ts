import { keyOf, type Target } from '../domain';

/** What may be wrong with one listing. */
const KINDS = ['refused', 'drift', 'lock'] as const;

/** The key of a problem of one listing. */
export const listingProblem = (kind: (typeof KINDS)[number], { shop, listing }: Target): string =>
  keyOf(kind, shop, listing);

/** The keys of all problems that a listing may have. */
export const listingProblems = (target: Target): readonly string[] => KINDS.map((kind) => listingProblem(kind, target));
