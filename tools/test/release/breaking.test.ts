import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { refuseHiddenBreaking } from '../../release/breaking';
import { brokenPromises, contractChanges } from '../../release/contract-changes';
import { Released } from '../../release/packages';
import { commitAll, committedCopy, git, rehearsedRelease, releaseDry } from '../../proof/rehearsed-release';

const MINUTES = 60_000;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'breaking-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the contract of a package', () => {
  const vpc = { type: 'AWS::EC2::VPC', deletionPolicy: 'Retain', createOnly: { CidrBlock: '10.0.0.0/16' } };
  const before = { defaults: { production: { zones: 3 } }, production: { Vpc1: vpc } };

  test.each([
    ['a resource is gone', { production: {} }, 'production: Vpc1 (AWS::EC2::VPC) is gone'],
    ['a tier is gone', { production: undefined }, 'production: Vpc1 (AWS::EC2::VPC) is gone'],
    ['its type is another', { production: { Vpc1: { ...vpc, type: 'T' } } }, 'type was "AWS::EC2::VPC" and is "T"'],
    [
      'it would be deleted',
      { production: { Vpc1: { ...vpc, deletionPolicy: undefined } } },
      'deletionPolicy was "Retain" and is not set',
    ],
    [
      'it would be replaced',
      { production: { Vpc1: { ...vpc, createOnly: { CidrBlock: '10.1.0.0/16' } } } },
      'Vpc1, CidrBlock was "10.0.0.0/16" and is "10.1.0.0/16"',
    ],
    [
      'a value that replaces it is new',
      { production: { Vpc1: { ...vpc, createOnly: { ...vpc.createOnly, Tenancy: 'x' } } } },
      'Tenancy was not set and is "x"',
    ],
    ['a default is another', { defaults: { production: { zones: 2 } } }, 'production, zones was 3 and is 2'],
  ])('is broken when %s', (_, change, message) => {
    const [broken, ...more] = brokenPromises(before, { ...before, ...change } as typeof before);
    expect(broken).toContain(message);
    expect(more).toEqual([]);
  });

  test('may promise more than before', () => {
    const after = {
      defaults: { production: { zones: 3, nat: 'perAz' }, sandbox: { zones: 1 } },
      production: { Vpc1: vpc, Table1: { type: 'AWS::EC2::RouteTable' } },
    };
    expect(brokenPromises(before, after)).toEqual([]);
  });

  test('is held against the one of the last release', () => {
    const file = join(folder, 'packages/vpc/test/contract.json');
    mkdirSync(join(folder, 'packages/vpc/test'), { recursive: true });
    git(folder, 'init', '--quiet');
    writeFileSync(file, JSON.stringify(before));
    commitAll(folder, 'feat: begin');
    git(folder, 'tag', 'v0.1.0');
    const released = [{ name: 'vpc', folder: 'packages/vpc' }] as Released[];
    expect(contractChanges(folder, folder, '0.1.0', released)).toEqual([]);
    writeFileSync(file, JSON.stringify({ production: {} }));
    expect(contractChanges(folder, folder, '0.1.0', released)).toEqual([
      'vpc: the default of production, zones was 3 and is not set',
      'vpc: production: Vpc1 (AWS::EC2::VPC) is gone',
    ]);
  });
});

describe('a version', () => {
  test('may break what it says that it breaks, and nothing else', () => {
    expect(() => refuseHiddenBreaking('1.2.3', '2.0.0', ['vpc: gone'])).not.toThrow();
    expect(() => refuseHiddenBreaking('1.2.3', '1.2.4', [])).not.toThrow();
    expect(() => refuseHiddenBreaking('1.2.3', '1.3.0', ['vpc: gone'])).toThrow(
      /1\.3\.0 would break who uses 1\.2\.3[\s\S]* vpc: gone[\s\S]*release 2\.0\.0/,
    );
  });
});

test(
  'a patch version that takes something away is refused with what it is',
  async () => {
    const release = await rehearsedRelease();
    const copy = committedCopy();
    try {
      // the last release had one property more than what is committed now
      const last = release.tarballs.get('@groundplan/core')!;
      execFileSync('tar', ['-xzf', last, '-C', folder]);
      const assembly = join(folder, 'package/.jsii.gz');
      const json = JSON.parse(gunzipSync(readFileSync(assembly)).toString());
      const { properties } = json.types['@groundplan/core.Environment'];
      properties.push({ ...properties[0], name: 'owner' });
      writeFileSync(assembly, gzipSync(JSON.stringify(json)));
      execFileSync('tar', ['-czf', basename(last), 'package'], { cwd: folder });

      git(copy.folder, 'tag', 'v0.1.0');
      appendFileSync(join(copy.folder, 'packages/core/README.md'), '\n');
      commitAll(copy.folder, 'fix(core): a property that nobody needs');
      const { code, output } = await releaseDry(copy.folder, ['--only', 'core', '--previous', folder]);
      expect(output).toContain('0.1.1 would break who uses 0.1.0');
      expect(output).toMatch(/core: .*@groundplan\/core\.Environment\.owner: has been removed/);
      expect(output).toContain('release 0.2.0');
      expect(code).toBe(3);
    } finally {
      copy.remove();
    }
  },
  12 * MINUTES,
);
