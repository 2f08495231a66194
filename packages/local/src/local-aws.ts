import { randomUUID } from 'crypto';
import * as fs from 'fs';
import { Lease, handLease, leaseBlock, listLeases, releaseBlock } from './address-block';
import { ClientConfig, clientConfig, clientEnvironment, endpointOf } from './client-environment';
import { isHealthy, spawnEmulator, untilHealthy } from './emulator';
import { ExpectedFailure, withLock } from '@groundplan/engines';
import { isPortFree, listenerOf } from './port';
import { ProcessIdentity, isAlive, lineageOf } from './process-table';
import { endFamily } from './process-tree';
import { DEFAULT_ACCOUNT, DEFAULT_PORT, DEFAULT_REGION, LocalAwsOptions, Settings, readSettings } from './settings';
import { InstanceRecord, StateFolder } from './state-folder';
import { ensureVenv } from './venv';

/** `killed`: it was started and not stopped, and is gone all the same. `silent`: it lives and does not answer. */
export type Condition = 'running' | 'stopped' | 'killed' | 'silent';

export interface LocalAwsStatus {
  readonly condition: Condition;
  /** What was started; absent when it is stopped. */
  readonly instance?: InstanceRecord;
  readonly state: string;
  readonly log: string;
}

export interface UpOptions {
  /** Told what happens, step by step. */
  readonly progress?: (text: string) => void;
  /** A process that the instance shall not outlive: the next test that starts one ends it. */
  readonly owner?: ProcessIdentity;
}

/** One local AWS: the emulator of one state folder, from start to end. */
export class LocalAws {
  readonly files: StateFolder;
  private readonly settings: Settings;

  constructor(options: LocalAwsOptions = {}) {
    this.settings = readSettings(options);
    this.files = new StateFolder(this.settings.state);
  }

  /** Starts the emulator unless it runs; two runs that start it at once end with the same one. */
  async up(options: UpOptions = {}): Promise<InstanceRecord & { readonly started: boolean }> {
    const { progress = () => undefined } = options;
    return this.exclusively('start the local AWS', progress, async () => {
      const { condition, instance } = await this.status();
      if (condition === 'running' || condition === 'silent') {
        this.refuseOther(instance!);
        // Started by a run that was interrupted, or very busy: never killed from here, it may hold deployed stacks.
        if (condition === 'silent') await untilHealthy(instance!.emulator, instance!.port, this.files.log);
        return { ...instance!, started: false };
      }
      if (instance) await this.end(instance);
      return { ...(await this.start(options)), started: true };
    });
  }

  /** Ends the emulator and everything that it started. Answers whether there was anything to end. */
  async down(progress?: (text: string) => void): Promise<boolean> {
    return this.exclusively('stop the local AWS', progress, async () => {
      const instance = this.files.read();
      if (instance) await this.end(instance);
      return instance !== undefined;
    });
  }

  /** Forgets everything that was deployed; it runs again afterwards if it ran before. */
  async reset(options: UpOptions = {}): Promise<{ readonly started: boolean }> {
    const instance = this.files.read();
    await this.down(options.progress);
    this.files.clear();
    if (instance) await new LocalAws({ ...instance, state: this.settings.state }).up(options);
    return { started: instance !== undefined };
  }

  async status(): Promise<LocalAwsStatus> {
    const instance = this.files.read();
    const rest = { instance, state: this.settings.state, log: this.files.log };
    if (instance === undefined) return { condition: 'stopped', ...rest };
    if (!isAlive(instance.emulator)) return { condition: 'killed', ...rest };
    return { condition: (await isHealthy(instance.port)) ? 'running' : 'silent', ...rest };
  }

  /** Whether its process lives, whatever it answers. */
  isAlive(): boolean {
    return isAlive(this.files.read()?.emulator);
  }

  /** The running instance. */
  instance(): InstanceRecord {
    const instance = this.files.read();
    if (instance && isAlive(instance.emulator)) return instance;
    throw new ExpectedFailure(
      `the local AWS of ${this.settings.state} ${instance ? 'was killed' : 'is not running'}; start it with: groundplan local up`,
    );
  }

