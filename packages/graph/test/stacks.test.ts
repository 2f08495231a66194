import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  App,
  CfnCondition,
  CfnParameter,
  CfnStack,
  Fn,
  NestedStack,
  Validations,
  Stack,
  Stage,
  aws_ec2 as ec2,
  aws_s3 as s3,
  aws_ssm as ssm,
} from 'aws-cdk-lib';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { TemplateGraph } from '../src';
import { newApp } from './apps';

/** Two stacks: a network, and a server in it that another group is let into. */
function twoStacks(scope: App | Stage, env?: { account: string; region: string }) {
  const network = new Stack(scope, 'Network', { env });
  const vpc = new ec2.Vpc(network, 'Vpc', { maxAzs: 1, natGateways: 0 });
  const data = new Stack(scope, 'Data', { env });
  const machineImage = ec2.MachineImage.latestAmazonLinux2023();
  const instanceType = new ec2.InstanceType('t3.micro');
  const server = new ec2.Instance(data, 'Server', {
    vpc,
    machineImage,
    instanceType,
    vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC },
  });
  server.connections.allowFromAnyIpv4(ec2.Port.tcp(443));
  return { vpc, server, network, data };
}

const WAY = (prefix = '') => `internet (0.0.0.0/0) -> 443/tcp ${prefix}Data/Server/Resource`;

describe('references between stacks', () => {
  test.each(['strong', 'weak', 'both'])('%s ones are followed', (kind) => {
    const app = newApp({ context: { '@aws-cdk/core:defaultCrossStackReferences': kind } });
    const { vpc, server } = twoStacks(app);
    const graph = TemplateGraph.of(app);
    expect(graph.pathsFromInternetTo(server).map(({ text }) => text)).toEqual([WAY()]);
    const template = JSON.stringify(graph.resourceOf(server).definition);
    expect(template.includes('Fn::ImportValue') || template.includes('Fn::GetStackOutput')).toBe(true);
    expect(graph.referencesTo(vpc.publicSubnets[0]).map(({ source }) => source)).toContain('Data/Server/Resource');
  });

  test('to another region: what CDK writes there and reads here', () => {
    const app = newApp({ context: { '@aws-cdk/core:defaultCrossStackReferences': 'strong' } });
    const here = new Stack(app, 'Here', {
      env: { account: '111122223333', region: 'us-east-1' },
      crossRegionReferences: true,
    });
    const bucket = new s3.Bucket(here, 'Bucket');
    const there = new Stack(app, 'There', {
      env: { account: '111122223333', region: 'eu-west-1' },
      crossRegionReferences: true,
    });
    new ssm.CfnParameter(there, 'Name', { type: 'String', value: bucket.bucketArn });
    const graph = TemplateGraph.of(app);
    expect(graph.referencesFrom(graph.at('There/Name'))).toEqual([
      { source: 'There/Name', property: 'Value', target: 'Here/Bucket/Resource', attribute: 'Arn' },
    ]);
  });

  test('exports and stacks of one name in two stages stay apart', () => {
    const app = newApp({ context: { '@aws-cdk/core:defaultCrossStackReferences': 'strong' } });
    for (const stage of ['Blue', 'Green']) {
      const scope = new Stage(app, stage);
      const out = new Stack(scope, 'Out', { stackName: 'out' });
      out.exportValue(new s3.Bucket(out, 'Bucket').bucketArn, { name: 'bucket' });
      const into = new Stack(scope, 'In', { stackName: 'in' });
      new ssm.CfnParameter(into, 'Name', { type: 'String', value: Fn.importValue('bucket') });
    }
    const graph = TemplateGraph.of(app);
    expect(graph.referencesFrom(graph.at('Blue/In/Name')).map(({ target }) => target)).toEqual([
      'Blue/Out/Bucket/Resource',
    ]);
    expect(graph.referencesFrom(graph.at('Green/In/Name')).map(({ target }) => target)).toEqual([
      'Green/Out/Bucket/Resource',
    ]);
  });
});

describe('stages', () => {
  test('the app is asked about all of them, a stage about itself', () => {
    const app = newApp();
    const [dev, prod] = ['Dev', 'Prod'].map((id) => twoStacks(new Stage(app, id)));
    expect(
      TemplateGraph.of(dev.server)
        .pathsFromInternetTo(dev.server)
        .map(({ text }) => text),
    ).toEqual([WAY('Dev/')]);
    const graph = TemplateGraph.of(app);
    expect(graph.resourcesOfType('AWS::EC2::Instance').map(({ path }) => path)).toEqual([
      'Dev/Data/Server/Resource',
      'Prod/Data/Server/Resource',
    ]);
    expect(graph.pathsFromInternetTo(prod.server).map(({ text }) => text)).toEqual([WAY('Prod/')]);
    expect(graph.openPorts(dev.server, prod.server)).toEqual([]);
    expect(graph.stacks().map(({ path }) => path)).toEqual(['Dev/Network', 'Dev/Data', 'Prod/Network', 'Prod/Data']);
  });
});

