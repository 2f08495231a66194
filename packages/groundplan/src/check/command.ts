import { ExpectedFailure } from '@groundplan/local';
import { RuleSet } from '@groundplan/rules';
import { Command, Option } from 'commander';
import { answer } from '../answer';
import { readAssemblyFolder } from '../assembly-folder';
import { FindingsOpen } from './findings-open';
import { CheckReport, reportOf } from './report';
import { renderPretty } from './pretty';
import { renderSarif } from './sarif';

interface CheckOptions {
  readonly format: keyof typeof FORMATS;
  readonly output?: string;
  readonly requiredTags?: string[];
  readonly strict: boolean;
  readonly all: boolean;
}

const FORMATS = {
  pretty: renderPretty,
  json: (report: CheckReport) => JSON.stringify(report, undefined, 2),
  sarif: (report: CheckReport) => JSON.stringify(renderSarif(report), undefined, 2),
};

export function checkCommand(): Command {
  return new Command('check')
    .description('what the rules hold against a synthesized app, of whatever constructs it is made')
    .argument('[folder]', 'the cloud assembly that "cdk synth" wrote', 'cdk.out')
    .addOption(new Option('--format <format>', 'how it is said').choices(Object.keys(FORMATS)).default('pretty'))
    .option('--output <file>', 'write it there instead of to stdout')
    .option(
      '--required-tags <keys>',
      'tags that every resource has to carry, separated by commas, for an app that does not say it itself (default: Project,Environment,ManagedBy,Owner,CostCenter)',
      tagKeys,
    )
    .option('--strict', 'warnings fail it too', false)
    .option('--all', 'also show what is acknowledged, with its reason', false)
    .addHelpText('after', '\nExit codes: 0 nothing is open · 1 something is open · 2 it could not be read')
    .action((folder: string, { format, output, requiredTags, strict, all }: CheckOptions) => {
      const graph = readAssemblyFolder(folder);
      const report = reportOf(folder, graph, RuleSet.check(graph, { requiredTags }), { strict, all });
      answer(FORMATS[format](report), output);
      if (report.summary.open > 0) throw new FindingsOpen();
    });
}

function tagKeys(text: string): string[] {
  const keys = text.split(',').map((key) => key.trim());
  if (keys.some((key) => key === ''))
    throw new ExpectedFailure(
      `--required-tags must name tags, separated by commas, such as Owner,CostCenter; got "${text}".`,
    );
  return keys;
}
