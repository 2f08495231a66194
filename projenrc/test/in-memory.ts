import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Testing } from 'projen';
import { Monorepo } from '..';

/** The files that a workspace is generated to, by path: JSON files as objects, all others as text. Nothing is installed. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a generated file may have any shape
export type Files = Record<string, any>;

/** Generates a workspace whose members `build` adds. */
export function filesOf(build: (repo: Monorepo) => void = () => undefined): Files {
  // The folder is named, always: projen deletes it afterwards, and left to itself it may take the current one.
  const repo = new Monorepo(mkdtempSync(join(tmpdir(), 'workspace-')));
  build(repo);
  return Testing.synth(repo, { parseJson: true });
}
