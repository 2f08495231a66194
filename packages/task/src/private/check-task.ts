import type { Mistakes } from '@groundplan/core';
import { Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { FargateTaskProps } from '../fargate-task';
import { isConfidential } from './confidential';
import { FIXED } from './defaults';
import { isRoot } from './dockerfile';
import { sidecarsOf } from './sidecars';
import { checkSize, sizeOf } from './task-size';

const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** What is left for the application at least, in MiB: less than that starts no runtime. */
const LEAST_MEMORY = 128;

/** Notes every mistake in the props of a task, and creates nothing. */
export function checkTask(scope: Construct, props: FargateTaskProps, mistakes: Mistakes): void {
  const { cpu, memoryMiB } = sizeOf(scope, props);
  if (!Token.isUnresolved(cpu) && !Token.isUnresolved(memoryMiB)) checkSize(cpu, memoryMiB, mistakes);
  checkPort(props.port, mistakes);
  checkSidecars(props, memoryMiB, mistakes);
  checkEnvironment(scope, props, mistakes);
  checkImage(scope, props, mistakes);
  const seconds = props.container?.stopTimeout?.toSeconds({ integral: false });
  const longest = FIXED.longestStopTimeoutSeconds;
  if (seconds === undefined || Token.isUnresolved(seconds)) return;
  if (!(Number.isInteger(seconds) && seconds >= 1 && seconds <= longest))
    mistakes.add({
      prop: 'container.stopTimeout',
      mustBe: `between 1 and ${longest} whole seconds`,
      got: `${seconds}`,
      remedy: 'let the process hand over longer work, such as a message that becomes visible again',
    });
}

/** Notes a port that is none. */
function checkPort(port: number | undefined, mistakes: Mistakes): void {
  if (port === undefined || Token.isUnresolved(port)) return;
  if (!Number.isInteger(port) || port < 1 || port > 65535)
    mistakes.add({
      prop: 'port',
      mustBe: 'between 1 and 65535',
      got: `${port}`,
      remedy: 'name the port that the container listens on, above 1023 for a user without rights',
    });
}

/** Notes what does not leave room for the containers beside the application, or for the application beside them. */
function checkSidecars({ container = {}, port }: FargateTaskProps, memoryMiB: number, mistakes: Mistakes): void {
  const sidecars = sidecarsOf(container);
  for (const { prop, leastMemoryMiB, memoryMiB: given, ports } of sidecars) {
    if (!Token.isUnresolved(given) && !(Number.isInteger(given) && given >= leastMemoryMiB))
      mistakes.add({
        prop: `${prop}.memoryMiB`,
        mustBe: `whole MiB, ${leastMemoryMiB} or more`,
        got: `${given}`,
        remedy: 'leave it out: less is killed under load',
      });
    if (port !== undefined && ports.includes(port))
      mistakes.add({
        prop: 'port',
        mustBe: `another one than ${ports.join(' and ')}, with ${prop}`,
        got: `${port}`,
        remedy: 'all containers of a task share its ports, and the one beside the application listens there',
      });
  }
  const taken = sidecars.reduce((sum, sidecar) => sum + sidecar.memoryMiB, 0);
  if ([memoryMiB, taken].some((known) => Token.isUnresolved(known)) || memoryMiB - taken >= LEAST_MEMORY) return;
  mistakes.add({
    prop: 'memoryMiB',
    mustBe: `at least ${taken + LEAST_MEMORY}, with ${taken} for the containers beside the application`,
    got: `${memoryMiB}`,
    remedy: 'take the next larger size of Fargate, or less memory for the collector or the router',
  });
}

function checkEnvironment(scope: Construct, props: FargateTaskProps, mistakes: Mistakes): void {
  const { environment = {}, secrets = {} } = props;
  for (const prop of ['environment', 'secrets'] as const)
    for (const name of Object.keys(props[prop] ?? {}).filter((given) => !VARIABLE.test(given)))
      mistakes.add({
        prop: `${prop}.${name}`,
        mustBe: 'a name of letters, digits and "_" that does not begin with a digit',
        got: `"${name}"`,
        remedy: 'respell it: shells cannot read another',
      });
  checkInit(scope, props, mistakes);
  for (const name of Object.keys(environment).filter((given) => given in secrets))
    mistakes.add({
      prop: `environment.${name}`,
      mustBe: 'given once',
      got: `it and secrets.${name}`,
      remedy: 'leave one of them out; ECS refuses a container with both',
    });
  for (const prop of ['environment', 'secrets'] as const)
    if (props.port !== undefined && 'PORT' in (props[prop] ?? {}))
      mistakes.add({
        prop: `${prop}.PORT`,
        mustBe: 'left out where there is a port',
        got: 'another one',
        remedy: 'the container gets its port in PORT; pass port alone',
      });
  for (const [name, value] of Object.entries(environment))
    if (isConfidential(scope, value))
      mistakes.add({
        ...CONFIDENTIAL,
        prop: `environment.${name}`,
        remedy: `pass it as secrets: { ${name}: ContainerSecret.fromSecret(secret, 'field') }`,
      });
  for (const prop of ['command', 'entryPoint'] as const)
    if (props.container?.[prop]?.some((argument) => isConfidential(scope, argument)))
      mistakes.add({
        ...CONFIDENTIAL,
        prop: `container.${prop}`,
        remedy: 'pass it in secrets, and let the process read the variable',
      });
  for (const [name, value] of Object.entries(props.container?.logs?._fireLens?.options ?? {}))
    if (isConfidential(scope, value))
      mistakes.add({
        ...CONFIDENTIAL,
        prop: `container.logs.options.${name}`,
        remedy: `pass it as secretOptions: { ${name}: ContainerSecret.fromSecret(secret, 'field') }`,
      });
}

function checkInit(scope: Construct, { container }: FargateTaskProps, mistakes: Mistakes): void {
  const { environment = {}, secrets = {}, command = [] } = container?.init ?? {};
  for (const name of Object.keys({ ...environment, ...secrets }).filter((given) => !VARIABLE.test(given)))
    mistakes.add({
      prop: `container.init.${name in environment ? 'environment' : 'secrets'}.${name}`,
      mustBe: 'a name of letters, digits and "_" that does not begin with a digit',
      got: `"${name}"`,
      remedy: 'respell it: shells cannot read another',
    });
  for (const name of Object.keys(environment).filter((given) => given in secrets))
    mistakes.add({
      prop: `container.init.environment.${name}`,
      mustBe: 'given once',
      got: `it and container.init.secrets.${name}`,
      remedy: 'leave one of them out; ECS refuses a container with both',
    });
  for (const [name, value] of Object.entries(environment))
    if (isConfidential(scope, value))
      mistakes.add({
        ...CONFIDENTIAL,
        prop: `container.init.environment.${name}`,
        remedy: `pass it as secrets: { ${name}: ContainerSecret.fromSecret(secret, 'field') }`,
      });
  if (command.some((argument) => isConfidential(scope, argument)))
    mistakes.add({
      ...CONFIDENTIAL,
      prop: 'container.init.command',
      remedy: 'pass it in secrets, and let the process read the variable',
    });
}

const CONFIDENTIAL = {
  mustBe: 'nothing confidential',
  got: 'a secret that would stand in the task definition in the clear',
};

function checkImage(scope: Construct, props: FargateTaskProps, mistakes: Mistakes): void {
  const moving = props.image._movingTag(scope);
  if (moving !== undefined)
    mistakes.add({
      prop: 'image',
      mustBe: 'one that never changes in production',
      got: `${props.image._source} with the tag "${moving}", which moves`,
      remedy: 'name a version, a commit or a digest; Tag.fromParameter keeps it outside of the app',
    });
  const imageUser = props.image._user;
  if (props.container?.user !== undefined || imageUser === undefined) return;
  if (isRoot(imageUser))
    mistakes.add({
      prop: 'container.user',
      mustBe: 'somebody else than root',
      got: `USER ${imageUser} in ${props.image._source}`,
      remedy:
        "end the Dockerfile with USER 1000:1000, or pass container: { user: ContainerUser.of('1000:1000') }, or say why not with ContainerUser.root('…')",
    });
  else if (imageUser.includes('$'))
    mistakes.add({
      prop: 'container.user',
      mustBe: 'known',
      got: `USER ${imageUser} in ${props.image._source}, which only the build knows`,
      remedy: "pass it as container: { user: ContainerUser.of('1000:1000') }",
    });
}
