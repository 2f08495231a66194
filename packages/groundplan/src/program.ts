import { Command } from 'commander';
import { checkCommand } from './check/command';
import { downCommand } from './local/down/command';
import { logsCommand } from './local/logs/command';
import { resetCommand } from './local/reset/command';
import { runCommand } from './local/run/command';
import { statusCommand } from './local/status/command';
import { upCommand } from './local/up/command';
import { migrateCheckCommand } from './migrate/check/command';
import { reachCommand } from './reach/command';

const EXIT_CODES = `
Exit codes:
  0  done
  1  an AWS operation failed (\`local run\`: the wrapped command's own code), or \`check\` or \`migrate check\` found something
  2  it could not begin: wrong usage, a port that is taken, no Python, a folder that is no assembly or has no migrations`;

/** The whole command line. A mistake in it is thrown, so that main() alone decides the exit code. */
export function program(): Command {
  const root = new Command('groundplan')
    .description('AWS CDK for platform teams')
    .enablePositionalOptions()
    .showHelpAfterError('(--help lists what there is)')
    .addHelpText('after', EXIT_CODES);
  const local = new Command('local').description('A local AWS without Docker').enablePositionalOptions();
  const commands = [upCommand(), downCommand(), statusCommand(), resetCommand(), logsCommand(), runCommand()];
  for (const command of commands) local.addCommand(command);
  const migrate = new Command('migrate').description('Migrations of a database').enablePositionalOptions();
  const ofMigrations = [migrateCheckCommand()];
  for (const command of ofMigrations) migrate.addCommand(command);
  const readers = [checkCommand(), reachCommand()];
  for (const command of [local, migrate, ...readers]) root.addCommand(command);
  for (const command of [root, local, ...commands, migrate, ...ofMigrations, ...readers])
    command.exitOverride().copyInheritedSettings(root);
  return root;
}
