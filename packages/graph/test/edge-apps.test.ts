import {
  Stack,
  aws_cloudfront as cloudfront,
  aws_cloudfront_origins as origins,
  aws_ec2 as ec2,
  aws_lambda as lambda,
  aws_s3 as s3,
} from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as apigatewayv2 from 'aws-cdk-lib/aws-apigatewayv2';
import * as integrations from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as targets from 'aws-cdk-lib/aws-elasticloadbalancingv2-targets';
import { graphOfApp, linesTo } from './apps';

function fn(stack: Stack): lambda.Function {
  return new lambda.Function(stack, 'Fn', {
    runtime: lambda.Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline('exports.handler = async () => ({});'),
  });
}

/** A balancer in a new VPC that leads to an instance. */
function balanced(stack: Stack, internetFacing: boolean, peer?: ec2.IPeer): elbv2.ApplicationLoadBalancer {
  const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 1 });
  const server = new ec2.Instance(stack, 'Server', {
    vpc,
    instanceType: new ec2.InstanceType('t3.micro'),
    machineImage: ec2.MachineImage.latestAmazonLinux2023(),
  });
  const balancer = new elbv2.ApplicationLoadBalancer(stack, 'Lb', { vpc, internetFacing });
  const listener = balancer.addListener('Http', {
    port: 80,
    open: peer === undefined,
    defaultTargetGroups: [
      new elbv2.ApplicationTargetGroup(stack, 'Targets', {
        vpc,
        port: 8080,
        protocol: elbv2.ApplicationProtocol.HTTP,
        targets: [new targets.InstanceTarget(server)],
      }),
    ],
  });
  server.connections.allowFrom(balancer, ec2.Port.tcp(8080));
  if (peer) listener.connections.allowDefaultPortFrom(peer);
  return balancer;
}

const DISTRIBUTION = 'internet (anyone) -> 443/tcp Stack/Cdn/Resource';
const SERVER = '80/tcp Stack/Lb/Resource -> 8080/tcp Stack/Server/Resource';

describe('CloudFront', () => {
  const before = (origin: (stack: Stack) => cloudfront.IOrigin) =>
    graphOfApp((stack) => new cloudfront.Distribution(stack, 'Cdn', { defaultBehavior: { origin: origin(stack) } }));

  test('before a bucket: the policy for its origin access control is what lets it in', () => {
    const graph = before((stack) => origins.S3BucketOrigin.withOriginAccessControl(new s3.Bucket(stack, 'Site')));
    const [path] = graph.pathsFromInternetTo(graph.at('Stack/Site'));
    expect(path.text).toBe(`${DISTRIBUTION} -> Stack/Site/Resource`);
    expect(path.hops[1].allowedBy).toEqual(['Stack/Site/Policy/Resource']);
  });

  test('before a bucket whose policy does not name it: in doubt', () => {
    const graph = before((stack) => origins.S3BucketOrigin.withBucketDefaults(new s3.Bucket(stack, 'Site')));
    expect(linesTo(graph, 'Stack/Site')).toEqual([
      `${DISTRIBUTION} -> Stack/Site/Resource (unknown: no policy of Stack/Site/Resource in this assembly admits CloudFront)`,
    ]);
  });

  const overHttp = { protocolPolicy: cloudfront.OriginProtocolPolicy.HTTP_ONLY };
  test('before a public balancer: two ways in', () => {
    const graph = before((stack) => new origins.LoadBalancerV2Origin(balanced(stack, true), overHttp));
    expect(linesTo(graph, 'Stack/Server')).toEqual([
      `internet (0.0.0.0/0) -> ${SERVER}`,
      `${DISTRIBUTION} -> ${SERVER}`,
    ]);
  });

  test('before a balancer for its prefix list alone: whose list it is, the template does not say', () => {
    const list = ec2.Peer.prefixList('pl-3b927c52');
    const graph = before((stack) => new origins.LoadBalancerV2Origin(balanced(stack, true, list), overHttp));
    expect(linesTo(graph, 'Stack/Server')).toEqual([
      `internet (pl-3b927c52) -> ${SERVER} (unknown: what the prefix list pl-3b927c52 holds is not in this assembly)`,
      `${DISTRIBUTION} -> ${SERVER} (unknown: what the prefix list pl-3b927c52 holds is not in this assembly; whether Stack/Cdn/Resource asks from pl-3b927c52 is not in this assembly)`,
    ]);
  });

  test('asks an internal balancer by its public name in vain, and a closed port too', () => {
    const internal = before((stack) => new origins.LoadBalancerV2Origin(balanced(stack, false), overHttp));
    expect(linesTo(internal, 'Stack/Server')).toEqual([]);
    const overHttps = { protocolPolicy: cloudfront.OriginProtocolPolicy.HTTPS_ONLY };
    const closed = before((stack) => new origins.LoadBalancerV2Origin(balanced(stack, true), overHttps));
    expect(linesTo(closed, 'Stack/Server')).toEqual([`internet (0.0.0.0/0) -> ${SERVER}`]);
  });

  test('with a VPC origin before an internal balancer', () => {
    const vpcOrigin = (peer?: ec2.IPeer) =>
      before((stack) => origins.VpcOrigin.withApplicationLoadBalancer(balanced(stack, false, peer), overHttp));
    expect(linesTo(vpcOrigin(), 'Stack/Server')).toEqual([`${DISTRIBUTION} -> ${SERVER}`]);
    expect(linesTo(vpcOrigin(ec2.Peer.ipv4('203.0.113.0/24')), 'Stack/Server')).toEqual([]);
    expect(linesTo(vpcOrigin(ec2.Peer.prefixList('pl-3b927c52')), 'Stack/Server')).toEqual([
      `${DISTRIBUTION} -> ${SERVER} (unknown: what the prefix list pl-3b927c52 holds is not in this assembly)`,
    ]);
  });
});

