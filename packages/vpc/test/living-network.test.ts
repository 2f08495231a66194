import { renderAlarms } from '@groundplan/testing';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  DescribeMetricFiltersCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  DescribeFlowLogsCommand,
  DescribeNatGatewaysCommand,
  DescribeNetworkAclsCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
  EC2Client,
  Route,
} from '@aws-sdk/client-ec2';
import { GetBucketPolicyCommand, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { Environment, Tier } from '@groundplan/core';
import { TestAws } from '@groundplan/local';
import { App, Stack } from 'aws-cdk-lib/core';
import { Egress, EndpointSet, FlowLogs, Network, NetworkAcls, NetworkProps } from '../src';
import { environmentOf } from './environments';

/** One network of each kind, each in a stack and a block of its own. */
const KINDS: Record<string, NetworkProps> = {
  None: { egress: Egress.none() },
  Endpoints: { egress: Egress.endpointsOnly(EndpointSet.FARGATE, EndpointSet.SSM) },
  Single: { egress: Egress.single() },
  PerAz: { egress: Egress.perAz() },
  Regional: { egress: Egress.regional(), flowLogs: FlowLogs.toBoth() },
  Instance: { egress: Egress.instance() },
  DualStack: { dualStack: true, networkAcls: NetworkAcls.BY_TIER },
};
const cidrOf = (kind: string) => `10.${Object.keys(KINDS).indexOf(kind) + 1}.0.0/16`;

let aws: TestAws;
let ec2: EC2Client;
let scratch: string;

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'groundplan-vpc-'));
  aws = await TestAws.start();
  ec2 = new EC2Client(aws.client('111111111111', 'eu-central-1'));
}, 300_000);
afterAll(async () => {
  await aws?.stop();
  rmSync(scratch, { recursive: true, force: true });
}, 60_000);

/** Synthesizes the networks and answers the folder of the assembly. */
function assembly(change: Record<string, NetworkProps> = {}): string {
  const app = new App({ outdir: mkdtempSync(join(scratch, 'cdk.out-')) });
  const environment = Environment.define(app, environmentOf(Tier.DEVELOPMENT));
  for (const [kind, props] of Object.entries(KINDS)) {
    const stack = new Stack(app, kind, { env: environment.target });
    const network = new Network(stack, 'Network', { cidr: cidrOf(kind), ...props, ...change[kind] });
    renderAlarms(stack, network);
  }
  return app.synth().directory;
}

const vpcOf = async (kind: string) =>
  (await ec2.send(new DescribeVpcsCommand({}))).Vpcs!.find(({ CidrBlock }) => CidrBlock === cidrOf(kind))!;

async function inVpc(kind: string) {
  const { VpcId } = await vpcOf(kind);
  return { Filters: [{ Name: 'vpc-id', Values: [VpcId!] }] };
}

async function subnetsOf(kind: string, tier?: string) {
  const { Subnets } = await ec2.send(new DescribeSubnetsCommand(await inVpc(kind)));
  const named = Subnets!.filter(
    ({ Tags }) => !tier || Tags!.some(({ Key, Value }) => Key === 'aws-cdk:subnet-name' && Value === tier),
  );
  return named.sort((a, b) => a.AvailabilityZone!.localeCompare(b.AvailabilityZone!));
}

/** The routes of every subnet of a tier, in the order of the zones. */
async function routesOf(kind: string, tier: string): Promise<Route[][]> {
  const { RouteTables } = await ec2.send(new DescribeRouteTablesCommand(await inVpc(kind)));
  return (await subnetsOf(kind, tier)).map(
    ({ SubnetId }) =>
      RouteTables!.find(({ Associations }) => Associations!.some((a) => a.SubnetId === SubnetId))!.Routes!,
  );
}

const toInternet = (routes: Route[]) => routes.find(({ DestinationCidrBlock }) => DestinationCidrBlock === '0.0.0.0/0');

test('one network of each kind is deployed by the real CDK CLI', async () => {
  const result = await aws.deploy(assembly(), ['--all', '--concurrency', '4']);
  expect(result.code === 0 ? '' : result.stdout + result.stderr).toBe('');
  const stacks = await aws.stacks();
  for (const kind of Object.keys(KINDS))
    expect(stacks).toContainEqual(expect.objectContaining({ name: kind, status: 'CREATE_COMPLETE' }));
}, 300_000);

