import { existsSync } from 'node:fs';
import { relative, sep } from 'node:path';
import type { TemplateGraph } from '@groundplan/graph';

/** A line of the app. */
export interface SourcePlace {
  /** Relative to the working directory. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** The lines that made constructs: CDK keeps where each was created. */
export class SourcePlaces {
  private readonly frames = new Map<string, string[]>();

  constructor(graph: TemplateGraph) {
    for (const { path, data } of graph.metadata('aws:cdk:creationStack')) this.frames.set(path, data as string[]);
  }

  /** The innermost line of the app's own code that made a construct, or the nearest one above it. */
  public of(path: string): SourcePlace | undefined {
    for (let at = path; at !== ''; at = at.slice(0, Math.max(at.lastIndexOf('/'), 0))) {
      const place = (this.frames.get(at) ?? []).map(placeOf).find((found) => found !== undefined);
      if (place) return place;
    }
    return undefined;
  }
}

/** `name (file:line:column)` or `file:line:column`, of a file that is the app's own. */
function placeOf(frame: string): SourcePlace | undefined {
  const [, file, line, column] = /\(?((?:[A-Za-z]:)?[^():]+):(\d+):(\d+)\)?$/.exec(frame) ?? [];
  if (!file || file.includes(`node_modules${sep}`) || file.startsWith('node:')) return undefined;
  const path = relative(process.cwd(), file.trim());
  if (path.startsWith('..') || !existsSync(path)) return undefined;
  return { file: path.split(sep).join('/'), line: Number(line), column: Number(column) };
}
