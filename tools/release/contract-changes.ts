import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { tagOf } from './history';
import { Released } from './packages';

type Json = Readonly<Record<string, unknown>>;
/** `test/contract.json`: the defaults by tier, and per tier the resources by logical id. */
type Contract = Readonly<Record<string, Json>>;

const DEFAULTS = 'defaults';
const FILE = join('test', 'contract.json');

/** What the contracts promised at the last release and do not keep: deployed resources would be replaced or deleted. */
export function contractChanges(root: string, tree: string, last: string, packages: Released[]): string[] {
  return packages.flatMap(({ name, folder }) => {
    const before = committedContract(root, last, join(folder, FILE));
    if (!before) return [];
    const file = join(tree, folder, FILE);
    if (!existsSync(file)) return [`${name}: ${FILE} is gone, and with it every promise about logical ids`];
    return brokenPromises(before, JSON.parse(readFileSync(file, 'utf8')) as Contract).map((what) => `${name}: ${what}`);
  });
}

/** What stands in one contract and does not hold in another. More than was promised breaks nobody. */
export function brokenPromises(before: Contract, after: Contract): string[] {
  const { [DEFAULTS]: defaults = {}, ...tiers } = before;
  return [
    ...Object.entries(defaults as Contract).flatMap(([tier, values]) =>
      changedValues(values, (after[DEFAULTS]?.[tier] ?? {}) as Json).map(
        (change) => `the default of ${tier}, ${change}`,
      ),
    ),
    ...Object.entries(tiers).flatMap(([tier, resources]) =>
      Object.entries(resources as Contract).flatMap(([id, resource]) => {
        const now = after[tier]?.[id] as Json | undefined;
        if (!now) return [`${tier}: ${id} (${String(resource.type)}) is gone`];
        return changedValues(resource, now, true).map((change) => `${tier}: ${id}, ${change}`);
      }),
    ),
  ];
}

/** @param strict whether a value that was not there before is a change as well: a new create-only value replaces */
function changedValues(before: Json, after: Json, strict = false): string[] {
  const keys = [...new Set([...Object.keys(before), ...(strict ? Object.keys(after) : [])])];
  return keys
    .filter((key) => !isDeepStrictEqual(before[key], after[key]))
    .flatMap((key) => {
      if (key === 'createOnly') return changedValues((before[key] ?? {}) as Json, (after[key] ?? {}) as Json, true);
      return [`${key} was ${shown(before[key])} and is ${shown(after[key])}`];
    });
}

const shown = (value: unknown) => (value === undefined ? 'not set' : JSON.stringify(value));

function committedContract(root: string, last: string, file: string): Contract | undefined {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'pipe'] });
  // the tag is there, or the last release would not be known: an empty answer means that the file was not
  if (!git('ls-tree', '--name-only', tagOf(last), '--', file).trim()) return undefined;
  return JSON.parse(git('show', `${tagOf(last)}:${file}`)) as Contract;
}