describe('what stands, asked of the EC2 API', () => {
  test.each(Object.keys(KINDS))(
    '%s: six subnets at the addresses of the plan, none hands out public ones (BB-073)',
    async (kind) => {
      const second = cidrOf(kind).split('.')[1];
      for (const [tier, third] of [
        ['Public', 0],
        ['Private', 4],
        ['Isolated', 8],
      ] as const) {
        const subnets = await subnetsOf(kind, tier);
        expect(
          subnets.map(({ CidrBlock, AvailabilityZone, MapPublicIpOnLaunch }) => ({
            CidrBlock,
            AvailabilityZone,
            MapPublicIpOnLaunch,
          })),
        ).toEqual([
          { CidrBlock: `10.${second}.${third}.0/24`, AvailabilityZone: 'eu-central-1a', MapPublicIpOnLaunch: false },
          {
            CidrBlock: `10.${second}.${third + 1}.0/24`,
            AvailabilityZone: 'eu-central-1b',
            MapPublicIpOnLaunch: false,
          },
        ]);
      }
    },
  );

  test.each(Object.keys(KINDS))(
    '%s: public subnets route to the internet gateway, isolated ones nowhere',
    async (kind) => {
      for (const routes of await routesOf(kind, 'Public')) expect(toInternet(routes)?.GatewayId).toMatch(/^igw-/);
      for (const routes of await routesOf(kind, 'Isolated'))
        expect(new Set(routes.map(({ GatewayId }) => GatewayId))).toEqual(new Set(['local']));
    },
  );

  test.each(['None', 'Endpoints'])('%s: private subnets have no route to the internet', async (kind) => {
    for (const routes of await routesOf(kind, 'Private')) expect(toInternet(routes)).toBeUndefined();
  });

  test.each<[string, number]>([
    ['Single', 1],
    ['PerAz', 2],
  ])('%s: private subnets go through %d NAT gateways that are available and have an address', async (kind, count) => {
    const { VpcId } = await vpcOf(kind);
    const { NatGateways } = await ec2.send(
      new DescribeNatGatewaysCommand({ Filter: [{ Name: 'vpc-id', Values: [VpcId!] }] }),
    );
    const living = NatGateways!.filter(({ State }) => State === 'available');
    expect(living).toHaveLength(count);
    for (const { NatGatewayAddresses } of living)
      expect(NatGatewayAddresses![0].PublicIp).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
    const used = (await routesOf(kind, 'Private')).map((routes) => toInternet(routes)?.NatGatewayId);
    expect(new Set(used)).toEqual(new Set(living.map(({ NatGatewayId }) => NatGatewayId)));
  });

  test('PerAz: each zone has its own gateway', async () => {
    const publicSubnets = await subnetsOf('PerAz', 'Public');
    const { NatGateways } = await ec2.send(new DescribeNatGatewaysCommand({}));
    const gateways = (await routesOf('PerAz', 'Private')).map((routes) => toInternet(routes)?.NatGatewayId);
    const zones = gateways.map((id) => NatGateways!.find(({ NatGatewayId }) => NatGatewayId === id)!.SubnetId);
    expect(zones).toEqual(publicSubnets.map(({ SubnetId }) => SubnetId));
  });

  test('Regional: one gateway of the VPC, in no subnet', async () => {
    const { VpcId } = await vpcOf('Regional');
    const { NatGateways } = await ec2.send(
      new DescribeNatGatewaysCommand({ Filter: [{ Name: 'vpc-id', Values: [VpcId!] }] }),
    );
    expect(NatGateways).toMatchObject([{ AvailabilityMode: 'regional', VpcId }]);
    expect(NatGateways![0].SubnetId).toBeFalsy();
    for (const routes of await routesOf('Regional', 'Private'))
      expect(toInternet(routes)?.NatGatewayId).toBe(NatGateways![0].NatGatewayId);
  });

  test('Instance: private subnets go through a running instance', async () => {
    for (const routes of await routesOf('Instance', 'Private')) {
      const route = toInternet(routes)!;
      expect(route.InstanceId ?? route.NetworkInterfaceId).toMatch(/^(i|eni)-/);
    }
  });

  test('DualStack: every subnet has an IPv6 block; private ones leave through the egress-only gateway', async () => {
    for (const subnet of await subnetsOf('DualStack'))
      expect(subnet.Ipv6CidrBlockAssociationSet![0].Ipv6CidrBlock).toMatch(/\/64$/);
    for (const routes of await routesOf('DualStack', 'Private'))
      expect(
        routes.find(({ DestinationIpv6CidrBlock }) => DestinationIpv6CidrBlock === '::/0')?.EgressOnlyInternetGatewayId,
      ).toMatch(/^eigw-/);
  });

  test.each(Object.keys(KINDS))('%s: S3 and DynamoDB are reached by gateways from private subnets', async (kind) => {
    for (const routes of await routesOf(kind, 'Private'))
      expect(
        routes.filter(
          ({ DestinationPrefixListId, GatewayId }) => DestinationPrefixListId && GatewayId?.startsWith('vpce-'),
        ),
      ).toHaveLength(2);
  });

  test('Endpoints: each service of the sets once, with private DNS, behind the locked security group', async () => {
    const { VpcEndpoints } = await ec2.send(new DescribeVpcEndpointsCommand(await inVpc('Endpoints')));
    const endpoints = VpcEndpoints!.filter(({ VpcEndpointType }) => VpcEndpointType === 'Interface');
    expect(endpoints.map(({ ServiceName }) => ServiceName!.replace('com.amazonaws.eu-central-1.', '')).sort()).toEqual([
      'ec2messages',
      'ecr.api',
      'ecr.dkr',
      'logs',
      'secretsmanager',
      'ssm',
      'ssmmessages',
    ]);
    expect(endpoints.every(({ PrivateDnsEnabled, SubnetIds }) => PrivateDnsEnabled && SubnetIds!.length === 1)).toBe(
      true,
    );
    const groups = [...new Set(endpoints.flatMap(({ Groups }) => Groups!.map(({ GroupId }) => GroupId!)))];
    const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: groups }));
    expect(SecurityGroups).toHaveLength(1);
    expect(SecurityGroups![0].IpPermissions).toMatchObject([
      { FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: cidrOf('Endpoints') }] },
    ]);
  });

  test.each(Object.keys(KINDS))(
    '%s: all traffic is recorded to its log group, and what is rejected is counted (IP-009)',
    async (kind) => {
      const logs = new CloudWatchLogsClient(aws.client('111111111111', 'eu-central-1'));
      const { VpcId } = await vpcOf(kind);
      const { FlowLogs: flowLogs } = await ec2.send(
        new DescribeFlowLogsCommand({ Filter: [{ Name: 'resource-id', Values: [VpcId!] }] }),
      );
      const record = flowLogs!.find(({ LogDestinationType }) => LogDestinationType === 'cloud-watch-logs')!;
      expect(record).toMatchObject({ TrafficType: 'ALL', ResourceId: VpcId });
      const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: record.LogGroupName }));
      expect(logGroups).toMatchObject([{ retentionInDays: 30 }]);
      const { metricFilters } = await logs.send(
        new DescribeMetricFiltersCommand({ logGroupName: record.LogGroupName }),
      );
      expect(metricFilters).toMatchObject([
        { metricTransformations: [{ metricName: 'RejectedFlows', metricNamespace: `groundplan/Network/${VpcId}` }] },
      ]);
    },
  );

  test('Regional: flow logs also go to S3 as Parquet, and log delivery may write there', async () => {
    const s3 = new S3Client({ ...aws.client('111111111111', 'eu-central-1'), forcePathStyle: true });
    const { VpcId } = await vpcOf('Regional');
    const { FlowLogs: flowLogs } = await ec2.send(
      new DescribeFlowLogsCommand({ Filter: [{ Name: 'resource-id', Values: [VpcId!] }] }),
    );
    const record = flowLogs!.find(({ LogDestinationType }) => LogDestinationType === 's3')!;
    expect(record.DestinationOptions).toEqual({
      FileFormat: 'parquet',
      HiveCompatiblePartitions: true,
      PerHourPartition: true,
    });
    const name = record.LogDestination!.split(':::')[1];
    const { Buckets } = await s3.send(new ListBucketsCommand({}));
    expect(Buckets!.map(({ Name }) => Name)).toContain(name);
    const { Policy } = await s3.send(new GetBucketPolicyCommand({ Bucket: name }));
    expect(JSON.parse(Policy!).Statement).toContainEqual(
      expect.objectContaining({ Principal: { Service: 'delivery.logs.amazonaws.com' }, Action: 's3:PutObject' }),
    );
  });

  test('DualStack: network ACLs stand in front of every tier and let the internet into the public one only (BB-064)', async () => {
    const { NetworkAcls: acls } = await ec2.send(new DescribeNetworkAclsCommand(await inVpc('DualStack')));
    for (const [tier, opens] of [
      ['Public', true],
      ['Private', false],
      ['Isolated', false],
    ] as const)
      for (const { SubnetId } of await subnetsOf('DualStack', tier)) {
        const acl = acls!.find(({ Associations }) => Associations!.some((a) => a.SubnetId === SubnetId))!;
        expect(acl.IsDefault).toBe(false);
        const https = acl.Entries!.some(
          ({ Egress: out, RuleAction, CidrBlock, PortRange }) =>
            !out && RuleAction === 'allow' && CidrBlock === '0.0.0.0/0' && PortRange?.From === 443,
        );
        expect([tier, https]).toEqual([tier, opens]);
      }
  });

  test('the vital signs stand as alarms, anomaly bands included (RU-077)', async () => {
    const cloudWatch = new CloudWatchClient(aws.client('111111111111', 'eu-central-1'));
    const { MetricAlarms } = await cloudWatch.send(new DescribeAlarmsCommand({ AlarmNamePrefix: 'PerAz-' }));
    expect(MetricAlarms).toHaveLength(3);
    const anomalies = MetricAlarms!.filter(({ ThresholdMetricId }) => ThresholdMetricId);
    expect(anomalies).toHaveLength(2);
    for (const { Metrics, ThresholdMetricId } of anomalies)
      expect(Metrics!.find(({ Id }) => Id === ThresholdMetricId)?.Expression).toMatch(
        /^ANOMALY_DETECTION_BAND\(.*, 3\)$/,
      );
    expect(MetricAlarms!.find(({ ThresholdMetricId }) => !ThresholdMetricId)).toMatchObject({
      Threshold: 0,
      EvaluationPeriods: 3,
      DatapointsToAlarm: 2,
    });
  });
});

