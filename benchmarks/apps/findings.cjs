// What five packs of cdk-nag hold against one app, acknowledged or not: node findings.cjs service | service-by-hand
const { App, Stack } = require('aws-cdk-lib/core');
const nag = require('cdk-nag');

const app = new App({ context: require('aws-cdk-lib/recommended-feature-flags.json') });
require(`./${process.argv[2]}.cjs`)(app, Stack);
app.synth();
const packs = ['AwsSolutions', 'NIST80053R5', 'PCIDSS321', 'HIPAASecurity', 'Serverless'];
const stacks = app.node.children.filter((child) => Stack.isStack(child));
const violations = packs.flatMap((name) => {
  const pack = Object.assign(new nag[`${name}Checks`](), { isAcknowledged: () => false });
  return stacks.flatMap((stack) => pack.validateScope(stack).violations);
});
const count = violations.reduce((sum, { violatingResources }) => sum + violatingResources.length, 0);
console.log(JSON.stringify({ findings: count }));
