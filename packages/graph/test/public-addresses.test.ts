import { att, ref } from './assemblies';
import { ANYBODY, group, inNetwork, instance, open, rule, ways } from './small-network';

const OPEN = { Group: group([rule(ANYBODY, 443)]) };
const GROUPS = [att('Group', 'GroupId')];
const waysTo = (thing: object, more: Record<string, object> = {}) =>
  ways(inNetwork({ ...OPEN, Thing: thing, ...more }), 'Thing');
const WAY = 'internet (0.0.0.0/0) -> 443/tcp Stack/Thing';
const doubt = (why: string) => [`${WAY} (unknown: ${why})`];

describe('an instance', () => {
  const MAPPED = {
    Public: {
      Type: 'AWS::EC2::Subnet',
      Properties: { VpcId: ref('Vpc'), CidrBlock: '10.0.0.0/24', MapPublicIpOnLaunch: true },
    },
  };
  const plain = { Type: 'AWS::EC2::Instance', Properties: { SubnetId: ref('Public'), SecurityGroupIds: GROUPS } };

  test('has the address that its interface asks for', () => {
    expect(waysTo(instance(ref('Public'), GROUPS, true))).toEqual([WAY]);
    expect(waysTo(instance(ref('Public'), GROUPS, false), MAPPED)).toEqual([]);
  });
  test('otherwise the one that its subnet gives', () => {
    expect(waysTo(plain)).toEqual([]);
    expect(waysTo(plain, MAPPED)).toEqual([WAY]);
  });
  test('or an Elastic IP, on itself or on an interface of its own', () => {
    const Address = { Type: 'AWS::EC2::EIP', Properties: { InstanceId: ref('Thing') } };
    expect(waysTo(plain, { Address })).toEqual([WAY]);
    const Interface = { Type: 'AWS::EC2::NetworkInterface', Properties: { SubnetId: ref('Public'), GroupSet: GROUPS } };
    const Association = { Type: 'AWS::EC2::EIPAssociation', Properties: { NetworkInterfaceId: ref('Interface') } };
    const attached = {
      Type: 'AWS::EC2::Instance',
      Properties: { NetworkInterfaces: [{ NetworkInterfaceId: ref('Interface') }] },
    };
    expect(waysTo(attached, { Interface })).toEqual([]);
    expect(waysTo(attached, { Interface, Association })).toEqual([WAY]);
  });
  test('in a subnet without a route it is not reached, whatever its address', () => {
    expect(waysTo(instance(ref('Private'), GROUPS, true))).toEqual([]);
  });
  test('in a subnet from outside of the assembly: in doubt', () => {
    expect(waysTo({ ...plain, Properties: { SubnetId: 'subnet-1', SecurityGroupIds: GROUPS } })).toEqual(
      doubt(
        'the subnet subnet-1 is not in this assembly; whether Stack/Thing has a public address is known when it is deployed',
      ),
    );
  });
  test('that names no subnet stands in the default VPC of the account: in doubt', () => {
    const [line] = waysTo({ ...plain, Properties: { SecurityGroupIds: GROUPS } });
    expect(line).toContain("Stack/Thing names no subnet: it stands in the account's default VPC");
  });
});

describe('a database', () => {
  const Subnets = {
    Type: 'AWS::RDS::DBSubnetGroup',
    Properties: { SubnetIds: [ref('Public')], DBSubnetGroupName: 'Mine' },
  };
  const database = (properties: object = {}, type = 'AWS::RDS::DBInstance') => ({
    Type: type,
    Properties: {
      DBSubnetGroupName: ref('Subnets'),
      VPCSecurityGroups: GROUPS,
      VpcSecurityGroupIds: GROUPS,
      ...properties,
    },
  });

  test('is as public as it says', () => {
    expect(waysTo(database({ PubliclyAccessible: true }), { Subnets })).toEqual([WAY]);
    expect(waysTo(database({ PubliclyAccessible: false }), { Subnets })).toEqual([]);
  });
  test('that says nothing is public where its VPC has a gateway, as RDS documents it', () => {
    expect(waysTo(database(), { Subnets })).toEqual([WAY]);
    expect(waysTo(database(), { Subnets, Attachment: { Type: 'AWS::SNS::Topic' } })).toEqual([]);
  });
  test('may name its subnet group by name', () => {
    expect(waysTo(database({ DBSubnetGroupName: 'mine', PubliclyAccessible: true }), { Subnets })).toEqual([WAY]);
  });
  test('whose subnet group is not in the assembly: in doubt', () => {
    const [line] = waysTo(database({ DBSubnetGroupName: 'theirs', PubliclyAccessible: true }));
    expect(line).toBe(`${WAY} (unknown: what theirs says of Stack/Thing is not in this assembly)`);
  });
  test('an Aurora cluster is reached when one of its instances is public', () => {
    const cluster = database({ Engine: 'aurora-postgresql' }, 'AWS::RDS::DBCluster');
    const Reader = (PubliclyAccessible: boolean) => ({
      Type: 'AWS::RDS::DBInstance',
      Properties: { DBClusterIdentifier: ref('Thing'), PubliclyAccessible },
    });
    expect(waysTo(cluster, { Subnets, Reader: Reader(false) })).toEqual([]);
    expect(waysTo(cluster, { Subnets, Reader: Reader(true) })).toEqual([WAY]);
    const graph = inNetwork({ ...OPEN, Subnets, Thing: cluster, Reader: Reader(true) });
    expect(ways(graph, 'Reader')).toEqual(['internet (0.0.0.0/0) -> 443/tcp Stack/Reader']);
  });
});

