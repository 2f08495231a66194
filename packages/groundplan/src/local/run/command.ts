import * as path from 'path';
import {
  AssemblyStack,
  ExpectedFailure,
  LocalAws,
  baseAccount,
  bootstrap,
  bringLocalImages,
  databaseReports,
  environmentsOf,
  findCdk,
  notes,
  serviceReports,
  stubs,
  toolFolders,
  untilSettled,
} from '@groundplan/local';
import { Command } from 'commander';
import { runSteps } from '../../steps';
import { InstanceOptions, withInstance } from '../options';
import { renderDatabases, renderNotes, renderServices, renderStubs } from '../status/render';
import { startStep } from '../up/start';
import { CdkCommand, readCdkCommand } from './cdk-command';
import { readStacks } from './stacks-of-command';
import { runWrapped } from './wrapped-command';

export function runCommand(): Command {
  return withInstance(new Command('run'))
    .description('run a command against the local AWS, and no other; starts and bootstraps it as needed')
    .argument('[command...]', 'the command, behind --: groundplan local run -- cdk deploy --all')
    .passThroughOptions()
    .action(async (command: string[], options: InstanceOptions) => {
      if (command.length === 0)
        throw new ExpectedFailure(
          'groundplan local run needs a command behind --, such as: groundplan local run -- cdk deploy --all',
        );
      await run(new LocalAws(options), command);
    });
}

async function run(aws: LocalAws, command: string[]): Promise<void> {
  const begun = Date.now();
  const cdk = readCdkCommand(command);
  let stacks: AssemblyStack[] = [];
  await runSteps([startStep(aws), ...(cdk?.needsAws ? [{ title: 'Environments', work: prepare }] : [])]);
  const account = cdk ? baseAccount(stacks, aws) : undefined;
  const region = cdk ? onlyRegion(stacks) : undefined;
  const env = aws.environment(account, region);
  bringLocalImages(aws.files, process.cwd());
  const tools = [...toolFolders(process.cwd()), env.PATH, ...(cdk ? [path.dirname(findCdk(process.cwd()))] : [])];
  const PATH = tools.filter(Boolean).join(path.delimiter);
  await runWrapped(command, { ...env, PATH });
  if (cdk?.name === 'deploy') console.error(await summary(aws, begun));

  async function prepare(say: (text: string) => void): Promise<string> {
    stacks = await readStacks(aws, cdk as CdkCommand, say);
    const done = await bootstrap(aws, stacks, say);
    const environments = environmentsOf(stacks, aws);
    if (cdk?.changes) {
      await untilSettled(
        aws,
        environments,
        stacks.map(({ name }) => name),
        say,
      );
    }
    const all = environments.map((e) => `${e.account}/${e.region}`).join(', ') || 'none';
    return done.length > 0 ? `bootstrapped ${done.length} of ${all}` : `${all}, bootstrapped before`;
  }
}

/** Where the command's own requests go when all stacks agree. */
function onlyRegion(stacks: AssemblyStack[]): string | undefined {
  const regions = new Set(stacks.map(({ region }) => region).filter((region) => region !== undefined));
  return regions.size === 1 ? [...regions][0] : undefined;
}

async function summary(aws: LocalAws, begun: number): Promise<string> {
  const [services, databases] = await Promise.all([serviceReports(aws), databaseReports(aws)]);
  const standing = [...renderServices(services), ...renderDatabases(databases)];
  const parts = [...standing, ...renderNotes(notes(aws)), renderStubs(stubs(aws))];
  return `\n${parts.join('\n\n')}\nDeployed to the local AWS in ${((Date.now() - begun) / 1000).toFixed(1)} s.`;
}
