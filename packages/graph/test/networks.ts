import * as fc from 'fast-check';
import { TemplateJson, att, ref } from './assemblies';

/** A network as the properties see it: small, and every rule of it can be put in and taken out. */
export interface GeneratedNetwork {
  readonly subnets: readonly { readonly isPublic: boolean; readonly acl: readonly AclRule[] | undefined }[];
  /** Security groups, with the rules that stand beside them. */
  readonly groups: readonly {
    readonly rules: readonly GroupRule[];
    readonly egress: readonly GroupRule[] | undefined;
  }[];
  readonly instances: readonly {
    readonly subnet: number;
    readonly groups: readonly number[];
    readonly isPublic: boolean;
  }[];
  readonly balancers: readonly Balancer[];
}

interface GroupRule {
  readonly peer: number | string;
  readonly port: number | undefined;
  /** Whether it depends on a condition that is open. */
  readonly isOpen: boolean;
}

interface AclRule {
  readonly number: number;
  readonly egress: boolean;
  readonly cidr: string;
  readonly allows: boolean;
}

interface Balancer {
  readonly type: 'application' | 'network';
  readonly scheme: 'internet-facing' | 'internal';
  readonly subnet: number;
  readonly groups: readonly number[];
  readonly listeners: readonly { readonly port: number; readonly target: number; readonly targetType: string }[];
}

/** Most networks are to be open somewhere, or the properties would speak of nothing. */
const CIDRS = [
  '0.0.0.0/0',
  '0.0.0.0/0',
  '0.0.0.0/0',
  '::/0',
  '203.0.113.0/24',
  '10.0.0.0/16',
  '10.0.1.0/24',
  '8.8.8.8/32',
];
const mostly = () => fc.constantFrom(true, true, true, false);
const seldom = () => fc.constantFrom(true, false, false, false);
const PORTS = [22, 80, 443, 8080];

const index = (size: number) => fc.nat({ max: size - 1 });

/** The space of all networks that the properties are checked in. */
export function networks(): fc.Arbitrary<GeneratedNetwork> {
  const [subnets, groups, instances] = [3, 3, 3];
  const rule = fc.record({
    peer: fc.oneof(index(groups), fc.constantFrom(...CIDRS), fc.constant('pl-0123456789abcdef0')),
    port: fc.constantFrom(undefined, 8080, ...PORTS),
    isOpen: seldom(),
  });
  const acl = fc.uniqueArray(
    fc.record({
      number: fc.integer({ min: 1, max: 9 }),
      egress: fc.boolean(),
      cidr: fc.constantFrom('0.0.0.0/0', '10.0.0.0/16', '203.0.113.0/24'),
      allows: mostly(),
    }),
    { maxLength: 5, selector: ({ number, egress }) => `${number} ${egress}` },
  );
  return fc.record({
    subnets: fc.array(fc.record({ isPublic: mostly(), acl: fc.option(acl, { nil: undefined, freq: 1 }) }), {
      minLength: subnets,
      maxLength: subnets,
    }),
    groups: fc.array(
      fc.record({
        rules: fc.array(rule, { maxLength: 4 }),
        egress: fc.option(fc.array(rule, { minLength: 1, maxLength: 3 }), { nil: undefined, freq: 2 }),
      }),
      { minLength: groups, maxLength: groups },
    ),
    instances: fc.array(
      fc.record({
        subnet: index(subnets),
        groups: fc.uniqueArray(index(groups), { minLength: 1, maxLength: 2 }),
        isPublic: mostly(),
      }),
      { minLength: instances, maxLength: instances },
    ),
    balancers: fc.array(
      fc.record({
        type: fc.constantFrom('application' as const, 'network' as const),
        scheme: mostly().map((isPublic) => (isPublic ? ('internet-facing' as const) : ('internal' as const))),
        subnet: index(subnets),
        groups: fc.uniqueArray(index(groups), { maxLength: 2 }),
        listeners: fc.array(
          fc.record({
            port: fc.constantFrom(...PORTS),
            target: index(instances),
            targetType: fc.constantFrom('instance', 'ip'),
          }),
          { minLength: 1, maxLength: 2 },
        ),
      }),
      { minLength: 1, maxLength: 2 },
    ),
  });
}

type Resources = Record<string, object>;

/** The template of a network. Rules, routes, ACL entries, listeners and targets are resources of their own. */
export function templateOf(network: GeneratedNetwork): TemplateJson & { Resources: Resources } {
  const resources: Resources = {
    Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
    Gateway: { Type: 'AWS::EC2::InternetGateway' },
    Attachment: {
      Type: 'AWS::EC2::VPCGatewayAttachment',
      Properties: { VpcId: ref('Vpc'), InternetGatewayId: ref('Gateway') },
    },
  };
  network.subnets.forEach((subnet, number) => addSubnet(resources, subnet, number));
  network.groups.forEach((group, number) => addGroup(resources, group, number));
  network.instances.forEach(({ subnet, groups, isPublic }, number) => {
    resources[`Instance${number}`] = {
      Type: 'AWS::EC2::Instance',
      Properties: {
        NetworkInterfaces: [
          { SubnetId: ref(`Subnet${subnet}`), GroupSet: groups.map(groupId), AssociatePublicIpAddress: isPublic },
        ],
      },
    };
  });
  network.balancers.forEach((balancer, number) => addBalancer(resources, balancer, number));
  return {
    Parameters: { Stage: { Type: 'String' } },
    Conditions: { IsOpen: { 'Fn::Equals': [ref('Stage'), 'open'] } },
    Resources: resources,
  };
}

