import { TemplateGraph } from '@groundplan/graph';
import { ExpectedFailure } from '@groundplan/local';

/** Reads the folder that a person named; a folder that is none is their business, and no stack trace of ours. */
export function readAssemblyFolder(folder: string): TemplateGraph {
  try {
    return TemplateGraph.fromAssembly(folder);
  } catch (error) {
    throw new ExpectedFailure((error as Error).message);
  }
}
