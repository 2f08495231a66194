import { Environment, Tier } from '@groundplan/core';
import { Egress, EndpointSet, FlowLogs, Network, NetworkAcls } from '@groundplan/vpc';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { SubnetType } from 'aws-cdk-lib/aws-ec2';
import { FilterPattern, RetentionDays } from 'aws-cdk-lib/aws-logs';

const app = new App();
const environment = Environment.define(app, {
  project: 'shop',
  name: 'prod',
  tier: Tier.PRODUCTION,
  account: '333333333333',
  region: 'eu-central-1',
  zones: ['eu-central-1a', 'eu-central-1b', 'eu-central-1c'],
  tags: { Owner: 'team-shop', CostCenter: '4711' },
});

const network = new Network(new Stack(app, 'Network', { env: environment.target }), 'Network', {
  cidr: '10.30.0.0/16',
  zones: 3,
  additionalTiers: [{ name: 'Cache', subnetType: SubnetType.PRIVATE_ISOLATED }],
  egress: Egress.regional(),
  endpoints: [EndpointSet.FARGATE, EndpointSet.SSM],
  flowLogs: FlowLogs.toBoth({ retention: RetentionDays.SIX_MONTHS }, { expiration: Duration.days(365) }),
  networkAcls: NetworkAcls.BY_TIER,
  dualStack: true,
});

// What lies underneath is public: the L2 subnets, ACLs, endpoints and log groups.
network.flowLogGroup?.addMetricFilter('Ssh', {
  filterPattern: FilterPattern.literal(
    '[version, account, eni, source, destination, srcport, dstport=22, protocol, packets, bytes, start, end, action, status]',
  ),
  metricNamespace: 'shop',
  metricName: 'SshFlows',
});

app.synth();
