import { Resources } from './resources';

const named = (LogGroupName: unknown) => ['AWS::Logs::LogGroup', { LogGroupName, RetentionInDays: 7 }] as const;
const container = (create?: unknown) => ({
  LogConfiguration: { LogDriver: 'awslogs', Options: { 'awslogs-group': '/shop', 'awslogs-create-group': create } },
});
const task = (...ContainerDefinitions: object[]) => ['AWS::ECS::TaskDefinition', { ContainerDefinitions }] as const;
/** Mentioned in a tag is another VPC. */
const mentioning = (vpc: string) => ({ Tags: [{ Key: 'Other', Value: { Ref: vpc } }] });
const subnetOf = (vpc: string, others?: object) =>
  ['AWS::EC2::Subnet', { VpcId: { Ref: vpc }, CidrBlock: '10.0.0.0/24', ...others }] as const;
const recording = (ResourceId: string, ResourceType = 'Subnet', others?: object) =>
  ['AWS::EC2::FlowLog', { ResourceId: { Ref: ResourceId }, ResourceType, ...others }] as const;

/** What logs, and where the logs end; networks, and who records them. */
export const recorded: Resources = {
  Group: ['AWS::Logs::LogGroup'],
  SoundGroup: named('/shop'),

  Function: ['AWS::Lambda::Function'],
  GroupOfNobody: named('/aws/lambda/'),
  FunctionOfAName: ['AWS::Lambda::Function', { FunctionName: 'orders' }],
  SoundFunction: ['AWS::Lambda::Function', { LoggingConfig: { LogGroup: '/shop' } }],
  SoundFunctionOfAName: ['AWS::Lambda::Function', { FunctionName: 'bills' }],
  SoundGroupOfAName: named('/aws/lambda/bills'),
  SoundFunctionByRef: ['AWS::Lambda::Function'],
  SoundGroupByRef: named({ 'Fn::Sub': '/aws/lambda/${SoundFunctionByRef}' }),
  SoundFunctionOfCdk: ['AWS::Lambda::Function'],
  SoundRetention: [
    'Custom::LogRetention',
    { LogGroupName: { 'Fn::Join': ['', ['/aws/lambda/', { Ref: 'SoundFunctionOfCdk' }]] }, RetentionInDays: 7 },
  ],

  Task: task(container('false'), container('true')),
  SoundTask: task(container('false'), container()),
  SoundTaskWithoutContainers: task(),

  Vpc: ['AWS::EC2::VPC'],
  VpcHalf: ['AWS::EC2::VPC'],
  VpcHalfA: subnetOf('VpcHalf'),
  VpcHalfB: subnetOf('VpcHalf'),
  VpcHalfRecord: recording('VpcHalfA'),
  SoundVpc: ['AWS::EC2::VPC'],
  SoundVpcSubnet: subnetOf('SoundVpc', mentioning('SoundVpcBySubnet')),
  SoundVpcRecord: recording('SoundVpc', 'VPC', mentioning('VpcMentioned')),
  SoundVpcBySubnet: ['AWS::EC2::VPC'],
  SoundVpcBySubnetOnly: subnetOf('SoundVpcBySubnet'),
  SoundVpcBySubnetTable: ['AWS::EC2::RouteTable', { VpcId: { Ref: 'SoundVpcBySubnet' } }],
  SoundVpcBySubnetRecord: recording('SoundVpcBySubnetOnly'),
  VpcMentioned: ['AWS::EC2::VPC'],
  VpcMentionedByNoLog: ['AWS::EC2::EIP', { ResourceId: { Ref: 'VpcMentioned' } }],
};
