import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Tier } from '@groundplan/core';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { CfnParameter, Duration, Fn, SecretValue, Stack } from 'aws-cdk-lib/core';
import {
  ContainerSecret,
  ContainerUser,
  FargateTaskProps,
  Image,
  OneOffTaskProps,
  ScheduledTaskProps,
  Tag,
} from '../src';
import { Ground, groundIn, runIn, scheduledIn, taskIn } from './environments';

const scratch = mkdtempSync(join(tmpdir(), 'groundplan-bad-input-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const said = (message: string) => new Error(`FargateTask "Jobs/Report": ${message}`);
const inTheClear = 'must be nothing confidential, got a secret that would stand in the task definition in the clear';
const byReference = (name: string) =>
  `environment.${name} ${inTheClear}; pass it as secrets: { ${name}: ContainerSecret.fromSecret(secret, 'field') }`;
const anySecret = () => ContainerSecret.fromSecret(Secret.fromSecretNameV2(new Stack(), 'Secret', 'shop'));
const listens = 'name the port that the container listens on, above 1023 for a user without rights';
const handsOver = 'let the process hand over longer work, such as a message that becomes visible again';

describe('a mistake is refused with the prop, the value, what is allowed and what to do', () => {
  test.each<[string, Partial<FargateTaskProps>, string]>([
    ['port 0', { port: 0 }, `port must be between 1 and 65535, got 0; ${listens}`],
    ['a port too large', { port: 65536 }, `port must be between 1 and 65535, got 65536; ${listens}`],
    ['half a port', { port: 80.5 }, `port must be between 1 and 65535, got 80.5; ${listens}`],
    [
      'a second PORT',
      { port: 8080, environment: { PORT: '3000' } },
      'environment.PORT must be left out where there is a port, got another one; the container gets its port in PORT; pass port alone',
    ],
    [
      'a second PORT from a secret',
      { port: 8080, secrets: { PORT: anySecret() } },
      'secrets.PORT must be left out where there is a port, got another one; the container gets its port in PORT; pass port alone',
    ],
    [
      'no time to end',
      { container: { stopTimeout: Duration.seconds(0) } },
      `container.stopTimeout must be between 1 and 120 whole seconds, got 0; ${handsOver}`,
    ],
    [
      'more time to end than Fargate gives',
      { container: { stopTimeout: Duration.seconds(121) } },
      `container.stopTimeout must be between 1 and 120 whole seconds, got 121; ${handsOver}`,
    ],
    [
      'a part of a second to end',
      { container: { stopTimeout: Duration.millis(1500) } },
      `container.stopTimeout must be between 1 and 120 whole seconds, got 1.5; ${handsOver}`,
    ],
    [
      'a name that no shell can read',
      { environment: { 'my-name': 'x' } },
      'environment.my-name must be a name of letters, digits and "_" that does not begin with a digit, got "my-name"; respell it: shells cannot read another',
    ],
    [
      'such a name of a secret',
      { secrets: { '1ST': anySecret() } },
      'secrets.1ST must be a name of letters, digits and "_" that does not begin with a digit, got "1ST"; respell it: shells cannot read another',
    ],
    [
      'a name twice',
      { environment: { KEY: 'x' }, secrets: { KEY: anySecret() } },
      'environment.KEY must be given once, got it and secrets.KEY; leave one of them out; ECS refuses a container with both',
    ],
    [
      'a secret of Secrets Manager, resolved',
      { environment: { KEY: SecretValue.secretsManager('shop', { jsonField: 'key' }).unsafeUnwrap() } },
      byReference('KEY'),
    ],
    [
      'a secret parameter, resolved',
      { environment: { KEY: SecretValue.ssmSecure('/shop/key').unsafeUnwrap() } },
      byReference('KEY'),
    ],
    [
      'a reference in text',
      { environment: { KEY: 'Bearer {{resolve:secretsmanager:shop:SecretString:key}}' } },
      byReference('KEY'),
    ],
    ['a URL with a password', { environment: { URL: 'postgres://app:secret@db:5432/shop' } }, byReference('URL')],
    [
      'a URL with a password that is put together',
      { environment: { URL: `redis://${Fn.importValue('User')}:${Fn.importValue('Password')}@cache` } },
      byReference('URL'),
    ],
    [
      'a secret in the command',
      { container: { command: ['run', '--key', '{{resolve:ssm-secure:/shop/key}}'] } },
      `container.command ${inTheClear}; pass it in secrets, and let the process read the variable`,
    ],
    [
      'a secret in the entry point',
      { container: { entryPoint: ['run', 'https://me:secret@example.com'] } },
      `container.entryPoint ${inTheClear}; pass it in secrets, and let the process read the variable`,
    ],
  ])('%s', (_, props, message) => {
    expect(() => taskIn(Tier.DEVELOPMENT, props)).toThrow(said(message));
  });

  test('a parameter that hides its value: the task definition would show it', () => {
    const ground = groundIn(Tier.DEVELOPMENT);
    const hidden = new CfnParameter(ground.stack, 'Hidden', { noEcho: true });
    const shown = new CfnParameter(ground.stack, 'Shown');
    expect(() => taskIn(Tier.DEVELOPMENT, { environment: { KEY: hidden.valueAsString } }, ground)).toThrow(
      said(byReference('KEY')),
    );
    const again = { ...ground, stack: new Stack(ground.stack, 'Again') };
    expect(() => taskIn(Tier.DEVELOPMENT, { environment: { KEY: shown.valueAsString } }, again)).not.toThrow();
  });

  test.each<[string, Partial<FargateTaskProps>]>([
    ['the smallest and the largest port', { port: 1 }],
    ['the largest port', { port: 65535 }],
    ['a URL with a port', { environment: { URL: 'https://example.com:8443/a@b' } }],
    ['a URL with a user alone', { environment: { URL: 'https://me@example.com' } }],
    ['an address of mail', { environment: { MAIL: 'mailto:me@example.com' } }],
    ['a plain parameter, resolved', { environment: { KEY: '{{resolve:ssm:/shop/key}}' } }],
    ['a name with digits and an underscore', { environment: { _A1: 'x' } }],
  ])('%s is no mistake', (_, props) => {
    expect(() => taskIn(Tier.DEVELOPMENT, props)).not.toThrow();
  });

  test('all mistakes are reported together', () => {
    const props = { cpu: 300, port: 0, environment: { 'a-b': 'x' }, container: { stopTimeout: Duration.minutes(3) } };
    expect(() => taskIn(Tier.DEVELOPMENT, props)).toThrow(
      /^FargateTask "Jobs\/Report" has 4 mistakes:\n {2}- cpu[^]*\n {2}- port[^]*\n {2}- environment.a-b[^]*\n {2}- container.stopTimeout/,
    );
  });
});

describe('a run says what is wrong with it and with its task in one error, under its own name', () => {
  const oneRun: Partial<OneOffTaskProps> = {
    cpu: 256,
    memoryMiB: 4096,
    environment: { 'a-b': 'x', URL: 'postgres://app:secret@db:5432/shop' },
    container: { stopTimeout: Duration.minutes(3) },
    timeout: Duration.days(366),
  };
  const ofTheRun = [
    'timeout must be between 1 second and 365 days, got 31622400 seconds; name how long a run may take, such as Duration.minutes(30)',
    'memoryMiB must be what Fargate offers with cpu 256: 512, 1024, 2048, got 4096; the nearest is 2048, or take cpu 512 with 4096',
    'environment.a-b must be a name of letters, digits and "_" that does not begin with a digit, got "a-b"; respell it: shells cannot read another',
    byReference('URL'),
    `container.stopTimeout must be between 1 and 120 whole seconds, got 180; ${handsOver}`,
  ];
  const allOf = (kind: string, lines: string[]) =>
    new Error(`${kind} "Jobs/Report" has ${lines.length} mistakes:\n${lines.map((line) => `  - ${line}`).join('\n')}`);

  test('OneOffTask', () => {
    expect(() => runIn(Tier.DEVELOPMENT, oneRun)).toThrow(allOf('OneOffTask', ofTheRun));
  });

  test('ScheduledTask', () => {
    const props = { ...oneRun, startRetries: 186, flexibleWindow: Duration.hours(25) };
    expect(() => scheduledIn(Tier.DEVELOPMENT, props)).toThrow(
      allOf('ScheduledTask', [
        ...ofTheRun,
        'startRetries must be between 0 and 185, got 186; EventBridge Scheduler takes nothing else; leave it out for 10',
        'flexibleWindow must be between 1 minute and 1 day, got 1 day 1 hour; leave it out to start at the time itself',
      ]),
    );
  });

  test('one mistake of the task alone', () => {
    for (const [kind, build] of [['OneOffTask', runIn] as const, ['ScheduledTask', scheduledIn] as const])
      expect(() => build(Tier.DEVELOPMENT, { cpu: 300, memoryMiB: 512 })).toThrow(
        new Error(
          `${kind} "Jobs/Report": cpu must be one of 256, 512, 1024, 2048, 4096, 8192, 16384 (1024 units are one vCPU), got 300; the nearest is 256`,
        ),
      );
  });
});

describe('what is refused makes nothing, in itself or beside it', () => {
  const { DEVELOPMENT } = Tier;
  test.each<[string, (props: Partial<ScheduledTaskProps>, ground: Ground) => unknown]>([
    ['FargateTask', (props, ground) => taskIn(DEVELOPMENT, props, ground)],
    ['OneOffTask', (props, ground) => runIn(DEVELOPMENT, props, ground)],
    ['ScheduledTask', (props, ground) => scheduledIn(DEVELOPMENT, props, ground)],
    ['ScheduledTask', (props, ground) => scheduledIn(DEVELOPMENT, { ...props, cpu: 256, startRetries: -1 }, ground)],
  ])('%s %#', (kind, build) => {
    const ground = groundIn(DEVELOPMENT);
    // A tag that is kept in a parameter becomes a parameter of the stack.
    const image = Image.fromRepository(Repository.fromRepositoryName(ground.stack, 'Repository', 'report'), {
      tag: Tag.fromParameter('/shop/report/image-tag'),
    });
    const before = new Set(ground.stack.node.findAll());
    expect(() => build({ cpu: 300, image }, ground)).toThrow(`${kind} "Jobs/Report"`);
    const made = ground.stack.node.findAll().filter((it) => !before.has(it));
    expect(made.map(({ node }) => node.path)).toEqual(['Jobs/Report']);
  });
});

describe('images', () => {
  const moves = (source: string, tag: string) =>
    said(
      `image must be one that never changes in production, got ${source} with the tag "${tag}", which moves; name a version, a commit or a digest; Tag.fromParameter keeps it outside of the app`,
    );

  test.each<[string, string]>([
    ['nginx', 'latest'],
    ['nginx:latest', 'latest'],
    ['registry.example.com:5000/app', 'latest'],
    ['registry.example.com:5000/app:prod-latest', 'prod-latest'],
  ])('%s moves, and is refused in production alone', (name, tag) => {
    const image = Image.fromRegistry(name);
    expect(() => taskIn(Tier.PRODUCTION, { image })).toThrow(moves(name, tag));
    expect(() => taskIn(Tier.STAGING, { image })).not.toThrow();
  });

  test.each(['latest', 'dev-latest'])('so does the tag %s of a repository', (tag) => {
    const ground = groundIn(Tier.PRODUCTION);
    const repository = Repository.fromRepositoryName(ground.stack, 'Repository', 'report');
    const image = Image.fromRepository(repository, { tag: Tag.of(tag) });
    expect(() => taskIn(Tier.PRODUCTION, { image }, ground)).toThrow(moves('image', tag));
  });

  test.each([
    'nginx:1.29.3',
    'nginx:latest-but-one',
    `nginx@sha256:${'0'.repeat(64)}`,
    `nginx:latest@sha256:${'0'.repeat(64)}`,
  ])('%s does not', (name) => {
    expect(() => taskIn(Tier.PRODUCTION, { image: Image.fromRegistry(name) })).not.toThrow();
  });

  test.each(['', '-a', 'a/b', 'a:b', 'x'.repeat(129)])('"%s" is no tag', (tag) => {
    expect(() => Tag.of(tag)).toThrow(
      new Error(
        `Tag: tag must be 1 to 128 letters, digits, "_", "." and "-", beginning with a letter, a digit or "_", got "${tag}"; write what stands after the colon of the image's name`,
      ),
    );
  });

  test('"a b" is no name of a parameter', () => {
    expect(() => Tag.fromParameter('a b')).toThrow(
      new Error(
        'Tag: parameterName must be the name of a parameter of Systems Manager, got "a b"; write it as /shop/api/image-tag',
      ),
    );
  });

  test('a folder that is not there', () => {
    expect(() => Image.fromAsset('no-such-folder', { file: 'Containerfile' })).toThrow(
      new Error(
        `Image: directory must be a folder with a Containerfile, got "no-such-folder", and there is no ${join(process.cwd(), 'no-such-folder/Containerfile')}; write it relative to where the app runs, or name the file with file: '…'`,
      ),
    );
  });

  /** A folder with a Dockerfile. */
  const folder = (name: string, dockerfile: string) => {
    mkdirSync(join(scratch, name));
    writeFileSync(join(scratch, name, 'Dockerfile'), dockerfile);
    return join(scratch, name);
  };

  test('a stage that is not there', () => {
    const [two, none] = [folder('two', 'FROM a AS build\nFROM b AS run'), folder('none', 'FROM a')];
    const message = (where: string, names: string) =>
      new Error(
        `Image: target must be a stage of ${where}/Dockerfile, which names ${names}, got "test"; name one of them, or leave it out for the last`,
      );
    expect(() => Image.fromAsset(two, { target: 'test' })).toThrow(message(two, 'build, run'));
    expect(() => Image.fromAsset(none, { target: 'test' })).toThrow(message(none, 'none'));
    expect(() => Image.fromAsset(two, { target: 'Build' })).not.toThrow();
  });

  test('root is refused, unless somebody says why', () => {
    const directory = folder('root', 'FROM a\nUSER root');
    const image = Image.fromAsset(directory);
    expect(() => taskIn(Tier.SANDBOX, { image })).toThrow(
      said(
        `container.user must be somebody else than root, got USER root in ${directory}/Dockerfile; ` +
          "end the Dockerfile with USER 1000:1000, or pass container: { user: ContainerUser.of('1000:1000') }, or say why not with ContainerUser.root('…')",
      ),
    );
    const user = ContainerUser.root('It opens a raw socket until the kernel lets others.');
    expect(() => taskIn(Tier.SANDBOX, { image, container: { user } })).not.toThrow();
  });

  test('a user that only the build knows', () => {
    const directory = folder('argument', 'ARG APP_USER\nFROM a\nUSER ${APP_USER}');
    expect(() => taskIn(Tier.SANDBOX, { image: Image.fromAsset(directory) })).toThrow(
      said(
        `container.user must be known, got USER \${APP_USER} in ${directory}/Dockerfile, which only the build knows; ` +
          "pass it as container: { user: ContainerUser.of('1000:1000') }",
      ),
    );
  });
});

describe('users', () => {
  test.each(['root', '0', '0:0', 'root:app', '000'])('%s is refused as root', (user) => {
    expect(() => ContainerUser.of(user)).toThrow(
      new Error(
        `ContainerUser: user must not be root, got "${user}"; take a user without rights such as 1000:1000, or say why not with ContainerUser.root('…')`,
      ),
    );
  });

  test.each(['', 'a b', 'a:', ':a', '$USER', 'a:b:c'])('"%s" is no user', (user) => {
    expect(() => ContainerUser.of(user)).toThrow(
      new Error(
        `ContainerUser: user must be a name or a number of the image, with a group or without, got "${user}"; write it as 1000:1000`,
      ),
    );
  });

  test('root without a reason is refused', () => {
    expect(() => ContainerUser.root('  ')).toThrow(
      new Error('ContainerUser: because must not be empty; say what needs root, and what would make it unnecessary'),
    );
  });
});

describe('fields of secrets', () => {
  const generated = (stack: Stack) =>
    new Secret(stack, 'Secret', {
      generateSecretString: { secretStringTemplate: '{"username":"app"}', generateStringKey: 'password' },
    });

  test('one that a secret of this app does not have', () => {
    expect(() => ContainerSecret.fromSecret(generated(new Stack(undefined, 'S')), 'passwort')).toThrow(
      new Error(
        'ContainerSecret: field must be one of username, password, which secret "S/Secret" has, got "passwort"; name one of them, or leave it out for the whole secret',
      ),
    );
  });

  test('those that it has, and any of a secret whose fields cannot be told', () => {
    const stack = new Stack();
    const secret = generated(stack);
    const text = new Secret(stack, 'Text');
    const templated = new Secret(stack, 'Templated', {
      generateSecretString: { secretStringTemplate: Fn.importValue('x'), generateStringKey: 'password' },
    });
    for (const field of ['username', 'password', undefined])
      expect(() => ContainerSecret.fromSecret(secret, field)).not.toThrow();
    for (const unknown of [text, templated, Secret.fromSecretNameV2(stack, 'Imported', 'shop')])
      expect(() => ContainerSecret.fromSecret(unknown, 'any')).not.toThrow();
  });
});
