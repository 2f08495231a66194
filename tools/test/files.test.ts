import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { drift } from '../proof/drift';
import { members } from '../proof/members';
import { ownFiles } from '../proof/workspace-copy';

const root = join(__dirname, '../..');
const files = ownFiles(root);
const read = (file: string) => readFileSync(join(root, file), 'utf8');

/** The files, with the line, in which something stands that must not. */
function holding(pattern: RegExp, where = files): string[] {
  return where.flatMap((file) =>
    read(file)
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1}: ${line.trim().slice(0, 120)}`] : [])),
  );
}

const literally = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

describe('generated files', () => {
  test('say what their generator says', async () => {
    expect(await drift(root)).toEqual([]);
  }, 60_000);

  test('are missed when they were edited, deleted or are left over', async () => {
    const found = await drift(root, (copy) => {
      chmodSync(join(copy, 'nx.json'), 0o644);
      writeFileSync(join(copy, 'nx.json'), '{}');
      rmSync(join(copy, 'jest.config.json'));
      const list = join(copy, 'packages/core/.projen/files.json');
      const json = JSON.parse(readFileSync(list, 'utf8')) as { files: string[] };
      chmodSync(list, 0o644);
      writeFileSync(list, JSON.stringify({ ...json, files: [...json.files, 'old.json'] }));
      writeFileSync(join(copy, 'packages/core/old.json'), '{}');
    });
    expect(found).toEqual([
      { file: 'jest.config.json', what: 'missing' },
      { file: 'nx.json', what: 'changed' },
      { file: 'packages/core/.projen/files.json', what: 'changed' },
      { file: 'packages/core/old.json', what: 'left over' },
    ]);
  }, 60_000);
});

/** Where people write; what tools leave there is not theirs. */
const SOURCES = members(root)
  .flatMap(({ folder }) => ['src', 'test', 'examples', 'python'].map((name) => `${folder}/${name}`))
  .concat('tools', 'projenrc', 'docs/guide', 'docs/decisions', 'docs/public', 'docs/.vitepress/theme', '.ci');
const LEFT_BY_TOOLS = /(^|\/)(node_modules|__pycache__|\.\w+_cache)\//;

test('git ignores nothing that a person wrote: it would be missing in every other checkout', () => {
  const ignored = execFileSync('git', ['ls-files', '-oi', '--exclude-standard', '-z', '--', ...SOURCES], {
    cwd: root,
    encoding: 'utf8',
  }).split('\0');
  expect(ignored.filter((file) => file && !LEFT_BY_TOOLS.test(file))).toEqual([]);
});

describe('the lock file', () => {
  test('holds no address: packages come from wherever the machine gets them', () => {
    expect(holding(/https?:|\btarball:|registry\./, ['pnpm-lock.yaml'])).toEqual([]);
  });

  test('holds the hash of every package', () => {
    const [, packages] = read('pnpm-lock.yaml').split(/^packages:$/m);
    const entries = packages
      .split(/^snapshots:$/m)[0]
      .split(/^ {2}(?=\S.*:$)/m)
      .slice(1);
    expect(entries.length).toBeGreaterThan(100);
    expect(entries.filter((entry) => !/resolution: \{integrity: sha512-/.test(entry))).toEqual([]);
  });
});

describe('no file', () => {
  const arn = new RegExp(['arn', 'aws:'].join(':'));

  test('names the partition in an ARN', () => {
    expect(
      holding(
        arn,
        // the local AWS is of one partition, and its Python speaks for it
        files.filter((file) => /^(packages(?!\/local\/python)|apps|tools|projenrc)\//.test(file)),
      ),
    ).toEqual([]);
  });

  test('names the machine that it was written on', () => {
    // a checkout right below the root of the file system has a name that may stand anywhere, such as /src/
    const checkout = root.split('/').length > 2 ? [root] : [];
    const places = [...checkout, homedir()].map((path) => `(^|[\\s"'\`=:(])${literally(path)}/`);
    expect(holding(new RegExp(places.join('|')))).toEqual([]);
  });

  test('names where this machine gets its packages', () => {
    const hosts = packageHosts();
    expect(hosts.flatMap((host) => holding(new RegExp(literally(host))))).toEqual([]);
  });

  test('is passed over: what is looked for would be found', () => {
    const [line] = holding(
      /a line that stands here for this test alone/,
      files.filter((file) => file.startsWith('tools/')),
    );
    expect(line).toContain('tools/test/files.test.ts:');
  });
});

const PUBLIC = ['registry.npmjs.org', 'pypi.org', 'files.pythonhosted.org'];

/** The hosts that npm and pip are set to use here, other than the public ones. */
function packageHosts(): string[] {
  const settings = Object.entries(process.env)
    .filter(([name]) => /registry|index_url|proxy/i.test(name))
    .map(([, value]) => value ?? '');
  const registry = execFileSync('npm', ['config', 'get', 'registry'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const hosts = [registry, ...settings].flatMap((text) => /https?:\/\/(?:[^@/\s]*@)?([^:/\s]+)/.exec(text)?.[1] ?? []);
  // A name without a dot, such as `proxy`, is a word that may stand anywhere.
  return [...new Set(hosts)].filter((host) => host.includes('.') && !PUBLIC.includes(host) && !/^127\./.test(host));
}
