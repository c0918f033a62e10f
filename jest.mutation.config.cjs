/**
 * What mutants of the stock rules are held against: all worked examples in one file, then all random histories in
 * another. Most mutants end at the first, in a second; with a file of its own for each spec they take five.
 */
module.exports = {
  testEnvironment: require.resolve('./test/support/mutation/until-one-fails.cjs'),
  testMatch: ['<rootDir>/test/support/mutation/[12]-*.ts'],
  transform: { '^.+\\.ts$': '@swc/jest' },
  setupFiles: ['reflect-metadata', '<rootDir>/test/support/mutation/no-shrinking.ts'],
  testSequencer: '<rootDir>/test/support/mutation/in-turn.cjs',
  watchman: false,
};
