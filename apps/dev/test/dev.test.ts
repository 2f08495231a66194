import { join } from 'node:path';
import { InternetAccess, TemplateGraph } from '@groundplan/graph';
import { contractOf, expectClean, expectContract, internetAccessByTier, loadApp, subnetsIn } from '@groundplan/testing';
import { Stack } from 'aws-cdk-lib';

const app = loadApp(join(__dirname, '..'));
const network = app.node.findChild('Network') as Stack;
const data = app.node.findChild('Data') as Stack;
const services = app.node.findChild('Services') as Stack;

test('what is deployed keeps its logical ids, its deletion policies and its create-only values', () => {
  const golden = join(__dirname, 'contract.json');
  expectContract(contractOf(network), golden, 'dev');
  expectContract(contractOf(data), golden, 'dev data');
  expectContract(contractOf(services), golden, 'dev services');
});

test('the network stands in 2 zones with 1 NAT gateway, and isolated subnets reach nothing', () => {
  const graph = TemplateGraph.of(network);
  expect(subnetsIn(graph)).toHaveLength(6);
  expect(new Set(subnetsIn(graph).map(({ zone }) => zone)).size).toBe(2);
  expect(graph.resourcesOfType('AWS::EC2::NatGateway')).toHaveLength(1);
  expect(internetAccessByTier(graph)).toMatchObject({ Isolated: InternetAccess.NONE });
});

test('the internet asks the balancer over HTTPS, the balancer asks the guestbook on its port, and that is all', () => {
  const graph = TemplateGraph.of(app);
  const [service] = graph.resourcesOfType('AWS::ECS::Service');
  const hops = graph.pathsFromInternetTo(service).map((path) => path.hops.map(({ ports }) => ports.join()));
  expect(hops).toEqual([['443/tcp', '8080/tcp']]);
});

test('the guestbook and the migrations reach the database, and nothing else does', () => {
  const graph = TemplateGraph.of(app);
  const [writer] = graph.resourcesOfType('AWS::RDS::DBInstance');
  expect(graph.whoReaches(writer).map(({ source, ports }) => `${source} ${ports.join()}`)).toEqual([
    'Services/Guestbook/Service/Service 5432/tcp',
    'Data/Database/Migrations/Task/Task/SecurityGroup/Resource 5432/tcp',
  ]);
  expect(graph.pathsFromInternetTo(writer)).toEqual([]);
});

test('AWS Solutions, NIST 800-53 R5 and CloudFormation find nothing open, and no look-up is made', () => {
  for (const stack of [network, data, services]) expectClean(stack);
  expect(app.synth().manifest.missing).toBeUndefined();
});