  /** The environment of a command that talks to this instance and to no other AWS. */
  environment(account?: string, region?: string): NodeJS.ProcessEnv {
    const instance = this.instance();
    return clientEnvironment({
      port: instance.port,
      account: account ?? instance.account,
      region: region ?? instance.region,
      cdkHome: this.files.cdkHome,
      docker: this.files.docker,
    });
  }

  /** What the AWS SDK's clients take to talk to this instance. */
  clientConfig(account?: string, region?: string): ClientConfig {
    const instance = this.instance();
    return clientConfig(instance.port, account ?? instance.account, region ?? instance.region);
  }

  private exclusively<T>(purpose: string, progress: ((text: string) => void) | undefined, work: () => Promise<T>) {
    return withLock(this.settings.state, purpose, work, progress);
  }

  private async start({ progress = () => undefined, owner }: UpOptions): Promise<InstanceRecord> {
    const { port = DEFAULT_PORT, account = DEFAULT_ACCOUNT, region = DEFAULT_REGION, state } = this.settings;
    await this.refuseTakenPort(port);
    const python = await ensureVenv({ venvs: this.settings.venvs, progress });
    this.files.clear();
    fs.mkdirSync(this.files.cdkHome, { recursive: true });
    progress(`starting the emulator on ${endpointOf(port)}`);
    const lease = await leaseBlock(state, owner);
    const id = randomUUID();
    try {
      const emulator = await spawnEmulator({
        ...{ python, id, port, account, region, state: this.files.emulator, log: this.files.log },
        addressBlock: lease.cidr,
      });
      return await this.settle(lease, {
        id,
        emulator,
        port,
        account,
        region,
        addressBlock: lease.cidr,
        startedAt: now(),
      });
    } catch (error) {
      releaseBlock(lease.cidr, state);
      throw error;
    }
  }

  /** From here on the instance is on record: a run that is interrupted now leaves one that the next run finds. */
  private async settle(lease: Lease, record: InstanceRecord): Promise<InstanceRecord> {
    this.files.write(record);
    handLease(lease, record.emulator);
    try {
      await untilHealthy(record.emulator, record.port, this.files.log);
      return record;
    } catch (error) {
      await this.end(record);
      throw error;
    }
  }

  private async end(instance: InstanceRecord): Promise<void> {
    await endFamily(instance.emulator, instance.id);
    releaseBlock(instance.addressBlock, this.settings.state);
    this.files.forget();
  }

  /** Someone who asked for another port, account or region must not silently get this instance. */
  private refuseOther(instance: InstanceRecord): void {
    const differences = (['port', 'account', 'region'] as const)
      .filter((key) => this.settings[key] !== undefined && this.settings[key] !== instance[key])
      .map((key) => `${key} ${instance[key]} and not ${this.settings[key]}`);
    if (differences.length === 0) return;
    throw new ExpectedFailure(
      `the local AWS of ${this.settings.state} runs already, with ${differences.join(', ')}; ` +
        'stop it first (groundplan local down), or give this one a folder of its own (--state)',
    );
  }

  private async refuseTakenPort(port: number): Promise<void> {
    if (await isPortFree(port)) return;
    const listener = listenerOf(port);
    const lineage = listener ? lineageOf(listener.pid) : [];
    const sibling = listLeases().find((lease) => lineage.includes(lease.holder.pid));
    const by = sibling
      ? `the local AWS of ${sibling.state}`
      : listener
        ? `process ${listener.pid}: ${listener.command.slice(0, 200)}`
        : 'a process that cannot be seen from here';
    throw new ExpectedFailure(
      `port ${port} of 127.0.0.1 is taken by ${by}; end it, or choose another port with --port ${port + 1} or GROUNDPLAN_LOCAL_PORT=${port + 1}`,
    );
  }
}

function now(): string {
  return new Date().toISOString();
}
