import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { Tier } from '@groundplan/core';
import { Template } from 'aws-cdk-lib/assertions';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import { App, Stack } from 'aws-cdk-lib/core';
import * as fc from 'fast-check';
import { AssetImageOptions, ContainerUser, Image, Tag } from '../src';
import { PLACEHOLDER } from '../src/private/placeholder';
import { isRoot, userOf } from '../src/private/dockerfile';
import { groundIn, runIn, taskIn } from './environments';
import { statementsOf } from './policies';

const scratch = mkdtempSync(join(tmpdir(), 'groundplan-images-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let folders = 0;
/** A folder with a Dockerfile. */
function folderWith(dockerfile: string, name = 'Dockerfile'): string {
  const folder = join(scratch, `${(folders += 1)}`);
  mkdirSync(folder);
  writeFileSync(join(folder, name), dockerfile);
  return folder;
}

/** The container of a task whose image is built. */
function built(dockerfile: string, options?: AssetImageOptions, user?: ContainerUser) {
  const image = Image.fromAsset(folderWith(dockerfile), options);
  const { stack } = taskIn(Tier.PRODUCTION, { image, container: { user } });
  const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::ECS::TaskDefinition'));
  return Properties.ContainerDefinitions[0];
}

describe('the user of a Dockerfile', () => {
  test.each<[string, string, string | undefined, string | undefined]>([
    ['names none', 'FROM node:24', undefined, undefined],
    ['is empty', '', undefined, undefined],
    ['names one', 'FROM node:24\nUSER node', undefined, 'node'],
    ['names a group too', 'FROM node:24\nUSER 1000:1000', undefined, '1000:1000'],
    ['names two, the last of which counts', 'FROM a\nUSER root\nRUN x\nUSER app', undefined, 'app'],
    ['is written in small letters', 'from a\nuser app', undefined, 'app'],
    ['is written on Windows', 'FROM a\r\nUSER app\r\n', undefined, 'app'],
    ['names one before there is a stage', 'USER app\nFROM a', undefined, undefined],
    ['names one in the last stage only', 'FROM a AS build\nUSER builder\nFROM b\nUSER app', undefined, 'app'],
    ['names one in another stage only', 'FROM a AS build\nUSER builder\nFROM b', undefined, undefined],
    ['goes on from a stage', 'FROM a AS base\nUSER app\nFROM base', undefined, 'app'],
    ['goes on from a stage over another', 'FROM a AS x\nUSER app\nFROM x AS y\nFROM y', undefined, 'app'],
    ['goes on from a stage in other letters', 'FROM a AS Base\nUSER app\nFROM base', undefined, 'app'],
    ['goes on from a stage and changes it', 'FROM a AS x\nUSER app\nFROM x\nUSER root', undefined, 'root'],
    ['calls a stage as its image', 'FROM node AS node\nRUN x', undefined, undefined],
    ['calls a later stage as an image', 'FROM node AS base\nFROM base AS node\nRUN x', undefined, undefined],
    ['is for a platform', 'FROM --platform=$BUILDPLATFORM a AS b\nUSER app\nFROM b', undefined, 'app'],
    ['builds a stage in the middle', 'FROM a AS x\nUSER one\nFROM b AS y\nUSER two', 'x', 'one'],
    ['builds a stage that goes on', 'FROM a AS x\nUSER one\nFROM x AS y\nFROM b\nUSER three', 'y', 'one'],
    ['has a line that goes on', 'FROM a\nRUN apk add \\\n  USER root\nUSER app', undefined, 'app'],
    ['has a line that goes on after spaces', 'FROM a\nRUN apk add \\  \n  USER root', undefined, undefined],
    ['has a comment in a line that goes on', 'FROM a\nRUN x \\\n # why\n USER root', undefined, undefined],
    ['has it in a comment', 'FROM a\n# USER root\nUSER app\n  # USER root', undefined, 'app'],
    ['gets it from the build', 'ARG U=app\nFROM a\nUSER ${U}', undefined, '${U}'],
    ['starts from what the build says', 'ARG BASE=node\nFROM ${BASE}\nUSER app', undefined, 'app'],
  ])('that %s', (_, dockerfile, target, user) => {
    expect(userOf(dockerfile, target)).toBe(user);
  });

  test('is that of the nearest stage that names one, whatever stands between', () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/);
    const noise = fc.constantFrom('RUN true', '# USER root', 'COPY . .', 'ENV USER=root', 'RUN a \\\n  USER root', '');
    fc.assert(
      fc.property(
        fc.uniqueArray(name, { minLength: 1, maxLength: 5 }),
        fc.array(fc.option(name), { minLength: 5, maxLength: 5 }),
        fc.array(noise, { minLength: 5, maxLength: 5 }),
        (names, users, lines) => {
          const text = names.map((stage, i) =>
            [
              `FROM ${i === 0 ? 'registry/image:1' : names[i - 1]} AS ${stage}`,
              lines[i],
              users[i] ? `USER ${users[i]}` : '',
            ].join('\n'),
          );
          const nearest = (upTo: number) =>
            users
              .slice(0, upTo + 1)
              .reverse()
              .find((user) => user !== null);
          for (const [i, stage] of names.entries()) expect(userOf(text.join('\n'), stage)).toBe(nearest(i));
          expect(userOf(text.join('\n'))).toBe(nearest(names.length - 1));
        },
      ),
    );
  });

  test.each<[string, boolean]>([
    ['root', true],
    ['root:root', true],
    ['0', true],
    ['0:0', true],
    ['0:1000', true],
    ['00', true],
    ['rooter', false],
    ['1000', false],
    ['1000:0', false],
    ['nobody', false],
  ])('%s is root: %s', (user, root) => {
    expect(isRoot(user)).toBe(root);
  });
});

