import { LocalAws } from '@groundplan/local';
import { Command } from 'commander';
import { InstanceOptions, withState } from '../options';
import { readReport } from './report';
import { renderReport } from './render';

export function statusCommand(): Command {
  return withState(new Command('status'))
    .description('what runs, and what stands in it: stacks, networks, services, databases, stubs')
    .option('--json', 'the same for programs', false)
    .action(async ({ json, ...options }: InstanceOptions & { json: boolean }) => {
      const report = await readReport(new LocalAws(options));
      console.log(json ? JSON.stringify(report, undefined, 2) : renderReport(report));
    });
}