const groupId = (number: number) => att(`Group${number}`, 'GroupId');

function addSubnet(resources: Resources, { isPublic, acl }: GeneratedNetwork['subnets'][number], number: number): void {
  const [subnet, table] = [`Subnet${number}`, `Table${number}`];
  resources[subnet] = { Type: 'AWS::EC2::Subnet', Properties: { VpcId: ref('Vpc'), CidrBlock: `10.0.${number}.0/24` } };
  resources[table] = { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: ref('Vpc') } };
  resources[`${table}Association`] = {
    Type: 'AWS::EC2::SubnetRouteTableAssociation',
    Properties: { SubnetId: ref(subnet), RouteTableId: ref(table) },
  };
  if (isPublic) resources[`${table}Route`] = internetRoute(number);
  if (!acl) return;
  resources[`Acl${number}`] = { Type: 'AWS::EC2::NetworkAcl', Properties: { VpcId: ref('Vpc') } };
  resources[`Acl${number}Association`] = {
    Type: 'AWS::EC2::SubnetNetworkAclAssociation',
    Properties: { SubnetId: ref(subnet), NetworkAclId: ref(`Acl${number}`) },
  };
  for (const entry of acl)
    resources[`Acl${number}Entry${entry.number}${entry.egress ? 'Out' : 'In'}`] = {
      Type: 'AWS::EC2::NetworkAclEntry',
      Properties: {
        NetworkAclId: ref(`Acl${number}`),
        RuleNumber: entry.number,
        Egress: entry.egress,
        Protocol: -1,
        CidrBlock: entry.cidr,
        RuleAction: entry.allows ? 'allow' : 'deny',
      },
    };
}

export function internetRoute(subnet: number): object {
  return {
    Type: 'AWS::EC2::Route',
    Properties: {
      RouteTableId: ref(`Table${subnet}`),
      DestinationCidrBlock: '0.0.0.0/0',
      GatewayId: ref('Gateway'),
    },
  };
}

function addGroup(resources: Resources, { rules, egress }: GeneratedNetwork['groups'][number], number: number): void {
  resources[`Group${number}`] = {
    Type: 'AWS::EC2::SecurityGroup',
    Properties: {
      VpcId: ref('Vpc'),
      GroupDescription: 'generated',
      // written within, a rule for one impossible packet takes the default egress away
      ...(egress && {
        SecurityGroupEgress: [{ IpProtocol: 'icmp', FromPort: 252, ToPort: 86, CidrIp: '255.255.255.255/32' }],
      }),
    },
  };
  rules.forEach((rule, at) => (resources[`Group${number}In${at}`] = ruleResource(number, rule, 'Ingress')));
  egress?.forEach((rule, at) => (resources[`Group${number}Out${at}`] = ruleResource(number, rule, 'Egress')));
}

export function ruleResource(
  group: number,
  { peer, port, isOpen }: GroupRule,
  direction: 'Ingress' | 'Egress',
): object {
  const side = direction === 'Ingress' ? 'Source' : 'Destination';
  const other =
    typeof peer === 'number'
      ? { [`${side}SecurityGroupId`]: groupId(peer) }
      : peer.startsWith('pl-')
        ? { [`${side}PrefixListId`]: peer }
        : { [peer.includes(':') ? 'CidrIpv6' : 'CidrIp']: peer };
  return {
    Type: `AWS::EC2::SecurityGroup${direction}`,
    ...(isOpen && { Condition: 'IsOpen' }),
    Properties: {
      GroupId: groupId(group),
      IpProtocol: port === undefined ? '-1' : 'tcp',
      ...(port !== undefined && { FromPort: port, ToPort: port }),
      ...other,
    },
  };
}

function addBalancer(resources: Resources, balancer: Balancer, number: number): void {
  const { type, scheme, subnet, groups, listeners } = balancer;
  resources[`Balancer${number}`] = {
    Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
    Properties: {
      Type: type,
      Scheme: scheme,
      Subnets: [ref(`Subnet${subnet}`)],
      ...(groups.length > 0 && { SecurityGroups: groups.map(groupId) }),
    },
  };
  listeners.forEach(({ port, target, targetType }, at) => {
    const protocol = type === 'network' ? 'TCP' : 'HTTP';
    resources[`Balancer${number}Targets${at}`] = {
      Type: 'AWS::ElasticLoadBalancingV2::TargetGroup',
      Properties: {
        Protocol: protocol,
        Port: 8080,
        TargetType: targetType,
        Targets: [{ Id: ref(`Instance${target}`) }],
      },
    };
    resources[`Balancer${number}Listener${at}`] = {
      Type: 'AWS::ElasticLoadBalancingV2::Listener',
      Properties: {
        LoadBalancerArn: ref(`Balancer${number}`),
        Port: port,
        Protocol: protocol,
        DefaultActions: [{ Type: 'forward', TargetGroupArn: ref(`Balancer${number}Targets${at}`) }],
      },
    };
  });
}
