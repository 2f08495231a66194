import { Tier } from '@groundplan/core';
import { App, Stack } from 'aws-cdk-lib/core';
import { CfnService } from 'aws-cdk-lib/aws-ecs';
import { Egress, EndpointSet, Network } from '../src';
import { networkIn } from './environments';

describe('services that could never start', () => {
  const service = (stack: Stack, network: Network, tier = 'Private') =>
    new CfnService(stack, 'Api', {
      networkConfiguration: {
        awsvpcConfiguration: { subnets: network.vpc.selectSubnets(network.subnets(tier)).subnetIds },
      },
    });

  test('a service in a network without egress and without endpoints is an error that names it and the way out', () => {
    const { stack, network } = networkIn(Tier.DEVELOPMENT, { egress: Egress.none() });
    service(stack, network);
    expect(() => App.of(stack)!.synth()).toThrow(
      'Service "Network/Api" could not start: its subnets reach neither the internet nor ecr.api, ecr.dkr, logs, secretsmanager, ssm; ' +
        'use Egress.endpointsOnly(EndpointSet.FARGATE, …), or an egress with a NAT gateway, or place it in another network',
    );
  });

  test('what endpoints there are is not named', () => {
    const { DATA, SSM } = EndpointSet;
    const { stack, network } = networkIn(Tier.DEVELOPMENT, { egress: Egress.endpointsOnly(DATA, SSM) });
    service(stack, network, 'Isolated');
    expect(() => App.of(stack)!.synth()).toThrow('neither the internet nor ecr.api, ecr.dkr, logs; use');
  });

  test('a service in a public subnet could', () => {
    const { stack, network } = networkIn(Tier.DEVELOPMENT, { egress: Egress.none() });
    service(stack, network, 'Public');
    expect(() => App.of(stack)!.synth()).not.toThrow();
  });

  test('also from another stack', () => {
    const { stack, network } = networkIn(Tier.DEVELOPMENT, { egress: Egress.none() });
    service(
      new Stack(stack.node.scope!, 'Services', { env: { account: stack.account, region: stack.region } }),
      network,
    );
    expect(() => App.of(stack)!.synth()).toThrow('Service "Services/Api" could not start');
  });

  test('and is none in a network of the same names in another stack of the app', () => {
    const { stack } = networkIn(Tier.DEVELOPMENT, { egress: Egress.none() });
    const other = new Stack(stack.node.scope!, 'Other', { env: { account: stack.account, region: stack.region } });
    service(other, new Network(other, 'Network', { cidr: '10.1.0.0/16' }));
    expect(() => App.of(stack)!.synth()).not.toThrow();
  });

  test('and is none with the endpoints of Fargate, or elsewhere', () => {
    const { stack, network } = networkIn(Tier.DEVELOPMENT, { egress: Egress.endpointsOnly(EndpointSet.FARGATE) });
    service(stack, network);
    expect(() => App.of(stack)!.synth()).not.toThrow();
    const none = networkIn(Tier.DEVELOPMENT, { egress: Egress.none() });
    new CfnService(none.stack, 'Api', { networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } } });
    expect(() => App.of(none.stack)!.synth()).not.toThrow();
  });
});
