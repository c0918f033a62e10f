/** The specs that mutants of the stock rules are held against. */
module.exports = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/src/domain/**/*.spec.ts', '<rootDir>/test/rules/vectors.spec.ts'],
  transform: { '^.+\\.ts$': '@swc/jest' },
  setupFiles: ['reflect-metadata'],
  watchman: false,
};