describe('an image that is built', () => {
  test('runs as its Dockerfile says, and as nobody where it says nothing', () => {
    expect(built('FROM node:24-alpine\nUSER node:node').User).toBe('node:node');
    expect(built('FROM node:24-alpine').User).toBe('1000:1000');
  });

  test('runs as the task says, whatever the Dockerfile does', () => {
    expect(built('FROM a\nUSER root', {}, ContainerUser.of('1000')).User).toBe('1000');
    expect(built('FROM a\nUSER root', {}, ContainerUser.root('It opens a raw socket.')).User).toBe('0:0');
    expect(built('ARG U\nFROM a\nUSER $U', {}, ContainerUser.of('app')).User).toBe('app');
  });

  test('is built for the processor that it runs on, of the stage and the file that are named', () => {
    const folder = folderWith('FROM a AS x\nUSER one\nFROM b', 'Containerfile');
    const image = Image.fromAsset(folder, { file: 'Containerfile', target: 'x', buildArgs: { VERSION: '1' } });
    for (const [architecture, platform] of [
      [CpuArchitecture.ARM64, 'linux/arm64'],
      [CpuArchitecture.X86_64, 'linux/amd64'],
    ] as const) {
      const { stack } = taskIn(Tier.DEVELOPMENT, { image, container: { architecture } });
      const { directory } = App.of(stack)!.synth();
      const { dockerImages } = JSON.parse(readFileSync(join(directory, 'Jobs.assets.json'), 'utf8'));
      expect(Object.values<{ source: object }>(dockerImages)[0].source).toMatchObject({
        platform,
        dockerFile: 'Containerfile',
        dockerBuildTarget: 'x',
        dockerBuildArgs: { VERSION: '1' },
      });
    }
  });
});

describe('a stand-in', () => {
  const environment = (PORT?: string) => ({ PATH: process.env.PATH, ...(PORT && { PORT }) });

  /** Runs a program to its end. */
  const run = (program: string, port?: string) => {
    const options = { env: environment(port), encoding: 'utf8' } as const;
    const { stderr, stdout, status } = spawnSync(process.execPath, ['-e', program], options);
    return [stderr, stdout, status];
  };
  const [, , service] = PLACEHOLDER.service;

  test('of a service answers on its port, and ends well when it is told to', () => {
    const free =
      "const s = require('net').createServer().listen(0, () => { console.log(s.address().port); s.close(); });";
    const port = `${run(free)[1]}`.trim();
    const ask = `server.on('listening', () => fetch('http://127.0.0.1:${port}')
      .then((answer) => { console.log(answer.status); process.kill(process.pid, 'SIGTERM'); }));`;
    expect(run(service + ask, port)).toEqual(['', '200\n', 0]);
  });

  test('of a service without a port waits until it is told to end', () => {
    expect(run(`${service} server.on('listening', () => process.kill(process.pid, 'SIGTERM'));`)).toEqual(['', '', 0]);
  });

  test('of a job ends well at once', () => {
    const { stack } = runIn(Tier.DEVELOPMENT);
    const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::ECS::TaskDefinition'));
    const { Command, Image: image } = Properties.ContainerDefinitions[0];
    expect([image, Command]).toEqual([PLACEHOLDER.image, PLACEHOLDER.job]);
    const { status, stdout } = spawnSync(process.execPath, Command.slice(1), {
      env: environment(),
      encoding: 'utf8',
    });
    expect([stdout, status]).toEqual(['There is no application here yet.\n', 0]);
  });
});

describe('a repository of this app', () => {
  test('is named by the address that it tells, and pulled from alone', () => {
    const ground = groundIn(Tier.PRODUCTION);
    const repository = new Repository(ground.stack, 'Images');
    const image = Image.fromRepository(repository, { tag: Tag.of('1.4.0') });
    const { stack, task } = taskIn(Tier.PRODUCTION, { image }, ground);
    const id = stack.getLogicalId(repository.node.defaultChild as never);
    Template.fromStack(stack).hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [{ Image: { 'Fn::Join': ['', [{ 'Fn::GetAtt': [id, 'RepositoryUri'] }, ':1.4.0']] } }],
    });
    const pulled = statementsOf(stack, task.executionRole).filter(({ Action }) =>
      `${Action}`.includes('BatchGetImage'),
    );
    expect(pulled.map(({ Resource }) => Resource)).toEqual([{ 'Fn::GetAtt': [id, 'Arn'] }]);
  });

  test('of another stack needs no text that is taken apart, which cfn-lint finds wrong', () => {
    const ground = groundIn(Tier.PRODUCTION, { '@aws-cdk/core:defaultCrossStackReferences': 'weak' });
    const { account, region } = ground.stack;
    const images = new Stack(ground.stack.node.scope!, 'Images', { env: { account, region } });
    const image = Image.fromRepository(new Repository(images, 'Images'), { tag: Tag.fromParameter('/tag') });
    const template = JSON.stringify(Template.fromStack(taskIn(Tier.PRODUCTION, { image }, ground).stack));
    expect(template).toContain('Fn::GetStackOutput');
    expect(template).not.toContain('Fn::Split');
  });
});
