import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** From each project to those that it depends on, for development too. */
export type Graph = Readonly<Record<string, string[]>>;

/** The tasks of a run by what became of them: `vpc:compile`. */
export interface NxRun {
  readonly ran: string[];
  readonly cached: string[];
}

/** Nx as it would run from a terminal: it behaves differently when it believes that it is part of a test. */
function environment(): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env, FORCE_COLOR: '0' };
  delete env.NODE_ENV;
  delete env.JEST_WORKER_ID;
  return env;
}

function nx(folder: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(join(folder, 'node_modules', '.bin', 'nx'), args, {
    cwd: folder,
    env: environment(),
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`nx ${args.join(' ')} ended with ${status}:\n${stdout}\n${stderr}`);
  return stdout;
}

/** Runs targets of all projects. */
export function runMany(folder: string, ...targets: string[]): NxRun {
  const output = nx(folder, 'run-many', '-t', ...targets, '--outputStyle=static');
  const tasks = [...output.matchAll(/^> nx run (\S+)(?: +\[(.*)\])?$/gm)].map(([, name, note]) => ({ name, note }));
  const by = (cached: boolean) => tasks.filter(({ note }) => (note !== undefined) === cached).map(({ name }) => name);
  return { ran: by(false).sort(), cached: by(true).sort() };
}

/** The projects that a changed file affects. */
export function affectedBy(folder: string, file: string): string[] {
  const names = JSON.parse(nx(folder, 'show', 'projects', '--affected', `--files=${file}`, '--json')) as string[];
  return names.sort();
}

/** The graph of projects as Nx sees it. */
export function projectGraph(folder: string): Graph {
  const out = mkdtempSync(join(tmpdir(), 'graph-'));
  try {
    nx(folder, 'graph', `--file=${join(out, 'graph.json')}`);
    const { graph } = JSON.parse(readFileSync(join(out, 'graph.json'), 'utf8')) as {
      graph: { dependencies: Record<string, { target: string }[]> };
    };
    // A module that is also imported at run time, when it is needed, is an edge of its own kind to the same project.
    return Object.fromEntries(
      Object.entries(graph.dependencies).map(([name, edges]) => [
        name,
        [...new Set(edges.map(({ target }) => target))],
      ]),
    );
  } finally {
    rmSync(out, { recursive: true });
  }
}

/** A cycle of a graph, as the names along it; undefined when there is none. */
export function cycleIn(graph: Graph): string[] | undefined {
  const done = new Set<string>();
  const visit = (name: string, path: string[]): string[] | undefined => {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name];
    if (done.has(name)) return undefined;
    for (const next of graph[name] ?? []) {
      const cycle = visit(next, [...path, name]);
      if (cycle) return cycle;
    }
    done.add(name);
    return undefined;
  };
  for (const name of Object.keys(graph)) {
    const cycle = visit(name, []);
    if (cycle) return cycle;
  }
  return undefined;
}

/** A project and everything that depends on it, however far away. */
export function dependentsOf(graph: Graph, name: string): string[] {
  const found = new Set([name]);
  for (let before = 0; before !== found.size;) {
    before = found.size;
    for (const [project, targets] of Object.entries(graph))
      if (targets.some((target) => found.has(target))) found.add(project);
  }
  return [...found].sort();
}
