import * as fs from 'fs';
import * as path from 'path';
import { ExpectedFailure } from '@groundplan/engines';

/** What a cloud assembly says about one of its stacks, before anything is deployed. */
export interface AssemblyStack {
  /** The name in CloudFormation. */
  readonly name: string;
  /** Absent when the stack is for any account. */
  readonly account?: string;
  /** Absent when the stack is for any region. */
  readonly region?: string;
  /** Which bootstrap it asks for; absent when it needs none. */
  readonly qualifier?: string;
}

interface Manifest {
  readonly artifacts?: Record<
    string,
    {
      readonly type: string;
      readonly environment?: string;
      readonly properties?: {
        readonly stackName?: string;
        readonly directoryName?: string;
        readonly bootstrapStackVersionSsmParameter?: string;
      };
    }
  >;
}

/** The stacks of a cloud assembly and of the assemblies nested in it (one per Stage). */
export function readAssembly(folder: string): AssemblyStack[] {
  const file = path.join(folder, 'manifest.json');
  let manifest: Manifest;
  try {
    manifest = JSON.parse(fs.readFileSync(file, 'utf8')) as Manifest;
  } catch (error) {
    throw new ExpectedFailure(
      `${file} is not the manifest of a cloud assembly (${(error as Error).message}); run cdk synth`,
    );
  }
  return Object.entries(manifest.artifacts ?? {}).flatMap(([id, { type, environment, properties = {} }]) => {
    if (type === 'cdk:cloud-assembly') return readAssembly(path.join(folder, properties.directoryName ?? id));
    if (type !== 'aws:cloudformation:stack') return [];
    const [, account, region] = /^aws:\/\/([^/]+)\/(.+)$/.exec(environment ?? '') ?? [];
    const bootstrap = /^\/cdk-bootstrap\/([^/]+)\/version$/.exec(properties.bootstrapStackVersionSsmParameter ?? '');
    return [
      {
        name: properties.stackName ?? id,
        account: account === 'unknown-account' ? undefined : account,
        region: region === 'unknown-region' ? undefined : region,
        qualifier: bootstrap?.[1],
      },
    ];
  });
}

/** Whether a folder holds a cloud assembly. */
export function isAssembly(folder: string): boolean {
  return fs.existsSync(path.join(folder, 'manifest.json'));
}
