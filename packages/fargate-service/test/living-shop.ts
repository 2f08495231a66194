import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { Environment, Tier } from '@groundplan/core';
import type { TestAws } from '@groundplan/local';
import { ContainerSecret, FargateCluster, Image, Tag } from '@groundplan/task';
import { Network } from '@groundplan/vpc';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { App, CfnOutput, SecretValue, Stack } from 'aws-cdk-lib/core';
import { Deployment, Ingress, Repository, WebService, WorkerService } from '../src';
import { environmentOf } from './services';

export const ZONE_ID = 'Z0123456789ABCDEFGHIJ';
export const TAG_PARAMETER = '/shop/orders/image-tag';
const FIXTURES = join(__dirname, 'fixtures');

/** What changes from one deployment to the next. */
export interface ShopProps {
  /** What the guestbook calls its version. */
  readonly version: string;
  readonly image?: Image;
  readonly deployment?: Deployment;
}

/**
 * Synthesizes a staging environment: the guestbook behind a public balancer; orders, an image of a repository, which join its
 * listener; and a mailer that works off a queue. Answers the folder of the assembly.
 */
export function synthShop(scratch: string, { version, image, deployment }: ShopProps): string {
  const app = new App({ outdir: mkdtempSync(join(scratch, 'cdk.out-')) });
  const { target: env } = Environment.define(app, environmentOf(Tier.STAGING));
  const { vpc } = new Network(new Stack(app, 'Network', { env }), 'Network');
  const images = new Stack(app, 'Images', { env });
  const repository = new Repository(images, 'Orders');
  new CfnOutput(images, 'RepositoryUri', { value: repository.ecrRepository.repositoryUri });

  const stack = new Stack(app, 'Shop', { env });
  const cluster = new FargateCluster(stack, 'Cluster', { vpc });
  const zone = HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: ZONE_ID, zoneName: 'example.com' });
  const guestbook = new WebService(stack, 'Guestbook', {
    vpc,
    cluster,
    deployment,
    image: image ?? Image.fromAsset(join(__dirname, '../../../examples/guestbook/api')),
    ingress: Ingress.publicLoadBalancer({ hostname: 'api.example.com', zone }),
    environment: { VERSION: version },
  });

  const database = new Secret(stack, 'Database', {
    secretObjectValue: { user: SecretValue.unsafePlainText('shop'), password: SecretValue.unsafePlainText('mellon') },
  });
  new WebService(stack, 'Orders', {
    vpc,
    cluster,
    image: repository.image(Tag.fromParameter(TAG_PARAMETER)),
    port: 3000,
    ingress: Ingress.listener(guestbook.listener!, { priority: 100, hosts: ['orders.example.com'] }),
    environment: { COLOUR: 'green' },
    secrets: {
      PASSWORD: ContainerSecret.fromSecret(database, 'password'),
      TOKEN: ContainerSecret.fromParameter(new StringParameter(stack, 'Token', { stringValue: 'a-token' })),
    },
  });

  const mailer = Image.fromRegistry('registry.example.com/mailer:1.4.2');
  new WorkerService(stack, 'Mailer', { vpc, cluster, image: mailer });
  return app.synth().directory;
}

/** Beside cdk.json: which program stands for an image that nobody builds here. */
export const LOCAL_IMAGES = {
  'registry.example.com/mailer:*': { command: ['node', 'worker.mjs'], directory: join(FIXTURES, 'mailer') },
};

/** Builds orders and pushes them, as a pipeline would. */
export function pushOrders(aws: TestAws, repositoryUri: string, release: string): void {
  const docker = (...args: string[]) => execFileSync(aws.env.CDK_DOCKER!, args, { env: aws.env, stdio: 'pipe' });
  const built = `cdkasset-orders-${release}`; // what is built for a deployment is all that the local AWS builds
  docker('build', '--tag', built, '--build-arg', `RELEASE=${release}`, join(FIXTURES, 'orders'));
  docker('tag', built, `${repositoryUri}:${release}`);
  docker('push', `${repositoryUri}:${release}`);
}
