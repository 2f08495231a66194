import * as fs from 'fs';
import { AssemblyStack } from './assembly';
import { LocalAws } from './local-aws';

/** An account and a region: what AWS CDK calls an environment. */
export interface AwsEnvironment {
  readonly account: string;
  readonly region: string;
}

/** The account that a command for these stacks works in: theirs when they agree on one, else the instance's own. */
export function baseAccount(stacks: AssemblyStack[], aws: LocalAws): string {
  const accounts = new Set(stacks.map((stack) => stack.account).filter((account) => account !== undefined));
  const [only] = accounts;
  return accounts.size === 1 ? only : aws.instance().account;
}

/** Where stacks go; those that are for any environment go to the base account and the instance's region. */
export function environmentsOf(stacks: AssemblyStack[], aws: LocalAws): (AwsEnvironment & { qualifier?: string })[] {
  const account = baseAccount(stacks, aws);
  const { region } = aws.instance();
  const all = stacks.map((s) => ({
    account: s.account ?? account,
    region: s.region ?? region,
    qualifier: s.qualifier,
  }));
  return [...new Map(all.map((e) => [`${e.account}/${e.region}/${e.qualifier}`, e])).values()];
}

/** Where something may stand: every environment that was bootstrapped or deployed to here, and the instance's own. */
export function knownEnvironments(aws: LocalAws): AwsEnvironment[] {
  const { account, region } = aws.instance();
  return [...new Map([{ account, region }, ...remembered(aws)].map((e) => [`${e.account}/${e.region}`, e])).values()];
}

function remembered(aws: LocalAws): AwsEnvironment[] {
  try {
    return JSON.parse(fs.readFileSync(aws.files.environments, 'utf8')) as AwsEnvironment[];
  } catch {
    return [];
  }
}

/** A hint for later: where to look, never what is there. */
export function remember(aws: LocalAws, environment: AwsEnvironment): void {
  const before = remembered(aws);
  if (before.some((e) => e.account === environment.account && e.region === environment.region)) return;
  fs.writeFileSync(aws.files.environments, JSON.stringify([...before, environment]));
}
