import { Tier } from '@groundplan/core';
import { TemplateGraph } from '@groundplan/graph';
import { Template } from 'aws-cdk-lib/assertions';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { PrefixList, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster } from 'aws-cdk-lib/aws-ecs';
import { ApplicationListener } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { CfnParameter, Duration, Stack } from 'aws-cdk-lib/core';
import { Ingress, Scaling } from '../src';
import { Ground, INGRESSES, arnOf, groundIn, serviceOn } from './services';

const hostname = 'api.example.com';
/** A value that only the deployment knows. */
const parameter = (stack: Stack, id: string) => new CfnParameter(stack, id).valueAsString;
const number = (stack: Stack, id: string) => new CfnParameter(stack, id, { type: 'Number' }).valueAsNumber;

/** An imported network: what a service knows of it is its ids. */
function importedVpc(stack: Stack, vpcId: string) {
  return Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId,
    availabilityZones: ['eu-central-1a', 'eu-central-1b'],
    publicSubnetIds: ['subnet-0a', 'subnet-0b'],
    privateSubnetIds: ['subnet-1a', 'subnet-1b'],
  });
}

function listenerOf(stack: Stack, listenerArn: string, securityGroupId = 'sg-0123456789abcdef0') {
  return ApplicationListener.fromApplicationListenerAttributes(stack, 'Listener', {
    listenerArn,
    securityGroup: SecurityGroup.fromSecurityGroupId(stack, 'Balancer', securityGroupId),
  });
}

const LISTENER_ARN = arnOf(
  'elasticloadbalancing',
  'eu-central-1',
  'listener/app/edge/50dc6c495c0c9188/f2f7dc8efc522ab2',
);

describe.each<[string, (stack: Stack, id: string, literal: string) => string]>([
  ['whose ids are known', (_stack, _id, literal) => literal],
  ['whose ids only the deployment knows', (stack, id) => parameter(stack, id)],
])('imported inputs %s', (_, value) => {
  test('a VPC: tasks in its private subnets, the balancer in its public ones', () => {
    const ground = groundIn(Tier.DEVELOPMENT);
    const vpc = importedVpc(ground.stack, value(ground.stack, 'VpcId', 'vpc-0123456789abcdef0'));
    serviceOn(ground, { vpc, ingress: INGRESSES['a public load balancer'](ground) });
    const template = Template.fromStack(ground.stack);
    template.hasResourceProperties('AWS::ECS::Service', {
      NetworkConfiguration: { AwsvpcConfiguration: { Subnets: ['subnet-1a', 'subnet-1b'] } },
    });
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
      Subnets: ['subnet-0a', 'subnet-0b'],
    });
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
      VpcId: ground.stack.resolve(vpc.vpcId),
    });
  });

  test('a cluster: the service joins it, and scales in it', () => {
    const ground = groundIn(Tier.DEVELOPMENT);
    const clusterName = value(ground.stack, 'ClusterName', 'shared');
    const { vpc } = ground.network;
    const cluster = Cluster.fromClusterAttributes(ground.stack, 'Cluster', { clusterName, vpc, securityGroups: [] });
    serviceOn(ground, { cluster });
    const template = Template.fromStack(ground.stack);
    template.resourceCountIs('AWS::ECS::Cluster', 0);
    template.hasResourceProperties('AWS::ECS::Service', { Cluster: ground.stack.resolve(clusterName) });
    const scaled = JSON.stringify(template.findResources('AWS::ApplicationAutoScaling::ScalableTarget'));
    expect(scaled).toContain(clusterName === 'shared' ? 'service/shared/' : '{"Ref":"ClusterName"}');
  });

  test('a listener: one rule more, and its balancer reaches the task on the port and no other', () => {
    const ground = groundIn(Tier.DEVELOPMENT);
    const { stack } = ground;
    const listener = listenerOf(
      stack,
      value(stack, 'ListenerArn', LISTENER_ARN),
      value(stack, 'GroupId', 'sg-0123456789abcdef0'),
    );
    const service = serviceOn(ground, { ingress: Ingress.listener(listener, { priority: 10, hosts: [hostname] }) });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::ListenerRule', {
      ListenerArn: stack.resolve(listener.listenerArn),
      Priority: 10,
    });
    const rules = TemplateGraph.of(stack).rulesOf(service.task.securityGroup);
    expect(rules.map(({ direction, ports }) => `${direction} ${ports}`).sort()).toEqual(['in 8080/tcp', 'out 443/tcp']);
    expect(service.vitalSigns().map(({ id }) => id)).toContain('HealthyHosts');
  });

  test('a zone and a certificate: the record is made in the one, the listener has the other', () => {
    const ground = groundIn(Tier.DEVELOPMENT);
    const { stack } = ground;
    const zone = HostedZone.fromHostedZoneAttributes(stack, 'OtherZone', {
      hostedZoneId: value(stack, 'ZoneId', 'Z00000000000000000000'),
      zoneName: value(stack, 'ZoneName', 'example.com'),
    });
    const certificate = Certificate.fromCertificateArn(
      stack,
      'Certificate',
      value(stack, 'CertificateArn', arnOf('acm', 'eu-central-1', 'certificate/1')),
    );
    serviceOn(ground, { ingress: Ingress.publicLoadBalancer({ hostname, zone, certificate }) });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::Route53::RecordSet', { HostedZoneId: stack.resolve(zone.hostedZoneId) });
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
      Certificates: [{ CertificateArn: stack.resolve(certificate.certificateArn) }],
    });
  });

  test('a prefix list of CloudFront', () => {
    const ground = groundIn(Tier.DEVELOPMENT);
    const { stack, zone } = ground;
    const arn = value(stack, 'ViewerArn', arnOf('acm', 'us-east-1', 'certificate/1'));
    const originFacing = PrefixList.fromPrefixListId(stack, 'CloudFront', value(stack, 'List', 'pl-a3a144ca'));
    const viewerCertificate = Certificate.fromCertificateArn(stack, 'Viewer', arn);
    serviceOn(ground, { ingress: Ingress.cloudFrontVpcOrigin({ hostname, zone, viewerCertificate, originFacing }) });
    Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      SourcePrefixListId: stack.resolve(originFacing.prefixListId),
      FromPort: 443,
    });
  });
});

