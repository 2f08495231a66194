import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack, Tags, Validations } from 'aws-cdk-lib';
import { Port, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { DatabaseInstance, DatabaseInstanceEngine } from 'aws-cdk-lib/aws-rds';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { ContainerImage, FargateService, FargateTaskDefinition, Cluster } from 'aws-cdk-lib/aws-ecs';
import { ApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';

/** Synthesizes an app and answers its folder. */
export function assembly(build: (stack: Stack) => void): string {
  const outdir = mkdtempSync(join(tmpdir(), 'groundplan-assembly-'));
  delete process.env.CDK_CONTEXT_JSON; // with the places where resources were created: findings name them
  const app = new App({ outdir });
  build(new Stack(app, 'Shop'));
  app.synth();
  return outdir;
}

/** One open finding, one that is acknowledged, one warning. */
export function topics(stack: Stack): void {
  for (const key of ['Project', 'Environment', 'ManagedBy', 'Owner', 'CostCenter']) Tags.of(stack).add(key, 'x');
  new Topic(stack, 'Open');
  const because = { id: 'groundplan::EncryptionAtRest', reason: 'it carries nothing secret' };
  Validations.of(new Topic(stack, 'Accepted')).acknowledge(because);
  Validations.of(stack).acknowledge({ id: 'groundplan::FlowLogs', reason: 'none needed' });
}

/** A public balancer, a service behind it, and a database behind the service. */
export function shop(stack: Stack): void {
  const vpc = new Vpc(stack, 'Vpc', { maxAzs: 2 });
  const taskDefinition = new FargateTaskDefinition(stack, 'Task');
  const image = ContainerImage.fromRegistry('nginx');
  taskDefinition.addContainer('web', { image, portMappings: [{ containerPort: 8080 }] });
  const service = new FargateService(stack, 'Service', {
    cluster: new Cluster(stack, 'Cluster', { vpc }),
    taskDefinition,
  });
  const balancer = new ApplicationLoadBalancer(stack, 'Balancer', { vpc, internetFacing: true });
  balancer.addListener('Http', { port: 80 }).addTargets('Service', { port: 8080, targets: [service] });
  const database = new DatabaseInstance(stack, 'Database', {
    engine: DatabaseInstanceEngine.POSTGRES,
    vpc,
    vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
  });
  database.connections.allowFrom(service, Port.tcp(5432));
  database.connections.allowFrom(new SecurityGroup(stack, 'Nobody', { vpc }), Port.tcp(5432));
}
