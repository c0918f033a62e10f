const ignored = ['<rootDir>/dist/', '<rootDir>/\\.dist-', '<rootDir>/\\.data/', '<rootDir>/embedded/'];

function project(displayName, folders, more = {}) {
  return {
    displayName,
    testEnvironment: 'node',
    testMatch: folders.map((folder) => `<rootDir>/${folder}/**/*.spec.ts`),
    transform: { '^.+\\.ts$': '@swc/jest' },
    setupFiles: ['reflect-metadata'],
    modulePathIgnorePatterns: ignored,
    testPathIgnorePatterns: ['/node_modules/', ...ignored],
    ...more,
  };
}

/** Where several processes run, a failure shows what each of them said. */
const stack = { testEnvironment: '<rootDir>/test/support/stack/environment.ts' };

module.exports = {
  watchman: false,
  // Jest takes this for all projects alike; embedded/projects.mjs gives each its own.
  testTimeout: 60_000,
  projects: [
    project('rules', ['config', 'connectors', 'src', 'sandbox', 'test/{rules,support,builders,conformance}']),
    project('medium', ['test/medium']),
    project('races', ['test/races']),
    project('flows', ['test/flows'], {
      ...stack,
      globalSetup: '<rootDir>/test/support/stack/flows-setup.ts',
      globalTeardown: '<rootDir>/test/support/stack/flows-teardown.ts',
    }),
    project('faults', ['test/faults'], stack),
    project('long', ['test/long'], stack),
  ],
};
