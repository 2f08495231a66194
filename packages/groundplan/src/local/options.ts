import { LocalAwsOptions } from '@groundplan/local';
import { Command } from 'commander';

/** The folder that tells one local AWS from another: every command takes it. */
export function withState(command: Command): Command {
  return command.option(
    '--state <folder>',
    'where the local AWS keeps its files (GROUNDPLAN_LOCAL_STATE; default: .groundplan/local in the workspace)',
  );
}

/** What a start can be asked for. */
export function withInstance(command: Command): Command {
  return withState(command)
    .option('--port <port>', 'the port on 127.0.0.1 (GROUNDPLAN_LOCAL_PORT; default: 4566)')
    .option(
      '--account <id>',
      'the account of requests that name none (GROUNDPLAN_LOCAL_ACCOUNT; default: 000000000000)',
    )
    .option(
      '--region <name>',
      'the region of requests that name none (GROUNDPLAN_LOCAL_REGION; default: eu-central-1)',
    );
}

export type InstanceOptions = LocalAwsOptions;
