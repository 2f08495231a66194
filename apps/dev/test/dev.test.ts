import { join } from 'node:path';
import { NetworkReading, contractOf, expectClean, expectContract, loadApp } from '@groundplan/testing';
import { Stack } from 'aws-cdk-lib';

const app = loadApp(join(__dirname, '..'));
const network = app.node.findChild('Network') as Stack;

test('what is deployed keeps its logical ids, its deletion policies and its create-only values', () => {
  expectContract(contractOf(network), join(__dirname, 'contract.json'), 'dev');
});

test('the network stands in 2 zones with 1 NAT gateway, and isolated subnets reach nothing', () => {
  const reading = NetworkReading.of(network);
  expect(reading.subnets).toHaveLength(6);
  expect(reading.idsOf('AWS::EC2::NatGateway')).toHaveLength(1);
  for (const subnet of reading.subnetsOf('Isolated')) expect(reading.reachesInternet(subnet)).toBe('no');
});

test('AWS Solutions, NIST 800-53 R5 and CloudFormation find nothing open, and no look-up is made', () => {
  expectClean(network);
  expect(app.synth().manifest.missing).toBeUndefined();
});
