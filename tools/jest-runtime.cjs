// Tests of a process share one CDK. Jest gives each file of tests its own copy of every module, and to load and compile that of
// CDK takes longer than most files take for all of their tests. What is ours, and everything else, stays a copy of each file.
const { createRequire } = require('node:module');
const { default: Runtime } = require('jest-runtime');

const SHARED = /^(aws-cdk-lib|constructs)(\/|$)/;
const shared = createRequire(__filename);
// Jest maps every place that CDK notes of where a resource was created: a quarter of the time of most files. A test that is about
// these places deletes the variable.
const WITHOUT_STACKS = JSON.stringify({ 'aws:cdk:disable-creation-stack-traces': true });

module.exports = class extends Runtime {
  constructor(config, environment, ...others) {
    super(config, environment, ...others);
    // Jest's copy of the environment variables would not reach CDK. What a file of tests did to them ends with it.
    this.variables = { ...process.env };
    environment.global.process.env = process.env;
    process.env.CDK_CONTEXT_JSON ??= WITHOUT_STACKS;
  }

  requireModuleOrMock(from, moduleName) {
    return SHARED.test(moduleName) ? shared(moduleName) : super.requireModuleOrMock(from, moduleName);
  }

  teardown() {
    for (const name of Object.keys(process.env)) if (!(name in this.variables)) delete process.env[name];
    Object.assign(process.env, this.variables);
    super.teardown();
  }
};
