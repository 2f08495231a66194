import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readJson } from './read-json';
import { Metadata, readTemplate } from './read-template';
import { Assembly, MetadataEntry, Template } from './template';

/** The parts of an assembly's manifest that the graph reads; AWS publishes its schema as `@aws-cdk/cloud-assembly-schema`. */
interface Manifest {
  readonly artifacts?: Readonly<Record<string, Artifact>>;
}

interface Artifact {
  readonly type: string;
  readonly environment?: string;
  readonly displayName?: string;
  readonly metadata?: Metadata;
  readonly additionalMetadataFile?: string;
  readonly properties?: {
    readonly templateFile?: string;
    readonly stackName?: string;
    readonly directoryName?: string;
    readonly file?: string;
    readonly tags?: Readonly<Record<string, string>>;
  };
}

/** Reads a cloud assembly with the assemblies of its stages and the templates of its nested stacks. */
export function readAssembly(directory: string): Assembly {
  const folder = resolve(directory);
  const templates: Template[] = [];
  const metadata: MetadataEntry[] = [];
  readFolder(folder, '', templates, metadata);
  return { directory: folder, templates, metadata };
}

function readFolder(root: string, below: string, templates: Template[], notes: MetadataEntry[]): void {
  const manifest = readManifest(root, below);
  const assets = readAssets(root, below, manifest);
  for (const [id, artifact] of Object.entries(manifest.artifacts ?? {})) {
    if (artifact.type === 'cdk:cloud-assembly')
      readFolder(root, join(below, artifact.properties?.directoryName ?? id), templates, notes);
    if (artifact.type !== 'aws:cloudformation:stack') continue;
    const metadata = readMetadata(root, below, artifact);
    readStack({ root, assembly: below, assets, templates }, id, artifact, metadata);
    notes.push(...entriesOf(metadata));
  }
}

function readManifest(root: string, below: string): Manifest {
  const file = join(root, below, 'manifest.json');
  if (!existsSync(file))
    throw new Error(
      `"${join(root, below)}" is no cloud assembly: it has no manifest.json. Give the folder that "cdk synth" wrote, usually cdk.out.`,
    );
  const manifest = readJson(file) as Manifest;
  const artifacts: unknown = (manifest as Manifest | null)?.artifacts;
  if (typeof artifacts !== 'object' || artifacts === null || Array.isArray(artifacts))
    throw new Error(
      `"${file}" is no manifest of a cloud assembly: it names no artifacts. Give the folder that "cdk synth" wrote, usually cdk.out.`,
    );
  return manifest;
}

function readMetadata(root: string, below: string, artifact: Artifact): Metadata {
  const beside = artifact.additionalMetadataFile;
  return { ...(beside && (readJson(join(root, below, beside)) as Metadata)), ...artifact.metadata };
}

/** Object key -> file, of the assets that go to buckets: it names the templates of nested stacks. */
function readAssets(root: string, below: string, { artifacts = {} }: Manifest): Map<string, string> {
  const files = new Map<string, string>();
  for (const { type, properties } of Object.values(artifacts)) {
    const file = type === 'cdk:asset-manifest' && properties?.file && join(root, below, properties.file);
    if (!file || !existsSync(file)) continue;
    const said = (readJson(file) as { files?: Record<string, { source?: { path?: string } }> }).files ?? {};
    for (const [key, { source }] of Object.entries(said)) if (source?.path) files.set(key, source.path);
  }
  return files;
}

function readStack(
  place: { root: string; assembly: string; assets: ReadonlyMap<string, string>; templates: Template[] },
  id: string,
  { environment = '', displayName, properties }: Artifact,
  metadata: Metadata,
): void {
  const [, account, region] = /^aws:\/\/([^/]+)\/(.+)$/.exec(environment) ?? [];
  readTemplate({
    ...place,
    metadata,
    file: join(place.assembly, properties?.templateFile ?? `${id}.template.json`),
    stackName: properties?.stackName ?? id,
    // `Stage/Stack`, or `Stage/Stack (stack-name)` where the name was chosen
    stackPath: displayName?.replace(/ \([^)]*\)$/, '') ?? id,
    account: account === 'unknown-account' ? undefined : account,
    region: region === 'unknown-region' ? undefined : region,
    tags: properties?.tags ?? {},
  });
}

function entriesOf(metadata: Metadata): MetadataEntry[] {
  return Object.entries(metadata).flatMap(([path, entries]) =>
    entries.map(({ type, data }) => ({ path: path.replace(/^\//, ''), type, data })),
  );
}
