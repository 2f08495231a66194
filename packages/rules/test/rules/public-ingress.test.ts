import { TemplateGraph } from '@groundplan/graph';
import { CfnParameter, Stack } from 'aws-cdk-lib';
import { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { Peer, Port, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { ApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Code, Function as LambdaFunction, FunctionUrlAuthType, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { PublicIngress, Severity } from '../../src';
import { Checked, acknowledge, said } from '../checked';

const RULE = 'NoUndeclaredPublicIngress';

function balancer(stack: Stack, { internetFacing = true, port = 443 } = {}): ApplicationLoadBalancer {
  const vpc = new Vpc(stack, 'Vpc');
  const alb = new ApplicationLoadBalancer(stack, 'Balancer', { vpc, internetFacing });
  alb.addListener('Listener', {
    port,
    protocol: 'HTTPS' as never,
    certificates: [{ certificateArn: 'x' }] as never,
    defaultAction: { renderActions: () => [], renderRuleActions: () => [], bind: () => undefined } as never,
  });
  return alb;
}

test('a balancer that the internet reaches is named with the block, the port and the rule', () => {
  expect(said(RULE, (stack) => balancer(stack))).toEqual([
    'Shop/Balancer/Resource (AWS::ElasticLoadBalancingV2::LoadBalancer) is reachable from the internet, and nobody declared it: 0.0.0.0/0 on 443/tcp by Shop/Balancer/SecurityGroup/Resource.',
  ]);
});

test('an internal one is not', () => {
  expect(said(RULE, (stack) => balancer(stack, { internetFacing: false }))).toEqual([]);
});

test('declared ingress is no finding, and its reason is in the assembly', () => {
  const checked = new Checked((stack) => PublicIngress.declare(balancer(stack), 'customers come here'));
  expect(checked.said(RULE)).toEqual([]);
  expect(TemplateGraph.of(checked.stack).metadata('groundplan:public-ingress')).toEqual([
    { path: 'Shop/Balancer', data: 'customers come here' },
  ]);
});

test('a declaration counts for what stands below it, and for nothing beside it', () => {
  const messages = said(RULE, (stack) => {
    PublicIngress.declare(balancer(stack), 'customers come here');
    new Distribution(stack, 'BalancerCdn', { defaultBehavior: { origin: new HttpOrigin('shop.example') } });
  });
  expect(messages).toEqual([expect.stringContaining('Shop/BalancerCdn/Resource')]);
});

test('a declaration needs a reason', () => {
  const { stack } = new Checked(() => undefined);
  expect(() => PublicIngress.declare(stack, ' ')).toThrow(
    'PublicIngress of "Shop": reason must not be empty; say who is meant to come here, and what keeps others out.',
  );
});

test.each<[string, (stack: Stack) => unknown, RegExp]>([
  [
    'a distribution',
    (stack) => new Distribution(stack, 'It', { defaultBehavior: { origin: new HttpOrigin('shop.example') } }),
    /Shop\/It\/Resource .* anyone on 443\/tcp/,
  ],
  [
    'a function URL without authentication',
    (stack) =>
      new LambdaFunction(stack, 'It', {
        runtime: Runtime.NODEJS_22_X,
        handler: 'index.handler',
        code: Code.fromInline('x'),
      }).addFunctionUrl({ authType: FunctionUrlAuthType.NONE }),
    /FunctionUrl\/Resource .* anyone on 443\/tcp/,
  ],
  [
    'a queue whose policy admits everybody',
    (stack) =>
      new Queue(stack, 'It').addToResourcePolicy(
        new PolicyStatement({ actions: ['sqs:SendMessage'], principals: [new AnyPrincipal()], resources: ['*'] }),
      ),
    /Shop\/It\/Resource \(AWS::SQS::Queue\) .* by Shop\/It\/Policy\/Resource/,
  ],
])('%s is one', (_what, build, message) => {
  expect(said(RULE, build)).toEqual([expect.stringMatching(message)]);
});

test('what depends on a value of the deployment is a warning that says what is not known', () => {
  const checked = new Checked((stack) => {
    const vpc = new Vpc(stack, 'Vpc');
    const group = new SecurityGroup(stack, 'Group', { vpc });
    group.addIngressRule(Peer.ipv4(new CfnParameter(stack, 'Office').valueAsString), Port.tcp(443));
    const vpcSubnets = { subnetType: SubnetType.PUBLIC };
    const alb = new ApplicationLoadBalancer(stack, 'Balancer', {
      vpc,
      vpcSubnets,
      internetFacing: true,
      securityGroup: group,
    });
    alb.addListener('Listener', {
      port: 443,
      open: false,
      protocol: 'HTTPS' as never,
      certificates: [{ certificateArn: 'x' }] as never,
      defaultAction: { renderActions: () => [], renderRuleActions: () => [], bind: () => undefined } as never,
    });
  });
  const [finding] = checked.findings().filter(({ ruleId }) => ruleId === RULE);
  expect(finding.severity).toBe(Severity.WARNING);
  expect(finding.message).toMatch(/may be reachable.*Not known: the parameter "Office" of Shop has no default/);
});

test('is acknowledged like every rule', () => {
  const checked = new Checked((stack) => acknowledge(balancer(stack), 'groundplan::NoUndeclaredPublicIngress'));
  expect(checked.said(RULE)).toEqual([]);
});
