import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { PostgresServer } from '@groundplan/engines';
import { App, Stack, aws_ec2 as ec2, aws_ecs as ecs, aws_elasticloadbalancingv2 as elbv2 } from 'aws-cdk-lib';
import { Client } from 'pg';
import { TestAws } from '../src';

const ACCOUNT = '111111111111';
const REGION = 'eu-central-1';
const PORT = 6432;

let aws: TestAws;
let server: PostgresServer;
beforeAll(async () => {
  server = await PostgresServer.start({ user: 'app', database: 'guestbook', forceTls: true });
  aws = await TestAws.start();
}, 180_000);
afterAll(async () => {
  await aws.stop();
  await server.stop();
}, 30_000);

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'groundplan-network-balancers-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** Two tasks of PgBouncer, installed by a Dockerfile, behind a network load balancer: out of nothing but aws-cdk-lib. */
function synth(): string {
  const app = new App({
    outdir: path.join(folder, 'cdk.out'),
    context: { [`availability-zones:account=${ACCOUNT}:region=${REGION}`]: [`${REGION}a`, `${REGION}b`] },
    builtinCloudFormationValidation: false,
  });
  const stack = new Stack(app, 'Pool', { env: { account: ACCOUNT, region: REGION } });
  const vpc = new ec2.Vpc(stack, 'Vpc', { natGateways: 0, restrictDefaultSecurityGroup: false });
  const definition = new ecs.FargateTaskDefinition(stack, 'Definition');
  definition.addContainer('pool', {
    image: ecs.ContainerImage.fromAsset(path.join(__dirname, 'fixtures', 'pool')),
    environment: {
      PORT: String(PORT),
      UPSTREAM: server.host,
      UPSTREAM_PORT: String(server.port),
      UPSTREAM_CA: server.caFile,
      DATABASE: server.database,
      DATABASE_USER: server.user,
      PASSWORD: server.password,
    },
    portMappings: [{ containerPort: PORT }],
    logging: ecs.LogDrivers.awsLogs({ streamPrefix: 'pool' }),
  });
  const service = new ecs.FargateService(stack, 'Service', {
    cluster: new ecs.Cluster(stack, 'Cluster', { vpc }),
    serviceName: 'pool',
    taskDefinition: definition,
    desiredCount: 2,
    assignPublicIp: true,
    circuitBreaker: { rollback: true },
    minHealthyPercent: 100,
  });
  const balancer = new elbv2.NetworkLoadBalancer(stack, 'Balancer', { vpc, securityGroups: [] });
  balancer.addListener('Listener', { port: 5432 }).addTargets('Tasks', { port: PORT, targets: [service] });
  return app.synth().directory;
}

test('a real PgBouncer answers at the address of its balancer, which the report names', async () => {
  const assembly = synth();
  const deployed = await aws.deploy(assembly);
  const said = deployed.stdout + deployed.stderr;
  expect([deployed.code, deployed.code === 0 ? '' : said]).toEqual([0, '']);
  expect(said).not.toContain('is not executed');
  const [{ urls, ...service }] = await aws.services();
  expect(service).toMatchObject({ name: 'pool', running: 2, deployment: 'COMPLETED' });
  expect(urls).toEqual([expect.stringMatching(/^tcp:\/\/127\.77\.\d+\.\d+:5432$/)]);
  expect(aws.notes().filter(({ type }) => type.includes('LoadBalancing'))).toEqual([]);

  const { hostname: host, port } = new URL(urls[0]);
  const answers = await Promise.all(
    [1, 2, 3, 4].map(async (n) => {
      const client = new Client({ host, port: Number(port), user: 'anybody', database: server.database });
      await client.connect();
      const { rows } = await client.query({ name: 'prepared', text: 'SELECT $1::int * 2 AS answer', values: [n] });
      await client.end();
      return rows;
    }),
  );
  expect(answers).toEqual([2, 4, 6, 8].map((answer) => [{ answer }]));

  expect(await aws.destroy(assembly)).toMatchObject({ code: 0 });
  const late = new Client({ host, port: Number(port), user: 'anybody', database: server.database });
  await expect(late.connect()).rejects.toThrow(/ECONNREFUSED/);
}, 180_000);