describe('API Gateway', () => {
  test('a REST API before a function', () => {
    const graph = graphOfApp((stack) => new apigateway.LambdaRestApi(stack, 'Api', { handler: fn(stack) }));
    expect(linesTo(graph, 'Stack/Fn')).toEqual([
      'internet (anyone) -> 443/tcp Stack/Api/Resource -> Stack/Fn/Resource',
    ]);
  });

  test('a REST API before a Network Load Balancer, through a VPC link', () => {
    const graph = graphOfApp((stack) => {
      const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 1 });
      const nlb = new elbv2.NetworkLoadBalancer(stack, 'Nlb', { vpc });
      const link = new apigateway.VpcLink(stack, 'Link', { targets: [nlb] });
      const integration = new apigateway.Integration({
        type: apigateway.IntegrationType.HTTP_PROXY,
        integrationHttpMethod: 'ANY',
        uri: `http://${nlb.loadBalancerDnsName}`,
        options: { connectionType: apigateway.ConnectionType.VPC_LINK, vpcLink: link },
      });
      new apigateway.RestApi(stack, 'Api').root.addMethod('ANY', integration);
    });
    expect(linesTo(graph, 'Stack/Nlb')).toEqual([
      'internet (anyone) -> 443/tcp Stack/Api/Resource -> Stack/Nlb/Resource',
    ]);
  });

  test('an HTTP API before an internal balancer: the groups of its VPC link count', () => {
    const http = (peer?: ec2.IPeer) =>
      graphOfApp((stack) => {
        const balancer = balanced(stack, false, peer);
        const integration = new integrations.HttpAlbIntegration('Alb', balancer.listeners[0]);
        new apigatewayv2.HttpApi(stack, 'Api', { defaultIntegration: integration });
      });
    expect(linesTo(http(), 'Stack/Server')).toEqual([`internet (anyone) -> 443/tcp Stack/Api/Resource -> ${SERVER}`]);
    expect(linesTo(http(ec2.Peer.ipv4('203.0.113.0/24')), 'Stack/Server')).toEqual([]);
  });

  test('an HTTP API before a function, and a function with a URL', () => {
    const graph = graphOfApp((stack) => {
      const handler = fn(stack);
      new apigatewayv2.HttpApi(stack, 'Api', {
        defaultIntegration: new integrations.HttpLambdaIntegration('Fn', handler),
      });
      handler.addFunctionUrl({ authType: lambda.FunctionUrlAuthType.NONE });
    });
    expect(linesTo(graph, 'Stack/Fn/Resource')).toEqual([
      'internet (anyone) -> 443/tcp Stack/Api/Resource -> Stack/Fn/Resource',
      'internet (anyone) -> 443/tcp Stack/Fn/FunctionUrl/Resource -> Stack/Fn/Resource',
    ]);
  });

  test('CloudFront before a function URL that asks for signatures', () => {
    const graph = graphOfApp((stack) => {
      const url = fn(stack).addFunctionUrl({ authType: lambda.FunctionUrlAuthType.AWS_IAM });
      const origin = origins.FunctionUrlOrigin.withOriginAccessControl(url);
      new cloudfront.Distribution(stack, 'Cdn', { defaultBehavior: { origin } });
    });
    expect(linesTo(graph, 'Stack/Fn/Resource')).toEqual([
      `${DISTRIBUTION} -> Stack/Fn/FunctionUrl/Resource -> Stack/Fn/Resource`,
    ]);
  });
});
