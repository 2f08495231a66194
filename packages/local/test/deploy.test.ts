import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { DescribeStackEventsCommand, CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { App, Stack, aws_ec2 as ec2 } from 'aws-cdk-lib';
import { TestAws } from '../src';

const ACCOUNT = '111111111111';
const REGION = 'eu-central-1';
const ZONES = ['a', 'b'].map((zone) => `${REGION}${zone}`);

let aws: TestAws;
beforeAll(async () => {
  aws = await TestAws.start();
}, 180_000);
afterAll(() => aws.stop(), 30_000);

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'groundplan-deploy-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** Synthesizes a small network. */
function synth(props: { natGateways: number; broken?: boolean }): string {
  const app = new App({
    outdir: fs.mkdtempSync(path.join(folder, 'cdk.out-')),
    context: { [`availability-zones:account=${ACCOUNT}:region=${REGION}`]: ZONES },
    builtinCloudFormationValidation: false,
  });
  const stack = new Stack(app, 'Network', { env: { account: ACCOUNT, region: REGION } });
  const vpc = new ec2.Vpc(stack, 'Vpc', {
    ipAddresses: ec2.IpAddresses.cidr('10.1.0.0/20'),
    restrictDefaultSecurityGroup: false,
    natGateways: props.natGateways,
    subnetConfiguration: [
      { name: 'edge', subnetType: ec2.SubnetType.PUBLIC, cidrMask: 24 },
      { name: 'app', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 24 },
      { name: 'data', subnetType: ec2.SubnetType.PRIVATE_ISOLATED, cidrMask: 24 },
    ],
  });
  vpc.addGatewayEndpoint('S3', { service: ec2.GatewayVpcEndpointAwsService.S3 });
  if (props.broken)
    new ec2.CfnSecurityGroupIngress(stack, 'Broken', {
      groupId: 'sg-00000000000000000',
      ipProtocol: 'tcp',
      cidrIp: '10.1.0.0/20',
      fromPort: 5432,
      toPort: 5432,
    });
  return app.synth().directory;
}

const egress = async () => {
  const [network] = await aws.networks();
  return Object.fromEntries(network.tiers.map((tier) => [tier.name, tier.egress]));
};

// One story, told in order: each test begins where the one before it ended.
describe('a network on the local AWS', () => {
  const assembly = synth({ natGateways: 1 });

  test('is deployed by the real CLI into the account that the stack names, which is bootstrapped first', async () => {
    expect(await aws.deploy(assembly)).toMatchObject({ code: 0 });
    const ssm = new SSMClient(aws.client(ACCOUNT, REGION));
    const version = await ssm.send(new GetParameterCommand({ Name: '/cdk-bootstrap/hnb659fds/version' }));
    expect(Number(version.Parameter?.Value)).toBeGreaterThanOrEqual(21);
    expect(await aws.stacks()).toContainEqual(
      expect.objectContaining({ account: ACCOUNT, region: REGION, name: 'Network', status: 'CREATE_COMPLETE' }),
    );
  }, 180_000);

  test('stands as EC2 itself describes it: tiers, zones, addresses, and how each tier reaches the internet', async () => {
    const [network, ...others] = await aws.networks();
    expect(others).toEqual([]);
    expect(network).toMatchObject({ account: ACCOUNT, region: REGION, cidr: '10.1.0.0/20', name: 'Network/Vpc' });
    expect(
      network.tiers.map(({ name, type, subnets }) => [name, type, ...subnets.map((s) => `${s.zone} ${s.cidr}`)]),
    ).toEqual([
      ['edge', 'Public', `${ZONES[0]} 10.1.0.0/24`, `${ZONES[1]} 10.1.1.0/24`],
      ['app', 'Private', `${ZONES[0]} 10.1.2.0/24`, `${ZONES[1]} 10.1.3.0/24`],
      ['data', 'Isolated', `${ZONES[0]} 10.1.4.0/24`, `${ZONES[1]} 10.1.5.0/24`],
    ]);
    expect(await egress()).toEqual({
      edge: [expect.stringMatching(/^internet gateway igw-\w+$/)],
      app: [expect.stringMatching(/^NAT gateway nat-\w+ in eu-central-1a$/)],
      data: ['no route to the internet'],
    });
    expect(network.endpoints).toMatchObject([{ service: 's3', type: 'Gateway' }]);
  });

  test('is seen in its own account and region only', async () => {
    const ownVpcs = async (account: string, region: string) => {
      const { Vpcs = [] } = await new EC2Client(aws.client(account, region)).send(new DescribeVpcsCommand({}));
      return Vpcs.filter((vpc) => !vpc.IsDefault).length;
    };
    expect(await ownVpcs(ACCOUNT, REGION)).toBe(1);
    expect(await ownVpcs('222222222222', REGION)).toBe(0);
    expect(await ownVpcs(ACCOUNT, 'us-east-1')).toBe(0);
  });

  test('has nothing to change when it is deployed again, says the CLI', async () => {
    const { code, stderr, stdout } = await aws.deploy(assembly);
    expect([code, stdout + stderr]).toEqual([0, expect.stringContaining('Network (no changes)')]);
  }, 180_000);

  test('follows a change', async () => {
    expect(await aws.deploy(synth({ natGateways: 2 }))).toMatchObject({ code: 0 });
    expect((await egress()).app.map((way) => way.replace(/nat-\w+/, 'nat'))).toEqual(
      ZONES.map((zone) => `NAT gateway nat in ${zone}`),
    );
  }, 180_000);

  test('goes back to what it was when a resource fails', async () => {
    const { code, stdout, stderr } = await aws.deploy(synth({ natGateways: 2, broken: true }));
    expect(code).toBe(1);
    expect(stdout + stderr).toContain('sg-00000000000000000');
    const [stack] = (await aws.stacks()).filter(({ name }) => name === 'Network');
    expect(stack.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    const { StackEvents = [] } = await new CloudFormationClient(aws.client(ACCOUNT, REGION)).send(
      new DescribeStackEventsCommand({ StackName: 'Network' }),
    );
    expect(StackEvents.filter((e) => e.ResourceStatus?.endsWith('_FAILED')).map((e) => e.LogicalResourceId)).toEqual([
      'Broken',
    ]);
    expect((await egress()).app).toHaveLength(2);
  }, 180_000);

  test('is destroyed, and nothing is left', async () => {
    expect(await aws.destroy(assembly)).toMatchObject({ code: 0 });
    expect(await aws.networks()).toEqual([]);
    expect((await aws.stacks()).map(({ name }) => name)).toEqual(['CDKToolkit']);
    expect(aws.stubs()).toEqual([]);
  }, 180_000);
});
