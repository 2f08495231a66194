import { GetParameterCommand, ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm';
import { AssemblyStack } from './assembly';
import { CdkCli } from './cdk-cli';
import { AwsEnvironment, environmentsOf, remember } from './environments';
import { withLock } from '@groundplan/engines';
import { LocalAws } from './local-aws';
import { untilSettled } from './stacks';

const DEFAULT_QUALIFIER = 'hnb659fds';
const TOOLKIT = 'CDKToolkit';

/** Bootstraps what the stacks need and what is not yet bootstrapped; answers the environments that were. */
export async function bootstrap(
  aws: LocalAws,
  stacks: AssemblyStack[],
  progress: (text: string) => void = () => undefined,
): Promise<AwsEnvironment[]> {
  // Two deployments at once, of two apps in one account: the second finds what the first has bootstrapped.
  return withLock(aws.files.cdkHome, 'bootstrap', () => bootstrapAll(aws, stacks, progress), progress);
}

async function bootstrapAll(aws: LocalAws, stacks: AssemblyStack[], progress: (text: string) => void) {
  const done: AwsEnvironment[] = [];
  for (const { qualifier, ...environment } of environmentsOf(stacks, aws)) {
    remember(aws, environment);
    if (qualifier === undefined) continue;
    const toolkit = qualifier === DEFAULT_QUALIFIER ? TOOLKIT : `${TOOLKIT}-${qualifier}`;
    await untilSettled(aws, [environment], [toolkit], progress);
    if (await isBootstrapped(aws, environment, qualifier)) continue;
    const name = `aws://${environment.account}/${environment.region}`;
    progress(`bootstrapping ${name}`);
    const own = qualifier === DEFAULT_QUALIFIER ? [] : ['--qualifier', qualifier, '--toolkit-stack-name', toolkit];
    // From a folder without a cdk.json: no app is synthesized for it.
    await new CdkCli(aws).mustRun(['bootstrap', name, ...own], { ...environment, cwd: aws.files.cdkHome });
    done.push(environment);
  }
  return done;
}

async function isBootstrapped(aws: LocalAws, { account, region }: AwsEnvironment, qualifier: string) {
  const ssm = new SSMClient(aws.clientConfig(account, region));
  try {
    await ssm.send(new GetParameterCommand({ Name: `/cdk-bootstrap/${qualifier}/version` }));
    return true;
  } catch (error) {
    if (error instanceof ParameterNotFound) return false;
    throw error;
  } finally {
    ssm.destroy();
  }
}
