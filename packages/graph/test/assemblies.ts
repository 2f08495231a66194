import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TemplateGraph } from '../src';

const scratch = mkdtempSync(join(tmpdir(), 'groundplan-graph-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
let folders = 0;

/** A resource of a template that a test writes itself. */
interface ResourceJson {
  readonly Type: string;
  readonly Condition?: string;
  readonly Properties?: object;
}

export interface TemplateJson {
  readonly Parameters?: object;
  readonly Mappings?: object;
  readonly Conditions?: object;
  readonly Resources: Readonly<Record<string, ResourceJson | object>>;
  readonly Outputs?: object;
}

/** A new folder with files in it, by name. */
export function folderOf(files: Readonly<Record<string, string | object>>): string {
  const folder = join(scratch, `${folders++}`);
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  return folder;
}

/** The folder of a cloud assembly with one stack for each template. */
export function assemblyOf(
  stacks: Readonly<Record<string, TemplateJson>>,
  environment = 'aws://unknown-account/unknown-region',
): string {
  const artifacts = Object.keys(stacks).map((name) => [
    name,
    { type: 'aws:cloudformation:stack', environment, properties: { templateFile: `${name}.template.json` } },
  ]);
  const templates = Object.entries(stacks).map(([name, template]) => [`${name}.template.json`, template]);
  return folderOf({
    'manifest.json': { version: '55.0.0', artifacts: Object.fromEntries(artifacts) },
    ...Object.fromEntries(templates),
  });
}

/** The graph of one template; its resources stand at `Stack/<logical id>`. */
export function graphOf(template: TemplateJson): TemplateGraph {
  return TemplateGraph.fromAssembly(assemblyOf({ Stack: template }));
}

export const ref = (Ref: string) => ({ Ref });
export const att = (logicalId: string, attribute: string) => ({ 'Fn::GetAtt': [logicalId, attribute] });
