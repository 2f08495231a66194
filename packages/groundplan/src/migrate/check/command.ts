import { ExpectedFailure } from '@groundplan/local';
import { Command, Option } from 'commander';
import { answer } from '../../answer';
import { FindingsOpen } from '../../check/findings-open';
import { runSteps } from '../../steps';
import { CheckMigrationsOptions, MigrationsCheck } from './check';
import { renderPretty, renderSarif } from './render';
import type { MigrationReport } from './report';

interface Options extends CheckMigrationsOptions {
  readonly format: keyof typeof FORMATS;
  readonly output?: string;
}

const FORMATS = {
  pretty: renderPretty,
  json: (report: MigrationReport) => JSON.stringify(report, undefined, 2),
  sarif: (report: MigrationReport) => JSON.stringify(renderSarif(report), undefined, 2),
};

export function migrateCheckCommand(): Command {
  return new Command('check')
    .description('whether migrations will run: names, edited history, SQL that destroys or locks, and a replay')
    .argument('<folder>', 'the folder of versioned SQL')
    .option('--since <ref>', 'what was released (default: the newest tag, else the merge base with the default branch)')
    .option('--all', 'lint what was released, too', false)
    .option('--strict', 'warnings fail it too', false)
    .option('--no-replay', 'run nothing: only read')
    .option('--major <version>', 'the major version of PostgreSQL (default: 17)', majorVersion)
    .option('--database <name>', 'what the database is called; roles are named after it', databaseName, 'app')
    .addOption(new Option('--format <format>', 'how it is said').choices(Object.keys(FORMATS)).default('pretty'))
    .option('--output <file>', 'write it there instead of to stdout')
    .addHelpText('after', '\nExit codes: 0 nothing is open · 1 something is open · 2 it could not begin')
    .action(async (folder: string, { format, output, ...options }: Options) => {
      const check = new MigrationsCheck(folder, options);
      await runSteps(check.steps);
      const { report } = check;
      answer(FORMATS[format](report), output);
      if (report.summary.open > 0) throw new FindingsOpen();
    });
}

function majorVersion(text: string): number {
  if (/^\d{2}$/.test(text)) return Number(text);
  throw new ExpectedFailure(`--major must be a major version of PostgreSQL such as 17, got "${text}".`);
}

function databaseName(text: string): string {
  if (/^[a-z][a-z0-9_]{0,50}$/.test(text)) return text;
  throw new ExpectedFailure(
    `--database must be a small letter, then up to 50 small letters, digits and "_", got "${text}".`,
  );
}
