import fc from 'fast-check';

/** A mutant is killed by the first history that shows it; the smallest such history is of no use here. */
fc.configureGlobal({ endOnFailure: true });
