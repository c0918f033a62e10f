const DUPLICATE_KEY = 11000;

/** True for the engine's word that a unique key is taken. */
export const isDuplicateKey = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === DUPLICATE_KEY;

interface BulkError {
  readonly writeErrors?: readonly { readonly code?: number }[] | { readonly code?: number };
  readonly result?: { getWriteConcernError?: () => unknown };
}

/**
 * True when documents of a bulk write failed, all of them because they are there already, and the rest is durable. The
 * driver reports a cut connection or a missing majority as a bulk error without write errors: that is no such answer.
 */
export function onlyDuplicates(error: unknown): boolean {
  const { writeErrors, result } = error as BulkError;
  const errors = [writeErrors ?? []].flat();
  if (errors.length === 0) return isDuplicateKey(error) && (error as Error).name !== 'MongoBulkWriteError';
  const isDurable = result?.getWriteConcernError?.() === undefined;
  return isDurable && errors.every((each) => isDuplicateKey({ code: each.code }));
}
