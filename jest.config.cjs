const ignored = ['<rootDir>/dist/', '<rootDir>/\\.dist-', '<rootDir>/\\.data/', '<rootDir>/embedded/'];

function project(displayName, folders) {
  return {
    displayName,
    testEnvironment: 'node',
    testMatch: folders.map((folder) => `<rootDir>/${folder}/**/*.spec.ts`),
    transform: { '^.+\\.ts$': '@swc/jest' },
    setupFiles: ['reflect-metadata'],
    modulePathIgnorePatterns: ignored,
    testPathIgnorePatterns: ['/node_modules/', ...ignored],
  };
}

module.exports = {
  watchman: false,
  // Jest takes this for all projects alike; embedded/projects.mjs gives each its own.
  testTimeout: 60_000,
  projects: [
    project('rules', ['config', 'connectors', 'src', 'sandbox', 'test/{rules,support,builders,conformance}']),
    project('medium', ['test/medium']),
    project('races', ['test/races']),
    project('flows', ['test/flows']),
    project('faults', ['test/faults']),
    project('long', ['test/long']),
  ],
};
