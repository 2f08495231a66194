import { Certainty, Reach, ReachKind } from '@groundplan/graph';
import pc from 'picocolors';
import { drawTable } from '../table';
import type { ReachReport } from './command';

/** The answer for a person: one table for each thing that is reached. */
export function renderReach({ folder, rows, chains }: ReachReport): string {
  if (rows.length === 0) return `Nothing reaches anything in ${folder}, as far as its templates say.`;
  const targets = [...new Set(rows.map(({ target }) => target))];
  return [
    ...targets.map((target) => renderTarget(rows.filter((row) => row.target === target))),
    ...(chains && chains.length > 0 ? [renderChains(chains.map(({ text }) => text))] : []),
    ...notKnown(rows),
  ].join('\n\n');
}

function renderTarget(rows: readonly Reach[]): string {
  const [{ target, targetType }] = rows;
  return [
    `${pc.bold(target)} ${pc.dim(targetType)}`,
    drawTable(
      ['Reached by', 'On', 'Through', 'Allowed by', ''],
      rows.map((row) => [
        who(row),
        row.ports.join('\n'),
        row.through.join('\n'),
        row.allowedBy.join('\n'),
        row.certainty === Certainty.UNKNOWN ? pc.yellow('unknown') : '',
      ]),
    ),
  ].join('\n');
}

function who({ kind, source }: Reach): string {
  if (kind === ReachKind.INTERNET) return pc.red(`internet (${source})`);
  if (kind === ReachKind.NETWORK) return `addresses of ${source}`;
  if (kind === ReachKind.SECURITY_GROUP) return `whoever is in ${source}`;
  return source;
}

function renderChains(texts: readonly string[]): string {
  return [pc.bold('From the internet, also through code'), ...texts.map((text) => `  ${text}`)].join('\n');
}

function notKnown(rows: readonly Reach[]): string[] {
  const unknowns = [...new Set(rows.flatMap((row) => row.unknowns))];
  return unknowns.length > 0 ? [[pc.yellow('Not known'), ...unknowns.map((text) => `  ${text}`)].join('\n')] : [];
}
