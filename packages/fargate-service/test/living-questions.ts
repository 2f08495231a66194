import {
  CloudFormationClient,
  DescribeChangeSetCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  DescribeClustersCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  ListTasksCommand,
} from '@aws-sdk/client-ecs';
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { TestAws } from '@groundplan/local';

export const ACCOUNT = '111111111111';
export const REGION = 'eu-central-1';

/** What stands, asked of the APIs of AWS by the ids that CloudFormation gave. */
export class Questions {
  private readonly config;
  private readonly cloudFormation: CloudFormationClient;
  private readonly ecs: ECSClient;
  private readonly balancers: ElasticLoadBalancingV2Client;

  constructor(aws: TestAws) {
    this.config = aws.client(ACCOUNT, REGION);
    this.cloudFormation = new CloudFormationClient(this.config);
    this.ecs = new ECSClient(this.config);
    this.balancers = new ElasticLoadBalancingV2Client(this.config);
  }

  async stack(StackName: string) {
    const { Stacks } = await this.cloudFormation.send(new DescribeStacksCommand({ StackName }));
    return Stacks![0];
  }

  async output(stack: string, key: string): Promise<string> {
    return (await this.stack(stack)).Outputs!.find(({ OutputKey }) => OutputKey === key)!.OutputValue!;
  }

  /** What a change set of the shop would do to its resources. */
  async changes(ChangeSetName: string) {
    const asked = new DescribeChangeSetCommand({ StackName: 'Shop', ChangeSetName });
    return (await this.cloudFormation.send(asked)).Changes!.map(({ ResourceChange }) => ResourceChange!);
  }

  private async resources() {
    const { StackResources } = await this.cloudFormation.send(new DescribeStackResourcesCommand({ StackName: 'Shop' }));
    return StackResources!;
  }

  /** What CloudFormation made of the shop: physical ids by logical ones. */
  async ids(): Promise<Record<string, string>> {
    return Object.fromEntries((await this.resources()).map((it) => [it.LogicalResourceId!, it.PhysicalResourceId!]));
  }

  /** The one resource of a type whose logical id begins with some word. */
  async idOf(type: string, word = ''): Promise<string> {
    const found = (await this.resources()).filter(
      ({ ResourceType, LogicalResourceId }) => ResourceType === type && LogicalResourceId!.startsWith(word),
    );
    if (found.length !== 1) throw new Error(`${word} has ${found.length} resources of type ${type}`);
    return found[0].PhysicalResourceId!;
  }

  async cluster() {
    const clusters = [await this.idOf('AWS::ECS::Cluster')];
    const described = new DescribeClustersCommand({ clusters, include: ['SETTINGS'] });
    return (await this.ecs.send(described)).clusters![0];
  }

  async service(word: string) {
    const arn = await this.idOf('AWS::ECS::Service', word);
    const cluster = arn.split('/')[1];
    return (await this.ecs.send(new DescribeServicesCommand({ cluster, services: [arn] }))).services![0];
  }

  /** Whether so many tasks of a service run and nothing is under way. */
  async runs(word: string, tasks: number): Promise<boolean> {
    const { desiredCount, runningCount, deployments } = await this.service(word);
    const newest = deployments!.find(({ status }) => status === 'PRIMARY')!;
    return desiredCount === tasks && runningCount === tasks && newest.rolloutState === 'COMPLETED';
  }

  async definition(word: string) {
    const { taskDefinition } = await this.service(word);
    return (await this.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }))).taskDefinition!;
  }

  /** The tasks of a service that run. */
  async running(word: string): Promise<string[]> {
    const { clusterArn, serviceName } = await this.service(word);
    const asked = new ListTasksCommand({ cluster: clusterArn, serviceName, desiredStatus: 'RUNNING' });
    return (await this.ecs.send(asked)).taskArns!;
  }

  async loadBalancers() {
    return (await this.balancers.send(new DescribeLoadBalancersCommand({}))).LoadBalancers!;
  }

  /** The listener of a port, with its rules in the order in which they are asked. */
  async listener(port: number) {
    const [{ LoadBalancerArn }] = await this.loadBalancers();
    const { Listeners } = await this.balancers.send(new DescribeListenersCommand({ LoadBalancerArn }));
    const listener = Listeners!.find(({ Port }) => Port === port)!;
    const asked = new DescribeRulesCommand({ ListenerArn: listener.ListenerArn });
    const rules = (await this.balancers.send(asked)).Rules!.filter(({ IsDefault }) => !IsDefault);
    return { ...listener, rules: rules.sort((a, b) => Number(a.Priority) - Number(b.Priority)) };
  }

  async healthOf(word: string) {
    const [{ targetGroupArn }] = (await this.service(word)).loadBalancers!;
    const asked = new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn });
    const { TargetHealthDescriptions = [] } = await this.balancers.send(asked);
    return TargetHealthDescriptions.map(({ TargetHealth }) => TargetHealth!.State);
  }

  /** The lines of a log with some text. */
  async said(word: string, text: string): Promise<string[]> {
    const logGroupName = await this.idOf('AWS::Logs::LogGroup', word);
    const { events = [] } = await new CloudWatchLogsClient(this.config).send(
      new FilterLogEventsCommand({ logGroupName }),
    );
    return events.map(({ message }) => message!).filter((message) => message.includes(text));
  }

  async put(Name: string, Value: string): Promise<void> {
    await new SSMClient(this.config).send(new PutParameterCommand({ Name, Value, Type: 'String', Overwrite: true }));
  }

  /** An API that speaks JSON and of which few questions are asked. */
  async json<Answer>(service: string, target: string, body: object): Promise<Answer> {
    const headers = { ...this.signed(service), 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target };
    const response = await fetch(this.config.endpoint, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${target}: ${await response.text()}`);
    return (await response.json()) as Answer;
  }

  /** The limits and the policies of a service, as Application Auto Scaling says them. */
  async scalingOf(word: string) {
    const [, cluster, name] = (await this.idOf('AWS::ECS::Service', word)).split(':').pop()!.split('/');
    const of = { ServiceNamespace: 'ecs', ResourceIds: [`service/${cluster}/${name}`] };
    const target = 'AnyScaleFrontendService';
    const limits = await this.json<{ ScalableTargets: { MinCapacity: number; MaxCapacity: number }[] }>(
      'application-autoscaling',
      `${target}.DescribeScalableTargets`,
      of,
    );
    const policies = await this.json<{ ScalingPolicies: { TargetTrackingScalingPolicyConfiguration: object }[] }>(
      'application-autoscaling',
      `${target}.DescribeScalingPolicies`,
      { ...of, ResourceId: of.ResourceIds[0] },
    );
    return {
      ...limits.ScalableTargets[0],
      policies: policies.ScalingPolicies.map((policy) => policy.TargetTrackingScalingPolicyConfiguration),
    };
  }

  sqs<Answer>(action: string, body: object): Promise<Answer> {
    return this.json<Answer>('sqs', `AmazonSQS.${action}`, body);
  }

  /** The records of a zone, in the XML of Route 53. */
  async recordsIn(zoneId: string): Promise<string> {
    const path = `/2013-04-01/hostedzone/${zoneId}/rrset`;
    return (await fetch(`${this.config.endpoint}${path}`, { headers: this.signed('route53') })).text();
  }

  private signed(service: string) {
    const scope = `${ACCOUNT}/20260101/${REGION}/${service}/aws4_request`;
    return { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0` };
  }
}

/** Waits until something is so. */
export async function until(what: () => Promise<boolean>, seconds = 20): Promise<void> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end;) {
    if (await what()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('it did not come true in time');
}
