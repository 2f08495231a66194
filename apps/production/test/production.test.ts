import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NetworkReading, contractOf, expectClean, expectContract } from '@groundplan/testing';
import { App, Stack } from 'aws-cdk-lib';

// The app as the CDK CLI starts it: with the context of its cdk.json.
process.env.CDK_CONTEXT_JSON = JSON.stringify(JSON.parse(readFileSync(join(__dirname, '../cdk.json'), 'utf8')).context);
// eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would run before the line above
const { app } = require('../src/main') as { app: App };
const network = app.node.findChild('Network') as Stack;

test('what is deployed keeps its logical ids, its deletion policies and its create-only values', () => {
  expectContract(contractOf(network), join(__dirname, 'contract.json'), 'production');
});

test('the network stands in 3 zones with 3 NAT gateways, and isolated subnets reach nothing', () => {
  const reading = NetworkReading.of(network);
  expect(reading.subnets).toHaveLength(9);
  expect(reading.idsOf('AWS::EC2::NatGateway')).toHaveLength(3);
  for (const subnet of reading.subnetsOf('Isolated')) expect(reading.reachesInternet(subnet)).toBe('no');
});

test('AWS Solutions, NIST 800-53 R5 and CloudFormation find nothing open', () => {
  expectClean(network);
});

test('synthesis makes no look-up', () => {
  expect(app.synth().manifest.missing).toBeUndefined();
});
