/** The specs that mutants of the stock rules are held against. */
module.exports = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/src/domain/**/*.spec.ts', '<rootDir>/test/rules/vectors.spec.ts'],
  transform: { '^.+\\.ts$': '@swc/jest' },
  setupFiles: ['reflect-metadata', '<rootDir>/test/support/mutation/no-shrinking.ts'],
  testSequencer: '<rootDir>/test/support/mutation/examples-first.cjs',
  watchman: false,
};
