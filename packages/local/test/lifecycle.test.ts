import { spawn } from 'child_process';
import { once } from 'events';
import * as fs from 'fs';
import * as net from 'net';
import * as os from 'os';
import * as path from 'path';
import { CreateBucketCommand, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { LocalAws } from '../src/local-aws';
import { freePort } from '../src/port';
import { isAlive } from '../src/process-table';
import { familyOf } from '../src/process-tree';
import { PathFolder, uv } from './path-folder';

const folders: string[] = [];
const newFolder = () => {
  folders.push(fs.mkdtempSync(path.join(os.tmpdir(), 'groundplan-lifecycle-')));
  return folders.at(-1)!;
};
afterAll(() => folders.forEach((folder) => fs.rmSync(folder, { recursive: true, force: true })));

/** Addresses that processes listen on, from what the kernel says about their sockets. */
function listeningAddresses(pids: number[]): string[] {
  const inodes = new Map<string, string>();
  for (const file of ['tcp', 'tcp6', 'udp', 'udp6'])
    for (const line of fs.readFileSync(`/proc/net/${file}`, 'utf8').split('\n').slice(1)) {
      const fields = line.trim().split(/\s+/);
      if (fields[3] === (file.startsWith('udp') ? '07' : '0A')) inodes.set(`socket:[${fields[9]}]`, fields[1]);
    }
  return pids
    .flatMap((pid) => fs.readdirSync(`/proc/${pid}/fd`).map((fd) => `/proc/${pid}/fd/${fd}`))
    .map((link) => inodes.get(fs.readlinkSync(link)))
    .filter((address) => address !== undefined);
}

// One instance, in the order of its life: each test begins where the one before it ended.
describe('the local AWS', () => {
  const state = newFolder();
  let port: number;
  let aws: LocalAws;
  const family = () => familyOf(aws.instance().emulator, aws.instance().id);

  beforeAll(async () => {
    port = await freePort();
    aws = new LocalAws({ port, state });
  });
  afterAll(() => aws.down(), 30_000);

  // The first start on a machine installs the emulator.
  test('is one when two runs start it at once', async () => {
    const [a, b] = await Promise.all([aws.up(), new LocalAws({ state }).up()]);
    expect([a.started, b.started].sort()).toEqual([false, true]);
    expect(a.emulator).toEqual(b.emulator);
  }, 180_000);

  test('is found running, and is used again as it is', async () => {
    const { id, emulator } = aws.instance();
    expect(await aws.status()).toMatchObject({ condition: 'running', instance: { id, port } });
    expect(await aws.up()).toMatchObject({ started: false, emulator });
  }, 90_000);

  const onLinux = process.platform === 'linux' ? test : test.skip;
  onLinux('listens on 127.0.0.1 and on nothing else', () => {
    const loopback = '0100007F'; // 127.0.0.1 in the byte order of the kernel
    const addresses = listeningAddresses(family().map(({ pid }) => pid));
    expect(addresses).toEqual([`${loopback}:${port.toString(16).toUpperCase().padStart(4, '0')}`]);
  });

  test('is not given silently to who asks for another account', async () => {
    const other = new LocalAws({ state, account: '222222222222' });
    await expect(other.up()).rejects.toThrow('runs already, with account 000000000000 and not 222222222222');
  });

  test('keeps its port: a second one is refused with the folder of the first, and how to choose another', async () => {
    const second = new LocalAws({ port, state: newFolder() });
    const message = `port ${port} of 127.0.0.1 is taken by the local AWS of ${state}; end it, or choose another port with --port ${port + 1}`;
    await expect(second.up()).rejects.toThrow(message);
  }, 90_000);

  test('stands beside a second one with a port, a folder and an address block of its own', async () => {
    const second = new LocalAws({ port: await freePort(), state: newFolder() });
    try {
      const { port: otherPort, addressBlock } = await second.up();
      expect(addressBlock).toMatch(/^127\.77\.\d+\.0\/24$/);
      expect([otherPort, addressBlock]).not.toEqual([port, aws.instance().addressBlock]);
      expect(addressBlock).not.toBe(aws.instance().addressBlock);
    } finally {
      await second.down();
    }
  }, 90_000);

  test('gives a command an environment that leads to it and cannot lead to any other AWS', () => {
    const real = {
      AWS_PROFILE: 'production',
      AWS_SESSION_TOKEN: 'real',
      AWS_ENDPOINT_URL_S3: 'https://real.example',
      AWS_ROLE_ARN: 'real',
    };
    Object.assign(process.env, real);
    const env = aws.environment('111111111111');
    for (const name of Object.keys(real)) delete process.env[name];
    expect(env).toMatchObject({
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: '111111111111',
      AWS_REGION: 'eu-central-1',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: os.devNull,
      AWS_SHARED_CREDENTIALS_FILE: os.devNull,
      CDK_HOME: path.join(state, 'cdk-home'),
    });
    for (const name of Object.keys(real)) expect(env).not.toHaveProperty(name);
  });

  test('is empty after a reset, and runs again where it ran', async () => {
    const client = () => new S3Client(aws.clientConfig());
    await client().send(new CreateBucketCommand({ Bucket: 'forgotten' }));
    expect(await aws.reset()).toEqual({ started: true });
    expect((await client().send(new ListBucketsCommand({}))).Buckets ?? []).toEqual([]);
    expect(aws.instance().port).toBe(port);
  }, 90_000);

  test('that was killed is noticed, its children are ended, and up starts it again', async () => {
    const { emulator } = aws.instance();
    const before = family();
    process.kill(emulator.pid, 'SIGKILL');
    while (isAlive(emulator)) await new Promise((resolve) => setTimeout(resolve, 10));
    expect((await aws.status()).condition).toBe('killed');
    expect(() => aws.instance()).toThrow(/was killed; start it with: groundplan local up/);
    expect(await aws.up()).toMatchObject({ started: true });
    expect(before.filter(isAlive)).toEqual([]);
  }, 90_000);

  onLinux(
    'ends with everything it started, also what left its process group',
    async () => {
      const { id } = aws.instance();
      const stray = spawn('sleep', ['600'], { detached: true, env: { ...process.env, GROUNDPLAN_LOCAL_INSTANCE: id } });
      const all = family();
      expect(all.map(({ pid }) => pid)).toContain(stray.pid);
      expect(await aws.down()).toBe(true);
      expect(all.filter(isAlive)).toEqual([]);
    },
    30_000,
  );

  test('is stopped then, and there is nothing more to stop', async () => {
    await aws.down();
    expect(await aws.status()).toMatchObject({ condition: 'stopped', instance: undefined });
    expect(await aws.down()).toBe(false);
    expect(() => aws.instance()).toThrow(/is not running; start it with: groundplan local up/);
  }, 90_000);
});

describe('a local AWS that cannot start', () => {
  test('because something else has the port says what has it, and how to choose another', async () => {
    const server = net.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as net.AddressInfo;
    const aws = new LocalAws({ port, state: newFolder() });
    await expect(aws.up()).rejects.toThrow(
      new RegExp(`taken by process ${process.pid}: .*--port ${port + 1} or GROUNDPLAN_LOCAL_PORT=${port + 1}`),
    );
    server.close();
  }, 90_000);

  test('because the emulator ends says how its log ends, and leaves neither process nor record', async () => {
    const broken = new PathFolder().python('python3', [3, 11, 7]);
    broken.command('broken', '[ "$1" = -c ] || { echo "no module named groundplan_local"; exit 1; }');
    broken.command('uv', uv(':', path.join(broken.folder, 'broken')));
    const { PATH } = process.env;
    Object.assign(process.env, { PATH: broken.folder, GROUNDPLAN_LOCAL_VENV: path.join(broken.folder, 'venv') });
    try {
      const aws = new LocalAws({ port: await freePort(), state: newFolder() });
      await expect(aws.up()).rejects.toThrow(/the emulator ended .*no module named groundplan_local/s);
      expect((await aws.status()).condition).toBe('stopped');
    } finally {
      process.env.PATH = PATH;
      delete process.env.GROUNDPLAN_LOCAL_VENV;
    }
  }, 90_000);
});
