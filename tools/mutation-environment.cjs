/** Where Stryker's tests run: after the first that fails, the others are passed over. Jest's `bail` knows files only. */
const { realpathSync } = require('node:fs');
const { createRequire } = require('node:module');
const { join } = require('node:path');

// pnpm shows Jest's environment to those alone who depend on it, as Stryker's runner does
const runner = join(__dirname, '..', 'node_modules', '@stryker-mutator', 'jest-runner', 'package.json');
const { TestEnvironment } = createRequire(realpathSync(runner))('jest-environment-node');

module.exports = class extends TestEnvironment {
  handleTestEvent({ name, test }) {
    if (name === 'test_done') this.hasFailed ||= test.errors.length > 0;
    if (name === 'test_start' && this.hasFailed) test.mode = 'skip';
  }
};
