import { ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { AddressInfo, Socket, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Tier } from '@groundplan/core';
import { Image } from '@groundplan/task';
import { Template } from 'aws-cdk-lib/assertions';
import { WebServiceProps } from '../src';
import { serviceIn } from './services';

/** The application that is deployed, as its image is built from it. */
const GUESTBOOK = join(__dirname, '../../../examples/guestbook/api');
const DOCKERFILE = readFileSync(join(GUESTBOOK, 'Dockerfile'), 'utf8');
const instruction = (name: string) => new RegExp(`^${name} (.*)$`, 'm').exec(DOCKERFILE)![1];

/** What a template says of a container, and of the balancer in front of it. */
function containerOf(props: Partial<WebServiceProps>) {
  const template = Template.fromStack(serviceIn(Tier.PRODUCTION, props).stack);
  const propertiesOf = (type: string) => Object.values(template.findResources(type))[0].Properties;
  const [container] = propertiesOf('AWS::ECS::TaskDefinition').ContainerDefinitions;
  const group = propertiesOf('AWS::ElasticLoadBalancingV2::TargetGroup');
  const attributes = propertiesOf('AWS::ElasticLoadBalancingV2::LoadBalancer').LoadBalancerAttributes;
  const entries: { Name: string; Value: string }[] = container.Environment;
  return {
    command: container.Command as string[] | undefined,
    environment: Object.fromEntries(entries.map(({ Name, Value }) => [Name, Value])),
    port: container.PortMappings[0].ContainerPort as number,
    user: container.User as string,
    stopSeconds: container.StopTimeout as number,
    healthUrl: `http://127.0.0.1:${group.Port}${group.HealthCheckPath}`,
    healthCode: Number(group.Matcher.HttpCode),
    idleSeconds: Number(attributes.find(({ Key }: { Key: string }) => Key === 'idle_timeout.timeout_seconds')!.Value),
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const folders: string[] = [];
const processes: ChildProcess[] = [];
afterEach(() => {
  for (const child of processes.splice(0)) child.kill('SIGKILL');
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** Starts what a container would run, with what it is given and nothing else, and waits until it serves. */
async function start({ command, environment, healthUrl }: ReturnType<typeof containerOf>) {
  const folder = mkdtempSync(join(tmpdir(), 'groundplan-container-'));
  folders.push(folder);
  for (const [, list] of DOCKERFILE.matchAll(/^COPY (.*) \.\/$/gm))
    for (const copied of list.split(' ')) cpSync(join(GUESTBOOK, copied), join(folder, copied));
  const [program, ...args] = command ?? (JSON.parse(instruction('CMD')) as string[]);
  expect(program).toBe('node');
  const child = spawn(process.execPath, args, { cwd: folder, env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
  processes.push(child);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  for (let tries = 0; ; tries++) {
    if (
      await fetch(healthUrl).then(
        () => true,
        () => false,
      )
    )
      break;
    if (tries === 100) throw new Error(`Nothing answers ${healthUrl}: ${output}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { child, exited, folder, output: () => output };
}

/** The beginning of a request whose end is still to come. */
async function halfARequest(port: number, path: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.write(`GET ${path} HTTP/1.1\r\nHost: guestbook\r\n`);
  await new Promise((resolve) => setTimeout(resolve, 100));
  return socket;
}

describe('the guestbook runs as the process that its task definition and its Dockerfile describe', () => {
  const guestbook = async () =>
    containerOf({
      image: Image.fromAsset(GUESTBOOK),
      port: await freePort(),
      environment: { VERSION: '1.2.3' },
    });

  test('the command and the user are those of the Dockerfile, and its port is the one that a service has by default', () => {
    const container = containerOf({ image: Image.fromAsset(GUESTBOOK) });
    expect(container.command).toBeUndefined();
    expect(container.user).toBe(instruction('USER'));
    expect(container.port).toBe(Number(instruction('EXPOSE')));
    expect(container.environment.PORT).toBe(instruction('EXPOSE'));
  });

  test('it listens where PORT says, answers the health check, and tells its version', async () => {
    const container = await guestbook();
    await start(container);
    expect((await fetch(container.healthUrl)).status).toBe(container.healthCode);
    const answer = await fetch(new URL('/version', container.healthUrl));
    expect(await answer.json()).toMatchObject({ version: '1.2.3' });
    expect((await fetch(new URL('/nothing', container.healthUrl))).status).toBe(404);
  });

  test('it keeps a silent connection longer than the balancer does, which would else ask a connection that is gone', async () => {
    const container = await guestbook();
    await start(container);
    const { headers } = await fetch(container.healthUrl, { headers: { connection: 'keep-alive' } });
    const [, seconds] = /timeout=(\d+)/.exec(headers.get('keep-alive') ?? '') ?? [];
    expect(Number(seconds)).toBeGreaterThan(container.idleSeconds);
  });

  test('on SIGTERM it answers what is under way, takes nothing new, and ends in time', async () => {
    const container = await guestbook();
    const { child, exited } = await start(container);
    const socket = await halfARequest(container.port, '/version');
    const begun = Date.now();
    child.kill('SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, 200));
    await expect(fetch(container.healthUrl)).rejects.toThrow();
    const answer = new Promise<string>((resolve) => socket.once('data', (chunk) => resolve(chunk.toString())));
    socket.write('Connection: close\r\n\r\n');
    expect(await answer).toMatch(/^HTTP\/1\.1 200 OK[^]*1\.2\.3/);
    expect(await exited).toBe(0);
    expect(Date.now() - begun).toBeLessThan(container.stopSeconds * 1000);
  });

  test('it writes one line of JSON a request, none for health checks, and nothing to the disk', async () => {
    const container = await guestbook();
    const { folder, output } = await start(container);
    const before = readdirSync(folder);
    await (await fetch(new URL('/version', container.healthUrl))).text();
    await new Promise((resolve) => setTimeout(resolve, 100));
    const lines = output()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(lines).toEqual([
      { event: 'listening', port: container.port, version: '1.2.3', database: false },
      { method: 'GET', path: '/version', status: 200, ms: expect.any(Number) },
    ]);
    expect(readdirSync(folder)).toEqual(before);
  });
});

test('the placeholder answers the health check of every service, and ends at once', async () => {
  const container = containerOf({ image: Image.placeholder(), port: await freePort(), healthCheck: { path: '/up' } });
  const { child, exited } = await start(container);
  expect((await fetch(container.healthUrl, { headers: { connection: 'close' } })).status).toBe(container.healthCode);
  child.kill('SIGTERM');
  expect(await exited).toBe(0);
});
