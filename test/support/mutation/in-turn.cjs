const { default: Sequencer } = require('@jest/test-sequencer');

/** By name. */
module.exports = class InTurn extends Sequencer {
  sort(tests) {
    return [...tests].sort((a, b) => a.path.localeCompare(b.path));
  }
};