describe('what never has one', () => {
  test('a function in a VPC, also in a public subnet with IPv6', () => {
    const Public = {
      Type: 'AWS::EC2::Subnet',
      Properties: {
        VpcId: ref('Vpc'),
        CidrBlock: '10.0.0.0/24',
        MapPublicIpOnLaunch: true,
        AssignIpv6AddressOnCreation: true,
      },
    };
    const fn = {
      Type: 'AWS::Lambda::Function',
      Properties: { VpcConfig: { SubnetIds: [ref('Public')], SecurityGroupIds: GROUPS } },
    };
    expect(waysTo(fn, { Public })).toEqual([]);
  });
  test('a cache in a public subnet', () => {
    const cache = {
      Type: 'AWS::ElastiCache::ServerlessCache',
      Properties: { SubnetIds: [ref('Public')], SecurityGroupIds: GROUPS },
    };
    expect(waysTo(cache)).toEqual([]);
  });
});

describe('a task', () => {
  const service = (AssignPublicIp?: unknown) => ({
    Type: 'AWS::ECS::Service',
    Properties: {
      NetworkConfiguration: {
        AwsvpcConfiguration: {
          Subnets: [ref('Public')],
          SecurityGroups: GROUPS,
          ...(AssignPublicIp ? { AssignPublicIp } : {}),
        },
      },
    },
  });
  test('has one only when the service says so', () => {
    expect(waysTo(service())).toEqual([]);
    expect(waysTo(service('DISABLED'))).toEqual([]);
    expect(waysTo(service('ENABLED'))).toEqual([WAY]);
  });
  test('with a parameter that has no default: in doubt', () => {
    expect(waysTo(service(ref('P')))).toEqual(doubt('"P" stands in no template of Stack'));
  });
});

test('an Auto Scaling group has what its launch template or launch configuration says', () => {
  const asg = (properties: object) => ({
    Type: 'AWS::AutoScaling::AutoScalingGroup',
    Properties: { VPCZoneIdentifier: [ref('Public')], ...properties },
  });
  const Template = (isPublic: boolean) => ({
    Type: 'AWS::EC2::LaunchTemplate',
    Properties: { LaunchTemplateData: { NetworkInterfaces: [{ Groups: GROUPS, AssociatePublicIpAddress: isPublic }] } },
  });
  const byTemplate = asg({ LaunchTemplate: { LaunchTemplateId: ref('Template'), Version: '1' } });
  expect(waysTo(byTemplate, { Template: Template(true) })).toEqual([WAY]);
  expect(waysTo(byTemplate, { Template: Template(false) })).toEqual([]);
  const Configuration = {
    Type: 'AWS::AutoScaling::LaunchConfiguration',
    Properties: { SecurityGroups: GROUPS, AssociatePublicIpAddress: true },
  };
  expect(waysTo(asg({ LaunchConfigurationName: ref('Configuration') }), { Configuration })).toEqual([WAY]);
});

describe('what may not be made', () => {
  const template = { Parameters: { P: { Type: 'String' } }, Conditions: { Is: { 'Fn::Equals': [ref('P'), 'yes'] } } };
  const CONDITION = 'is made depends on the condition "Is"';

  test('is reached in doubt', () => {
    const Thing = { ...instance(ref('Public'), GROUPS, true), Condition: 'Is' };
    expect(ways(inNetwork({ ...OPEN, Thing }, template), 'Thing')).toEqual(doubt(`whether Stack/Thing ${CONDITION}`));
  });

  test('reaches others in doubt', () => {
    const Thing = { ...instance(ref('Public'), GROUPS), Condition: 'Is' };
    const graph = inNetwork({ ...OPEN, Thing, Server: instance(ref('Private'), GROUPS) }, template);
    const unknowns = [`whether Stack/Thing ${CONDITION}`];
    expect(open(graph, 'Thing', 'Server')).toEqual([`443/tcp | unknown | ${unknowns}`]);
    expect(graph.whoReaches(graph.at('Stack/Server'))[0]).toMatchObject({ source: 'Stack/Thing', unknowns });
  });
});
