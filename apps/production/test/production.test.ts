import { join } from 'node:path';
import { InternetAccess, TemplateGraph } from '@groundplan/graph';
import { contractOf, expectClean, expectContract, internetAccessByTier, loadApp, subnetsIn } from '@groundplan/testing';
import { Stack } from 'aws-cdk-lib';

const app = loadApp(join(__dirname, '..'));
const network = app.node.findChild('Network') as Stack;

test('what is deployed keeps its logical ids, its deletion policies and its create-only values', () => {
  expectContract(contractOf(network), join(__dirname, 'contract.json'), 'production');
});

test('the network stands in 3 zones with 3 NAT gateways, and isolated subnets reach nothing', () => {
  const graph = TemplateGraph.of(network);
  expect(subnetsIn(graph)).toHaveLength(9);
  expect(new Set(subnetsIn(graph).map(({ zone }) => zone)).size).toBe(3);
  expect(graph.resourcesOfType('AWS::EC2::NatGateway')).toHaveLength(3);
  expect(internetAccessByTier(graph)).toMatchObject({ Isolated: InternetAccess.NONE });
});

test('AWS Solutions, NIST 800-53 R5 and CloudFormation find nothing open, and no look-up is made', () => {
  expectClean(network);
  expect(app.synth().manifest.missing).toBeUndefined();
});
