import { resolve } from 'node:path';
import { TemplateGraph } from '@groundplan/graph';
import type { App } from 'aws-cdk-lib';

/** A template of the assembly, nested ones included. */
export interface CheckedTemplate {
  readonly file: string;
  /** The construct path of its stack. */
  readonly stackPath: string;
  readonly account?: string;
  readonly region?: string;
}

/** What is checked: an assembly, and the app that it was synthesized from, because cdk-nag reads constructs. */
export class Subject {
  public readonly graph: TemplateGraph;
  public readonly templates: readonly CheckedTemplate[];
  /** Construct path by template and logical id. */
  private readonly paths: ReadonlyMap<string, string>;

  /** @param directory the assembly, usually cdk.out */
  constructor(
    public readonly app: App,
    directory: string,
  ) {
    this.graph = TemplateGraph.fromAssembly(directory);
    this.templates = this.graph.stacks().map(({ path, templateFile, account, region }) => ({
      file: resolve(directory, templateFile),
      stackPath: path,
      account,
      region,
    }));
    if (this.templates.length === 0)
      throw new Error(
        `"${directory}" holds no stack, there is nothing to check: look at what the app's src/main.ts makes`,
      );
    this.paths = new Map(
      this.graph
        .resources()
        .map(({ templateFile, logicalId, path }) => [keyOf(resolve(directory, templateFile), logicalId), path]),
    );
  }

  /** The construct path of something in a template; what is no resource (a parameter, an output) lies below its stack. */
  public pathOf(file: string, logicalId?: string): string {
    const found = logicalId && this.paths.get(keyOf(resolve(file), logicalId));
    if (found) return found;
    const stackPath = this.templates.find((template) => template.file === resolve(file))?.stackPath ?? '';
    return logicalId ? `${stackPath}/${logicalId}` : stackPath;
  }
}

function keyOf(file: string, logicalId: string): string {
  return `${file} ${logicalId}`;
}