describe('values that only the deployment knows', () => {
  const made = (props: (stack: Stack) => Parameters<typeof serviceOn>[1]) => {
    const ground: Ground = groundIn(Tier.DEVELOPMENT);
    serviceOn(ground, { ingress: INGRESSES['a public load balancer'](ground), ...props(ground.stack) });
    return Template.fromStack(ground.stack);
  };

  test('the name that clients ask for', () => {
    const ground = groundIn(Tier.DEVELOPMENT);
    const name = parameter(ground.stack, 'Name');
    serviceOn(ground, { ingress: Ingress.publicLoadBalancer({ hostname: name, zone: ground.zone }) });
    Template.fromStack(ground.stack).hasResourceProperties('AWS::CertificateManager::Certificate', {
      DomainName: { Ref: 'Name' },
    });
  });

  test('how many tasks run', () => {
    made((stack) => ({
      scaling: Scaling.automatic({ min: number(stack, 'Min'), max: number(stack, 'Max') }),
    })).hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', {
      MinCapacity: { Ref: 'Min' },
      MaxCapacity: { Ref: 'Max' },
    });
    made((stack) => ({ scaling: Scaling.fixed(number(stack, 'Tasks')) })).hasResourceProperties('AWS::ECS::Service', {
      DesiredCount: { Ref: 'Tasks' },
    });
  });

  test('how a task is asked', () => {
    made((stack) => ({
      healthCheck: {
        path: parameter(stack, 'Path'),
        codes: parameter(stack, 'Codes'),
        healthyThreshold: number(stack, 'Healthy'),
        gracePeriod: Duration.seconds(number(stack, 'Grace')),
      },
    })).hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
      HealthCheckPath: { Ref: 'Path' },
      Matcher: { HttpCode: { Ref: 'Codes' } },
      HealthyThresholdCount: { Ref: 'Healthy' },
    });
  });

  test('how long a balancer keeps a silent connection', () => {
    const ground = groundIn(Tier.DEVELOPMENT);
    const idleTimeout = Duration.seconds(number(ground.stack, 'Idle'));
    serviceOn(ground, { ingress: Ingress.publicLoadBalancer({ hostname, zone: ground.zone, idleTimeout }) });
    const template = Template.fromStack(ground.stack);
    expect(JSON.stringify(template.findResources('AWS::ElasticLoadBalancingV2::LoadBalancer'))).toContain(
      '"Value":{"Ref":"Idle"}',
    );
  });

  test('the place of a rule', () => {
    const ground = groundIn(Tier.DEVELOPMENT);
    const priority = number(ground.stack, 'Priority');
    const listener = listenerOf(ground.stack, LISTENER_ARN);
    serviceOn(ground, { ingress: Ingress.listener(listener, { priority, paths: ['/*'] }) });
    Template.fromStack(ground.stack).hasResourceProperties('AWS::ElasticLoadBalancingV2::ListenerRule', {
      Priority: { Ref: 'Priority' },
    });
  });

  test('the port and the size of a task', () => {
    made((stack) => ({ port: number(stack, 'Port'), cpu: number(stack, 'Cpu') })).hasResourceProperties(
      'AWS::ECS::TaskDefinition',
      { ContainerDefinitions: [{ PortMappings: [{ ContainerPort: { Ref: 'Port' } }] }] },
    );
  });
});