describe('nested stacks', () => {
  /** Two nested stacks of one kind: their logical ids are the same. */
  function nested(context: Record<string, unknown> = {}) {
    const app = newApp({ context });
    const root = new Stack(app, 'Root');
    const vpc = new ec2.Vpc(root, 'Vpc', { maxAzs: 1, natGateways: 0 });
    const group = new ec2.SecurityGroup(root, 'Group', { vpc });
    const instances = ['One', 'Two'].map((id) => {
      const stack = new NestedStack(root, id);
      const machineImage = ec2.MachineImage.latestAmazonLinux2023();
      const instanceType = new ec2.InstanceType('t3.micro');
      const server = new ec2.Instance(stack, 'Group', {
        vpc,
        machineImage,
        instanceType,
        vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC },
      });
      server.connections.allowFrom(group, ec2.Port.tcp(443));
      return server;
    });
    instances[1].connections.allowFrom(instances[0], ec2.Port.tcp(8080));
    return { graph: TemplateGraph.of(app), instances };
  }

  test('parameters and outputs are followed', () => {
    const { graph, instances } = nested();
    const [one, two] = instances;
    expect(graph.openPorts(one, two).map(({ ports, certainty }) => `${ports} ${certainty}`)).toEqual([
      '8080/tcp certain',
    ]);
    expect(graph.openPorts(two, one)).toEqual([]);
    expect(graph.subnetsOf(one).map(({ path }) => path)).toEqual(['Root/Vpc/PublicSubnet1/Subnet']);
    expect(graph.stacks().map(({ path, isNested }) => `${path} ${isNested}`)).toEqual([
      'Root false',
      'Root/One true',
      'Root/Two true',
    ]);
  });

  test.each([
    ['path metadata', { 'aws:cdk:enable-path-metadata': false }],
    ['asset metadata', { 'aws:cdk:enable-asset-metadata': false }],
    ['both', { 'aws:cdk:enable-path-metadata': false, 'aws:cdk:enable-asset-metadata': false }],
  ])('without %s in the templates they are the same', (_, context) => {
    const paths = ({ graph }: ReturnType<typeof nested>) => graph.resources().map(({ path }) => path);
    expect(paths(nested(context))).toEqual(paths(nested()));
    const { graph, instances } = nested(context);
    expect(graph.openPorts(instances[0], instances[1])).toHaveLength(1);
  });

  test('one whose condition does not hold is not made, with all that is in it', () => {
    const app = newApp();
    const root = new Stack(app, 'Root');
    const parameter = new CfnParameter(root, 'Wanted', { default: 'no' });
    const stack = new NestedStack(root, 'Extra');
    new s3.Bucket(stack, 'Bucket');
    const resource = stack.nestedStackResource as unknown as { cfnOptions: { condition: unknown } };

    resource.cfnOptions.condition = new CfnCondition(root, 'Is', { expression: Fn.conditionEquals(parameter, 'yes') });
    expect(TemplateGraph.of(app).resourcesOfType('AWS::S3::Bucket')).toEqual([]);
  });

  test("one with somebody else's template: its outputs are unknown", () => {
    const app = newApp();
    const root = new Stack(app, 'Root');
    const theirs = new CfnStack(root, 'Theirs', { templateUrl: 'https://example.com/t.json' });
    new ssm.CfnParameter(root, 'Name', { type: 'String', value: theirs.getAtt('Outputs.Vpc').toString() });
    const graph = TemplateGraph.of(app);
    expect(graph.propertiesOf(graph.at('Root/Name')).Value).toBe('${Root/Theirs.Vpc}');
  });
});

describe('cloudformation-include', () => {
  const folder = mkdtempSync(join(tmpdir(), 'groundplan-include-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('included twice, with the paths of the app that it came from: every resource has a path of its own', () => {
    const templateFile = join(folder, 'template.json');
    const Metadata = { 'aws:cdk:path': 'Old/Bucket/Resource' };
    writeFileSync(templateFile, JSON.stringify({ Resources: { Bucket: { Type: 'AWS::S3::Bucket', Metadata } } }));
    const app = newApp();
    for (const id of ['One', 'Two']) new CfnInclude(new Stack(app, id), 'Included', { templateFile });
    const paths = TemplateGraph.of(app)
      .resources()
      .map(({ path }) => path);
    expect(new Set(paths).size).toBe(2);
  });
});

test('what stands in the manifest: names, environments, tags, notes and acknowledged rules', () => {
  const app = newApp();
  const stack = new Stack(app, 'Shop', {
    stackName: 'shop-prod',
    env: { account: '111122223333', region: 'eu-west-1' },
    tags: { Owner: 'team' },
  });
  const bucket = new s3.Bucket(stack, 'Bucket');
  bucket.node.addMetadata('groundplan:note', { text: 'x' });

  Validations.of(bucket).acknowledge({ id: 'AwsSolutions::S1', reason: 'no logs of logs' });
  const graph = TemplateGraph.of(app);
  expect(graph.stacks()).toEqual([
    {
      path: 'Shop',
      stackName: 'shop-prod',
      account: '111122223333',
      region: 'eu-west-1',
      templateFile: 'Shop.template.json',
      tags: { Owner: 'team' },
      isNested: false,
    },
  ]);
  expect(graph.metadata('groundplan:note')).toEqual([{ path: 'Shop/Bucket', data: { text: 'x' } }]);
  expect(graph.acknowledgements()).toEqual([
    { ruleId: 'AwsSolutions::S1', reason: 'no logs of logs', path: 'Shop/Bucket' },
  ]);
});
