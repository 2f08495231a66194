import { ALSO_OPEN, OPEN, Resources } from './resources';

const rule = (FromPort: number, source: object) => ({ IpProtocol: 'tcp', FromPort, ToPort: FromPort, ...source });
const group = (...SecurityGroupIngress: object[]) =>
  ['AWS::EC2::SecurityGroup', { VpcId: { Ref: 'Vpc' }, SecurityGroupIngress }] as const;
const balancer = (guards: string[], Scheme = 'internet-facing') =>
  [
    'AWS::ElasticLoadBalancingV2::LoadBalancer',
    { Scheme, Type: 'application', Subnets: [{ Ref: 'Public' }], SecurityGroups: guards.map((Ref) => ({ Ref })) },
  ] as const;
const listener = (of: string, Port: number, targets = 'Targets') =>
  [
    'AWS::ElasticLoadBalancingV2::Listener',
    {
      LoadBalancerArn: { Ref: of },
      Port,
      Protocol: 'HTTPS',
      DefaultActions: [{ Type: 'forward', TargetGroupArn: { Ref: targets } }],
    },
  ] as const;

/** Balancers that the internet reaches for certain, perhaps and not at all, what stands behind them, and a queue. */
export const entered: Resources = {
  Vpc: ['AWS::EC2::VPC', { CidrBlock: '10.0.0.0/16' }],
  Gateway: ['AWS::EC2::InternetGateway'],
  Attached: ['AWS::EC2::VPCGatewayAttachment', { VpcId: { Ref: 'Vpc' }, InternetGatewayId: { Ref: 'Gateway' } }],
  Routes: ['AWS::EC2::RouteTable', { VpcId: { Ref: 'Vpc' } }],
  Route: [
    'AWS::EC2::Route',
    { RouteTableId: { Ref: 'Routes' }, DestinationCidrBlock: '0.0.0.0/0', GatewayId: { Ref: 'Gateway' } },
  ],
  Public: ['AWS::EC2::Subnet', { VpcId: { Ref: 'Vpc' }, CidrBlock: '10.0.0.0/24' }],
  Routed: ['AWS::EC2::SubnetRouteTableAssociation', { SubnetId: { Ref: 'Public' }, RouteTableId: { Ref: 'Routes' } }],
  Private: ['AWS::EC2::Subnet', { VpcId: { Ref: 'Vpc' }, CidrBlock: '10.0.1.0/24' }],

  Guard: group(
    rule(443, { CidrIp: '0.0.0.0/0' }),
    rule(443, { CidrIp: '198.51.100.0/24' }),
    rule(443, { CidrIp: OPEN }),
  ),
  SecondGuard: group(rule(443, { CidrIp: '0.0.0.0/0' }), rule(8443, { CidrIp: '0.0.0.0/0' })),
  MaybeGuard: group(rule(443, { CidrIp: OPEN }), rule(443, { CidrIp: ALSO_OPEN })),
  Inside: group(rule(443, { CidrIp: '10.0.0.0/8' })),
  BehindGuard: group(rule(8080, { SourceSecurityGroupId: { Ref: 'Guard' } })),

  Balancer: balancer(['Guard', 'SecondGuard']),
  Listener: listener('Balancer', 443),
  OtherListener: listener('Balancer', 8443),
  Maybe: balancer(['MaybeGuard']),
  MaybeListener: listener('Maybe', 443),
  SoundInternal: balancer(['Inside'], 'internal'),
  SoundInternalListener: listener('SoundInternal', 443),
  Targets: [
    'AWS::ElasticLoadBalancingV2::TargetGroup',
    {
      VpcId: { Ref: 'Vpc' },
      Port: 8080,
      Protocol: 'HTTP',
      TargetType: 'instance',
      Targets: [{ Id: { Ref: 'SoundBehind' } }],
    },
  ],
  SoundBehind: ['AWS::EC2::Instance', { SubnetId: { Ref: 'Private' }, SecurityGroupIds: [{ Ref: 'BehindGuard' }] }],

  Queue: ['AWS::SQS::Queue'],
  QueuePolicy: [
    'AWS::SQS::QueuePolicy',
    {
      Queues: [{ Ref: 'Queue' }],
      PolicyDocument: {
        Statement: [
          { Effect: 'Allow', Principal: '*', Action: ['sqs:SendMessage', 'sqs:ReceiveMessage'], Resource: '*' },
        ],
      },
    },
  ],
  SoundQueue: ['AWS::SQS::Queue'],
  SoundQueuePolicy: [
    'AWS::SQS::QueuePolicy',
    {
      Queues: [{ Ref: 'SoundQueue' }],
      PolicyDocument: {
        Statement: [{ Effect: 'Allow', Principal: { AWS: '111111111111' }, Action: 'sqs:SendMessage', Resource: '*' }],
      },
    },
  ],
};
