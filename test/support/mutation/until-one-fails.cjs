const { TestEnvironment } = require('jest-environment-node');

let hasFailed = false;

/** Skips what is left of a run once a test failed in it: the mutant is dead, and histories take seconds. */
module.exports = class UntilOneFails extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    if (context.testPath.endsWith('1-examples.ts')) hasFailed = false;
  }

  handleTestEvent({ name, test }) {
    if (name === 'test_done' && test.errors.length > 0) hasFailed = true;
    if (name === 'test_start' && hasFailed) test.mode = 'skip';
  }
};