test('deployed again, nothing changes', async () => {
  const result = await aws.deploy(assembly());
  expect(result.code).toBe(0);
  expect((result.stdout + result.stderr).match(/\(no changes\)/g)).toHaveLength(Object.keys(KINDS).length);
}, 120_000);

test('a third zone is added to networks that stand, and every subnet that was there is the same one (N3)', async () => {
  const grown = ['PerAz', 'DualStack'];
  const before = await Promise.all(grown.map((kind) => subnetsOf(kind)));
  const result = await aws.deploy(assembly(Object.fromEntries(grown.map((kind) => [kind, { zones: 3 }]))), grown);
  expect(result.code === 0 ? '' : result.stdout + result.stderr).toBe('');
  for (const [i, kind] of grown.entries()) {
    const after = await subnetsOf(kind);
    expect(after).toHaveLength(9);
    for (const { SubnetId, CidrBlock, Ipv6CidrBlockAssociationSet } of before[i])
      expect(after.find((subnet) => subnet.SubnetId === SubnetId)).toMatchObject({
        CidrBlock,
        Ipv6CidrBlockAssociationSet: Ipv6CidrBlockAssociationSet!.map(({ Ipv6CidrBlock }) => ({ Ipv6CidrBlock })),
      });
  }
  for (const [i, routes] of (await routesOf('PerAz', 'Private')).entries())
    expect([i, toInternet(routes)?.NatGatewayId]).toEqual([i, expect.stringMatching(/^nat-/)]);
}, 180_000);

