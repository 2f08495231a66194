import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { listLeases } from './address-block';
import { readAssembly } from './assembly';
import { bootstrap } from './bootstrap';
import { CdkCli, CdkResult, CdkRun } from './cdk-cli';
import { ClientConfig } from './client-environment';
import { DatabaseReport, databaseReports } from './database-report';
import { baseAccount } from './environments';
import { LocalAws } from './local-aws';
import { NetworkReport, networkReports } from './network-report';
import { freePort } from './port';
import { identify, isAlive } from './process-table';
import { ServiceReport, serviceReports } from './service-report';
import { StackSummary, listStacks } from './stacks';
import { LedgerEntry, notes, stubs } from './stubs';

/**
 * A local AWS of one test file: a free port, a state folder and an address block of its own.
 *
 * ```ts
 * let aws: TestAws;
 * beforeAll(async () => { aws = await TestAws.start(); }, 120_000);
 * afterAll(() => aws.stop());
 * ```
 */
export class TestAws {
  /** Ends what a killed test run left behind first. The first start on a machine installs the emulator. */
  static async start(options: { account?: string; region?: string } = {}): Promise<TestAws> {
    await endOrphans();
    const state = fs.mkdtempSync(path.join(os.tmpdir(), TEST_STATE));
    for (let attempt = 1; ; attempt++) {
      const port = await freePort();
      const aws = new LocalAws({ ...options, port, state });
      try {
        await aws.up({ owner: identify(process.pid) });
        return new TestAws(aws, state, port);
      } catch (error) {
        if (attempt < 3 && /is taken by/.test(String(error))) continue; // somebody was faster
        fs.rmSync(state, { recursive: true, force: true });
        throw error;
      }
    }
  }

  readonly cdk: CdkCli;

  private constructor(
    readonly aws: LocalAws,
    private readonly state: string,
    private readonly port: number,
  ) {
    this.cdk = new CdkCli(aws);
  }

  /** The environment of a command that talks to it. */
  get env(): NodeJS.ProcessEnv {
    return this.aws.environment();
  }

  /** What makes a `groundplan local` command, or a target with `--configuration=local`, use this instance. */
  get commandEnvironment(): Record<string, string> {
    return { GROUNDPLAN_LOCAL_PORT: String(this.port), GROUNDPLAN_LOCAL_STATE: this.state };
  }

  /** `new EC2Client(aws.client())`; another account or region sees its own resources. */
  client(account?: string, region?: string): ClientConfig {
    return this.aws.clientConfig(account, region);
  }

  /** Bootstraps what a synthesized assembly needs and deploys it with the real CLI; a failure is a code. */
  async deploy(assembly: string, args: string[] = ['--all'], run: CdkRun = {}): Promise<CdkResult> {
    const stacks = readAssembly(assembly);
    await bootstrap(this.aws, stacks);
    const deploy = ['deploy', '--app', assembly, '--require-approval', 'never', '--progress', 'events'];
    return this.cdk.run([...deploy, ...args], { account: baseAccount(stacks, this.aws), ...run });
  }

  async destroy(assembly: string, args: string[] = ['--all'], run: CdkRun = {}): Promise<CdkResult> {
    const account = baseAccount(readAssembly(assembly), this.aws);
    return this.cdk.run(['destroy', '--app', assembly, '--force', ...args], { account, ...run });
  }

  networks(): Promise<NetworkReport[]> {
    return networkReports(this.aws);
  }

  stacks(): Promise<StackSummary[]> {
    return listStacks(this.aws);
  }

  services(): Promise<ServiceReport[]> {
    return serviceReports(this.aws);
  }

  databases(): Promise<DatabaseReport[]> {
    return databaseReports(this.aws);
  }

  /** The certificate by which the databases of this instance can be told from others, once there is one. */
  get databaseCa(): string {
    return this.aws.files.databaseCa;
  }

  notes(): LedgerEntry[] {
    return notes(this.aws);
  }

  stubs(): LedgerEntry[] {
    return stubs(this.aws);
  }

  async stop(): Promise<void> {
    await this.aws.down();
    fs.rmSync(this.state, { recursive: true, force: true });
  }
}

const TEST_STATE = 'groundplan-test-';

async function endOrphans(): Promise<void> {
  for (const { owner, state } of listLeases()) {
    if (owner === undefined || isAlive(owner) || !path.basename(state).startsWith(TEST_STATE)) continue;
    await new LocalAws({ state }).down();
    fs.rmSync(state, { recursive: true, force: true });
  }
}
