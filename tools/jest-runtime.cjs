// Tests of a process share one CDK. Jest gives each file of tests its own copy of every module, and to load and compile that of
// CDK takes longer than most files take for all of their tests. What is ours, and everything else, stays a copy of each file.
const { createRequire } = require('node:module');
const { default: Runtime } = require('jest-runtime');

const SHARED = /^(aws-cdk-lib|constructs)(\/|$)/;
const shared = createRequire(__filename);

module.exports = class extends Runtime {
  requireModuleOrMock(from, moduleName) {
    return SHARED.test(moduleName) ? shared(moduleName) : super.requireModuleOrMock(from, moduleName);
  }
};
