import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expandLoops } from './for-each';
import { readJson } from './read-json';
import type { Template, TemplateResource } from './template';

/** Construct path -> entries. */
export type Metadata = Readonly<Record<string, readonly { readonly type: string; readonly data?: unknown }[]>>;

/** A template to read, with what the manifest says of it. */
interface TemplateToRead extends Omit<Template, 'json' | 'resources'> {
  readonly root: string;
  readonly metadata: Metadata;
  /** Object key -> file. */
  readonly assets: ReadonlyMap<string, string>;
  /** Where it goes, with its nested stacks. */
  readonly templates: Template[];
}

/** Reads a template and those of its nested stacks. */
export function readTemplate(toRead: TemplateToRead): void {
  const { root, metadata, assets, templates, ...place } = toRead;
  const file = join(root, place.file);
  if (!existsSync(file))
    throw new Error(`"${place.file}" of stack "${place.stackPath}" is missing in "${root}". Synthesize the app again.`);
  const json = readJson(file);
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new Error(
      `"${place.file}" of stack "${place.stackPath}" is no template: it is not a JSON object. Synthesize the app again.`,
    );
  const template = templateOf({ ...place, json: expandLoops(json) }, pathsIn(metadata), templates);
  templates.push(template);
  for (const resource of template.resources.values()) {
    const nested = nestedFile(resource, assets);
    if (nested) readNested(toRead, resource, join(place.assembly, nested));
  }
}

function readNested(parent: TemplateToRead, resource: TemplateResource, file: string): void {
  // A nested stack that CDK did not synthesize is somebody else's template: its insides stay unknown.
  if (!existsSync(join(parent.root, file))) return;
  const stackPath = resource.path.replace(/\.NestedStack\/[^/]*$/, '');
  readTemplate({
    ...parent,
    file,
    stackPath,
    stackName: `${parent.stackName}/${resource.logicalId}`,
    // the parent's metadata speaks of the nested constructs as well
    metadata: Object.fromEntries(Object.entries(parent.metadata).filter(([path]) => path.startsWith(`/${stackPath}/`))),
    nestedBy: resource,
  });
}

/** The template of a nested stack: CDK says its file in the metadata, or, with that turned off, by the key of its asset. */
function nestedFile({ type, json }: TemplateResource, assets: ReadonlyMap<string, string>): string | undefined {
  if (type !== 'AWS::CloudFormation::Stack') return undefined;
  const said = json.Metadata?.['aws:asset:path'];
  if (typeof said === 'string') return said;
  const url = JSON.stringify(json.Properties?.TemplateURL ?? '');
  return [...assets].find(([key]) => url.includes(`/${key}.json`))?.[1];
}

/** A template with its resources, each with the path that identifies it. */
function templateOf(
  place: Omit<Template, 'resources'>,
  paths: ReadonlyMap<string, string>,
  earlier: readonly Template[],
): Template {
  const resources = new Map<string, TemplateResource>();
  const template: Template = { ...place, resources };
  const taken = new Set(earlier.flatMap((other) => [...other.resources.values()].map(({ path }) => path)));
  for (const [logicalId, json] of Object.entries(place.json.Resources ?? {})) {
    // a loop over what is known only when it is deployed
    if (typeof json?.Type !== 'string') continue;
    const path = free(
      json.Metadata?.['aws:cdk:path'] ?? paths.get(logicalId),
      `${place.stackPath}/${logicalId}`,
      taken,
    );
    taken.add(path);
    resources.set(logicalId, { template, logicalId, type: json.Type, path, json });
  }
  return template;
}

/** A path identifies one resource: a template that was copied from another app brings paths that are taken. */
function free(said: unknown, otherwise: string, taken: ReadonlySet<string>): string {
  if (typeof said === 'string' && !taken.has(said) && said.split('/').every(Boolean)) return said;
  for (let number = 1; ; number++) {
    const path = number === 1 ? otherwise : `${otherwise}#${number}`;
    if (!taken.has(path)) return path;
  }
}

/** Logical id -> construct path. The metadata says it also for apps that keep paths out of their templates. */
function pathsIn(metadata: Metadata): Map<string, string> {
  const paths = new Map<string, string>();
  // two nested stacks of one kind have the same logical ids: theirs are not the parent's
  const nested = Object.keys(metadata).flatMap((path) => /^(.*)\.NestedStack\/[^/]*$/.exec(path)?.[1] ?? []);
  for (const [path, entries] of Object.entries(metadata)) {
    if (nested.some((stack) => path.startsWith(`${stack}/`))) continue;
    for (const { type, data } of entries)
      if (type === 'aws:cdk:logicalId') paths.set(String(data), path.replace(/^\//, ''));
  }
  return paths;
}