test('egress is changed on a network that stands: the routes move, the subnets stay', async () => {
  const before = (await subnetsOf('Single')).map(({ SubnetId }) => SubnetId);
  const result = await aws.deploy(assembly({ Single: { egress: Egress.endpointsOnly() } }), ['Single']);
  expect(result.code === 0 ? '' : result.stdout + result.stderr).toBe('');
  expect((await subnetsOf('Single')).map(({ SubnetId }) => SubnetId)).toEqual(before);
  for (const routes of await routesOf('Single', 'Private')) expect(toInternet(routes)).toBeUndefined();
  const { VpcId } = await vpcOf('Single');
  const { NatGateways } = await ec2.send(
    new DescribeNatGatewaysCommand({ Filter: [{ Name: 'vpc-id', Values: [VpcId!] }] }),
  );
  expect(NatGateways!.filter(({ State }) => State === 'available')).toEqual([]);
}, 180_000);

test('destroyed, nothing is left but the bucket that holds the record', async () => {
  const result = await aws.destroy(assembly());
  expect(result.code === 0 ? '' : result.stdout + result.stderr).toBe('');
  for (const kind of Object.keys(KINDS)) expect(await vpcOf(kind)).toBeUndefined();
  const { NatGateways } = await ec2.send(new DescribeNatGatewaysCommand({}));
  expect(NatGateways!.filter(({ State }) => State !== 'deleted')).toEqual([]);
  const s3 = new S3Client({ ...aws.client('111111111111', 'eu-central-1'), forcePathStyle: true });
  const { Buckets } = await s3.send(new ListBucketsCommand({}));
  expect(Buckets!.filter(({ Name }) => /flowlog/i.test(Name!))).toHaveLength(1);
}, 240_000);
