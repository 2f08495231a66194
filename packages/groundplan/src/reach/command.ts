import { InternetPath, Reach, ReachKind, TemplateGraph } from '@groundplan/graph';
import { ExpectedFailure } from '@groundplan/local';
import { Command } from 'commander';
import { readAssemblyFolder } from '../assembly-folder';
import { renderReach } from './render';

interface ReachOptions {
  readonly to?: string;
  readonly fromInternet: boolean;
  readonly policies: boolean;
  readonly json: boolean;
}

/** What `reach --json` prints. */
export interface ReachReport {
  readonly folder: string;
  readonly rows: Reach[];
  /** Ways from the internet to what `--to` names, also through code. */
  readonly chains?: InternetPath[];
}

export function reachCommand(): Command {
  return new Command('reach')
    .description('who can reach what: the internet, resources, address blocks and, on request, principals')
    .argument('[folder]', 'the cloud assembly that "cdk synth" wrote', 'cdk.out')
    .option(
      '--to <path>',
      'only what reaches this resource: a construct path or a logical id; with the ways to it from the internet',
    )
    .option('--from-internet', 'only what the internet reaches', false)
    .option('--policies', 'also whom resource policies admit', false)
    .option('--json', 'the same for programs', false)
    .addHelpText('after', '\nExit codes: 0 done · 2 it could not be read, or there is no such resource')
    .action((folder: string, { json, ...options }: ReachOptions) => {
      const report = readReach(folder, readAssemblyFolder(folder), options);
      console.log(json ? JSON.stringify(report, undefined, 2) : renderReach(report));
    });
}

function readReach(folder: string, graph: TemplateGraph, options: Omit<ReachOptions, 'json'>): ReachReport {
  const { to, fromInternet, policies } = options;
  const target = to === undefined ? undefined : found(graph, to);
  const all = target ? graph.whoReaches(target) : graph.reach();
  const rows = all
    .filter(({ kind }) => !fromInternet || kind === ReachKind.INTERNET)
    .filter(({ kind }) => policies || kind !== ReachKind.POLICY);
  return { folder, rows, ...(target && { chains: graph.chainsFromInternetTo(target) }) };
}

function found(graph: TemplateGraph, path: string) {
  try {
    return graph.at(path);
  } catch (error) {
    throw new ExpectedFailure(`--to: ${(error as Error).message}`);
  }
}
