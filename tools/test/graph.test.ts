import { join } from 'node:path';
import { Member, members } from '../proof/members';
import { copyWorkspace } from '../proof/workspace-copy';
import { Graph, affectedBy, cycleIn, dependentsOf, projectGraph } from './nx';

const root = join(__dirname, '../..');
const all = members(root);
/** What the manifests declare: Nx is held against it. */
const declared: Graph = Object.fromEntries(
  all.map(({ name, siblings }) => [name, siblings.map((sibling) => byPackage(sibling).name)]),
);

function byPackage(packageName: string): Member {
  return all.find((member) => member.packageName === packageName)!;
}

let copy: ReturnType<typeof copyWorkspace>;
let graph: Graph;

beforeAll(() => {
  copy = copyWorkspace(root);
  graph = projectGraph(copy.folder);
}, 60_000);
afterAll(() => copy.remove());

test('Nx knows every edge that a manifest declares, and no other', () => {
  const sorted = (edges: Graph) => Object.entries(edges).map(([name, targets]) => [name, [...targets].sort()]);
  expect(Object.fromEntries(sorted(graph))).toEqual(Object.fromEntries(sorted(declared)));
});

test('there is no cycle, development dependencies included', () => {
  expect(cycleIn(graph)).toBeUndefined();
});

test('a cycle would be found', () => {
  expect(cycleIn({ a: ['b'], b: ['c'], c: ['a'], d: ['a'] })).toEqual(['a', 'b', 'c', 'a']);
  expect(cycleIn({ ...graph, core: ['testing'], testing: ['vpc'] })).toBeDefined();
});

test('core and graph stand on nothing of ours; the rules and the test kit stand on graph alone', () => {
  expect(graph).toMatchObject({ core: [], graph: [], rules: ['graph'], testing: ['graph'] });
});

test.each([
  ['fargate-service', ['dev', 'docs', 'fargate-service', 'production', 'staging']],
  ['core', dependentsOf(declared, 'core')],
])('a change in %s affects it and exactly what depends on it', (name, expected) => {
  const affected = affectedBy(copy.folder, `packages/${name}/src/index.ts`);
  expect(affected).toEqual(expected);
  expect(affected.includes('core')).toBe(name === 'core');
});
