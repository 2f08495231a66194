import * as fs from 'fs';
import * as path from 'path';
import { ProcessIdentity } from './process-table';

/** What is known about a started instance; it stands in the state folder for as long as the instance is meant to run. */
export interface InstanceRecord {
  /** Marks every process of the instance. */
  readonly id: string;
  readonly emulator: ProcessIdentity;
  readonly port: number;
  readonly account: string;
  readonly region: string;
  /** The 127.77.N.0/24 block that its processes listen in. */
  readonly addressBlock: string;
  /** ISO 8601. */
  readonly startedAt: string;
}

/** The files of one instance. Only these are ever deleted, never the folder itself: it may hold more than ours. */
export class StateFolder {
  readonly record: string;
  readonly log: string;
  /** What the emulator and the provider pack write, and nothing survives a start. */
  readonly emulator: string;
  readonly ledger: string;
  /** What stands in for `docker` when the CDK CLI builds and pushes images. */
  readonly docker: string;
  /** What apps say about images, a file each. */
  readonly imageRules: string;
  /** Whom clients of the databases have to trust; there once a database runs. */
  readonly databaseCa: string;
  /** The CDK CLI remembers which account an access key belongs to: its memory must never meet the one of real AWS. */
  readonly cdkHome: string;
  /** Which environments were bootstrapped here: where to look, never what is there. */
  readonly environments: string;

  constructor(readonly folder: string) {
    this.record = path.join(folder, 'instance.json');
    this.log = path.join(folder, 'emulator.log');
    this.emulator = path.join(folder, 'emulator');
    this.ledger = path.join(this.emulator, 'ledger.jsonl');
    this.docker = path.join(this.emulator, 'bin', 'docker');
    this.imageRules = path.join(this.emulator, 'images', 'rules');
    this.databaseCa = path.join(this.emulator, 'databases', 'ca', 'ca.pem');
    this.cdkHome = path.join(folder, 'cdk-home');
    this.environments = path.join(folder, 'environments.json');
  }

  read(): InstanceRecord | undefined {
    try {
      return JSON.parse(fs.readFileSync(this.record, 'utf8')) as InstanceRecord;
    } catch {
      return undefined;
    }
  }

  write(record: InstanceRecord): void {
    const next = `${this.record}.next`;
    fs.writeFileSync(next, JSON.stringify(record, undefined, 2) + '\n');
    fs.renameSync(next, this.record);
  }

  /** What a start from nothing must not find: the emulator keeps everything in memory. */
  clear(): void {
    for (const file of [this.record, this.emulator, this.cdkHome, this.environments])
      fs.rmSync(file, { recursive: true, force: true });
  }

  forget(): void {
    fs.rmSync(this.record, { force: true });
  }
}
