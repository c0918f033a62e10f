const DUPLICATE_KEY = 11000;

/** True for the engine's word that a unique key is taken. */
export const isDuplicateKey = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === DUPLICATE_KEY;
