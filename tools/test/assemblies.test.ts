import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { collectAssemblies } from '../reference/assemblies';

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'assemblies-'))));
afterEach(() => rmSync(root, { recursive: true }));

/** A package with its assembly, compressed as jsii leaves it. */
function made(place: string, name: string, types: object, dependencies: string[] = []): string {
  const folder = join(root, place);
  mkdirSync(folder, { recursive: true });
  const peerDependencies = Object.fromEntries(dependencies.map((one) => [one, '*']));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, peerDependencies }));
  writeFileSync(join(folder, '.jsii'), JSON.stringify({ schema: 'jsii/file-redirect', filename: '.jsii.gz' }));
  writeFileSync(join(folder, '.jsii.gz'), gzipSync(JSON.stringify({ name, submodules: { 'cdk.s3': {} }, types })));
  return folder;
}

const typeThatMentions = (...names: string[]) => ({ members: names.map((fqn) => ({ type: { fqn } })) });

test('of what nobody asked for, only the types stand there that something leads to', () => {
  const packages = [
    made('packages/base', 'base', { 'base.Tag': {}, 'base.Unused': {} }),
    made('packages/site', 'site', { 'site.Site': typeThatMentions('cdk.Bucket', 'base.Tag') }, ['base', 'cdk']),
  ];
  made('packages/site/node_modules/base', 'base', {}); // as pnpm lays it out: what is asked for is taken instead
  made('packages/site/node_modules/cdk', 'cdk', {
    'cdk.Bucket': typeThatMentions('cdk.CfnBucket.RuleProperty'),
    'cdk.CfnBucket.RuleProperty': typeThatMentions('cdk.Bucket'),
    'cdk.CfnBucket': {},
    'cdk.Queue': typeThatMentions('cdk.Bucket'),
  });
  const { names, folder } = collectAssemblies(packages, root);
  const read = (name: string, file: string) => JSON.parse(readFileSync(join(folder, name, file), 'utf8'));

  expect(names).toEqual(['base', 'site']);
  expect(read('base', '.jsii').schema).toBe('jsii/file-redirect');
  const { types, submodules } = read('cdk', '.jsii');
  // the last one because the other is declared within it
  expect(Object.keys(types).sort()).toEqual(['cdk.Bucket', 'cdk.CfnBucket', 'cdk.CfnBucket.RuleProperty']);
  expect(submodules).toEqual({ 'cdk.s3': {} });
});
