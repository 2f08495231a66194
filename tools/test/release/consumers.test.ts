import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, readdirSync, realpathSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { V } from '../../../projenrc/versions';
import { CDK_AT_THE_FLOOR, Project, TSX, installWheels } from './projects';
import { pythonAtTheFloor } from '../../proof/python-suite';
import { ROOT, Rehearsed, rehearsedRelease } from '../../proof/rehearsed-release';

const MINUTES = 60_000;
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

let release: Rehearsed;
beforeAll(async () => {
  release = await rehearsedRelease();
}, 10 * MINUTES);

/** The first code block of a language in a README. */
function codeIn(file: string, language: string): string {
  const code = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'ms').exec(read(file))?.[1];
  if (!code) throw new Error(`${file} shows no ${language}`);
  return code;
}

/** A network in both languages, and the stack that it stands in. */
const TWINS = [
  {
    what: 'the smallest example',
    ts: read('packages/vpc/examples/minimal.ts'),
    py: read('packages/vpc/examples/minimal.py'),
  },
  { what: 'the README', ts: codeIn('README.md', 'ts'), py: codeIn('README.md', 'python') },
];

describe('somebody who installs the release', () => {
  let project: Project;
  let python: string;

  beforeAll(async () => {
    project = new Project();
    const [core, vpc] = ['@groundplan/core', '@groundplan/vpc'].map((name) => release.tarballs.get(name)!);
    await project.install(core, vpc, TSX, ...CDK_AT_THE_FLOOR);
    python = await pythonAtTheFloor(ROOT);
    await installWheels(python, release, 'groundplan-vpc', 'groundplan-rules', 'groundplan-aurora');
  }, 5 * MINUTES);
  afterAll(() => project?.remove());

  test.each(TWINS)(
    'gets the same template in TypeScript and in Python from $what',
    async ({ ts, py }) => {
      project.write('app.ts', ts);
      project.write('app.py', py);
      const [inTypeScript, inPython] = await Promise.all([
        project.synthesize('tsx', ['app.ts'], 'Network'),
        project.synthesize(python, ['app.py'], 'Network'),
      ]);
      expect(JSON.stringify(inTypeScript)).toContain('AWS::EC2::VPC');
      expect(inPython).toEqual(inTypeScript);
    },
    MINUTES,
  );

  test.each(['graph', 'rules', 'postgres', 'aurora'])(
    'runs the example of %s in Python',
    async (name) => {
      project.write('example.py', read(`packages/${name}/examples/minimal.py`));
      await project.run(python, ['example.py'], { CDK_VALIDATION: 'false' });
    },
    MINUTES,
  );

  test(
    'is told in Python, too, what the rules hold against an app',
    async () => {
      const example = read('packages/rules/examples/minimal.py');
      const unencrypted = example.replace(/, master_key=.*$/m, ')');
      expect(unencrypted).not.toBe(example);
      project.write('open.py', unencrypted);
      const synth = project.run(python, ['open.py'], { CDK_VALIDATION: 'false' });
      await expect(synth).rejects.toThrow(/Orders\/Placed\/Resource .* keeps its data unencrypted/);
    },
    MINUTES,
  );

  test('has aws-cdk-lib at the floor, with nothing broken', () => {
    const inNode = JSON.parse(readFileSync(join(project.folder, 'node_modules/aws-cdk-lib/package.json'), 'utf8'));
    expect(inNode.version).toBe(V.awsCdkLibFloor);
    const pip = (...args: string[]) => execFileSync(python, ['-m', 'pip', ...args], { encoding: 'utf8' });
    expect(pip('freeze')).toContain(`aws-cdk-lib==${V.awsCdkLibFloor}\n`);
    expect(pip('check')).toContain('No broken requirements found');
  });

  test('may import by name from an ES module as well', async () => {
    const code =
      "import { Environment } from '@groundplan/core'; import { Network } from '@groundplan/vpc'; console.log(Environment.name, Network.name);";
    expect(await project.run('node', ['--input-type=module', '--eval', code])).toContain('Environment Network');
  });

  test('gets nothing else with the packages than what they name as peers', () => {
    const installed = readdirSync(join(project.folder, 'node_modules/@groundplan'));
    expect(installed.sort()).toEqual(['core', 'vpc']);
    for (const name of installed)
      expect(() => readdirSync(join(project.folder, 'node_modules/@groundplan', name, 'node_modules'))).toThrow();
  });
});

describe('the dev app', () => {
  let project: Project;

  /** Its source in a folder of its own, with the CDK of the workspace and our packages from their tarballs. */
  beforeAll(() => {
    project = new Project();
    const modules = join(project.folder, 'node_modules');
    for (const name of ['core', 'vpc', 'task', 'fargate-service', 'postgres', 'aurora', 'graph', 'rules'].map(
      (short) => `@groundplan/${short}`,
    )) {
      mkdirSync(join(modules, name), { recursive: true });
      execFileSync('tar', ['-xzf', release.tarballs.get(name)!, '--strip-components=1', '-C', join(modules, name)]);
    }
    for (const name of ['aws-cdk-lib', 'constructs'])
      symlinkSync(realpathSync(join(ROOT, 'node_modules', name)), join(modules, name));
    cpSync(join(ROOT, 'apps/dev/cdk.json'), join(project.folder, 'cdk.json'));
    for (const name of ['apps/dev/src', 'examples/guestbook'])
      cpSync(join(ROOT, name), join(project.folder, name), { recursive: true });
  });
  afterAll(() => project?.remove());

  test(
    'is byte for byte the same from source and from the packed packages',
    async () => {
      const bin = join(ROOT, 'node_modules/.bin');
      const PATH = `${bin}:${process.env.PATH}`;
      const env = { PATH, CDK_VALIDATION: 'false' };
      // CDK's analytics name the classes that are jsii's: from source a subclass of ours goes by the name of the one above it
      const synth = ['synth', '--quiet', '--no-version-reporting', '--app'];
      const [fromSource, fromPackages] = ['source.out', 'packages.out'].map((name) => join(project.folder, name));
      await project.run('cdk', [...synth, 'cd apps/dev && tsx src/main.ts', '--output', fromPackages], env);
      const source = `cd ${join(ROOT, 'apps/dev')} && tsx --tsconfig ../../tsconfig.json src/main.ts`;
      await project.run('cdk', [...synth, source, '--output', fromSource], env);

      // what is deployed; the rest records where in the code each construct was made, which is what differs
      const deployed = readdirSync(fromSource).filter((name) => /\.(template|assets)\.json$/.test(name));
      expect(deployed.sort()).toEqual(
        ['Data', 'Network', 'Services'].flatMap((stack) => [`${stack}.assets.json`, `${stack}.template.json`]),
      );
      // templates before the hashes of them
      for (const name of deployed.reverse())
        expect(readFileSync(join(fromPackages, name), 'utf8')).toBe(readFileSync(join(fromSource, name), 'utf8'));
    },
    MINUTES,
  );
});
