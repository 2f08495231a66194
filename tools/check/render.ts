import Table from 'cli-table3';
import { Finding, idOf } from './finding';
import { Report, ToolSummary } from './report';

export interface RenderOptions {
  /** List what was acknowledged, with the reasons. */
  readonly acknowledged?: boolean;
}

/** The report for a person: the table, then what is to be done. */
export function render(report: Report, options: RenderOptions = {}): string {
  const { app, open, acknowledged, unused, tools } = report;
  const failed = tools.filter(({ error }) => error !== undefined);
  const parts = [
    `${app}\n${tableOf(tools)}`,
    ...failed.map(({ title, error }) => `${title} could not run:\n${indent(error ?? '')}`),
  ];
  if (open.length > 0) parts.push(`Open (${open.length}). ${WHAT_TO_DO}\n${byPath(open, detail)}`);
  if (options.acknowledged && acknowledged.length > 0)
    parts.push(
      `Acknowledged (${acknowledged.length}):\n${byPath(acknowledged, ({ reason, acknowledgedAt, path }) => [
        acknowledgedAt === path ? reason : `${reason} (said at ${acknowledgedAt})`,
      ])}`,
    );
  if (unused.length > 0)
    parts.push(
      `Acknowledgements that match nothing (${unused.length}): misspelt, misplaced or no longer needed; take them out.\n` +
        byPath(unused, ({ reason }) => [reason]),
    );
  return parts.join('\n\n');
}

const WHAT_TO_DO =
  'Fix what can be fixed; acknowledge the rest on the narrowest construct:\n' +
  "Validations.of(construct).acknowledge({ id: '<id as below>', reason: '<why it holds, and the alternative>' })";

function tableOf(tools: readonly ToolSummary[]): string {
  const table = new Table({
    head: ['tool', 'found', 'acknowledged', 'open'],
    style: { head: [], border: [], compact: true },
    colAligns: ['left', 'right', 'right', 'right'],
  });
  for (const { title, found, acknowledged, open, error } of tools)
    table.push(error === undefined ? [title, found, acknowledged, open] : [title, 'could not run', '?', '?']);
  const sum = (pick: (tool: ToolSummary) => number) => tools.reduce((all, tool) => all + pick(tool), 0);
  table.push(['all', sum(({ found }) => found), sum((tool) => tool.acknowledged), sum(({ open }) => open)]);
  return table.toString();
}

function detail({ message, fix }: Finding): string[] {
  return fix ? [message, `→ ${fix}`] : [message];
}

/** Lists things below the construct that they concern, each with its id. */
function byPath<T extends { readonly path: string; readonly id?: string } | Finding>(
  things: readonly T[],
  lines: (thing: T) => string[],
): string {
  const paths = [...new Set(things.map(({ path }) => path))].sort();
  return paths
    .flatMap((path) => [
      `  ${path || 'the App'}`,
      ...things
        .filter((thing) => thing.path === path)
        .flatMap((thing) => [
          `    ${'rule' in thing ? idOf(thing) : thing.id}`,
          ...lines(thing).map((line) => `      ${line}`),
        ]),
    ])
    .join('\n');
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}
