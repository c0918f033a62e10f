const ignored = ['<rootDir>/dist/', '<rootDir>/\\.dist-', '<rootDir>/\\.data/', '<rootDir>/embedded/'];

function project(displayName, folders, testTimeoutMs) {
  return {
    displayName,
    testEnvironment: 'node',
    testMatch: folders.map((folder) => `<rootDir>/${folder}/**/*.spec.ts`),
    testTimeout: testTimeoutMs,
    transform: { '^.+\\.ts$': '@swc/jest' },
    setupFiles: ['reflect-metadata'],
    modulePathIgnorePatterns: ignored,
    testPathIgnorePatterns: ['/node_modules/', ...ignored],
  };
}

module.exports = {
  watchman: false,
  projects: [
    project('rules', ['config', 'connectors', 'src', 'sandbox', 'test/{rules,support,builders,conformance}'], 5_000),
    project('medium', ['test/medium'], 30_000),
    project('races', ['test/races'], 60_000),
    project('flows', ['test/flows'], 60_000),
    project('faults', ['test/faults'], 120_000),
    project('long', ['test/long'], 1_800_000),
  ],
};
