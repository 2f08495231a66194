import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalAws, listStacks } from '@groundplan/local';
import { freePort } from '../../../packages/local/src/port';
import { CDK_AT_THE_FLOOR, CDK_CLI, Project, TSX, installWheels } from './projects';
import { pythonAtTheFloor } from '../../proof/python-suite';
import { ROOT, Rehearsed, rehearsedRelease } from '../../proof/rehearsed-release';

const MINUTES = 60_000;

let release: Rehearsed;
beforeAll(async () => {
  release = await rehearsedRelease();
}, 10 * MINUTES);

const IN_TYPESCRIPT = `
import { Environment, Tier } from '@groundplan/core';
import { Network } from '@groundplan/vpc';
import { App, Stack } from 'aws-cdk-lib';

const app = new App();
Environment.define(app, { project: 'shop', name: 'dev', tier: Tier.SANDBOX, tags: { Owner: 'shop', CostCenter: '1' } });
new Network(new Stack(app, 'ShopNetwork'), 'Network');
`;

const IN_PYTHON = `
from aws_cdk import App, Stack
from groundplan.core import Environment, Tier
from groundplan.vpc import Network

app = App()
Environment.define(app, project="shop", name="dev", tier=Tier.SANDBOX, tags={"Owner": "shop", "CostCenter": "1"})
Network(Stack(app, "ShopNetwork"), "Network")
app.synth()
`;

/** Whose project it is, and how it becomes one. */
const PROJECTS = [
  {
    language: 'TypeScript',
    setUp: async (project: Project) => {
      project.write('app.ts', IN_TYPESCRIPT);
      await project.install(...release.tarballs.values(), TSX, CDK_CLI, ...CDK_AT_THE_FLOOR);
      return 'tsx app.ts';
    },
  },
  {
    language: 'Python',
    setUp: async (project: Project) => {
      project.write('app.py', IN_PYTHON);
      const python = await pythonAtTheFloor(ROOT);
      await installWheels(python, release, 'groundplan-vpc');
      // the command alone: the application has no package of npm
      await project.install(...tarballsOfTheCommand(), CDK_CLI);
      expect(existsSync(join(project.folder, 'node_modules/groundplan'))).toBe(true);
      expect(existsSync(join(project.folder, 'node_modules/aws-cdk-lib'))).toBe(false); // 160 MB for nothing
      return `${python} app.py`;
    },
  },
];

function tarballsOfTheCommand(): string[] {
  return [...release.tarballs]
    .filter(([name]) => !/core|vpc|task|fargate-service|postgres|aurora/.test(name))
    .map(([, tarball]) => tarball);
}

describe.each(PROJECTS)('in the $language project of somebody else', ({ setUp }) => {
  let project: Project;
  let state: string;
  let env: Record<string, string>;

  beforeAll(async () => {
    project = new Project();
    state = mkdtempSync(join(tmpdir(), 'somebody-state-'));
    env = { GROUNDPLAN_LOCAL_PORT: String(await freePort()), GROUNDPLAN_LOCAL_STATE: state, CDK_VALIDATION: 'false' };
    project.write('cdk.json', { app: await setUp(project) });
  }, 5 * MINUTES);
  afterAll(async () => {
    if (state) await new LocalAws({ state }).down();
    project?.remove();
    rmSync(state, { recursive: true, force: true });
  }, MINUTES);

  const groundplan = (...args: string[]) => project.run('npx', ['groundplan', 'local', ...args], env);

  test(
    'npx groundplan starts a local AWS, the stack of a deployment stands in it, and nothing runs afterwards',
    async () => {
      expect(await groundplan('up')).toContain(`started on http://127.0.0.1:${env.GROUNDPLAN_LOCAL_PORT}`);
      expect(await groundplan('run', '--', 'cdk', 'deploy', '--require-approval', 'never')).toContain(
        'Nothing is a stub',
      );

      const aws = new LocalAws({ state });
      expect(await listStacks(aws)).toContainEqual(
        expect.objectContaining({ name: 'ShopNetwork', status: 'CREATE_COMPLETE' }),
      );
      expect(await groundplan('status')).toContain('10.0.0.0/16');

      await groundplan('down');
      expect((await aws.status()).condition).not.toBe('running');
    },
    3 * MINUTES,
  );
});
