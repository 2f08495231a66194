import { RuleDescription, Severity } from '@groundplan/rules';
import type { MigrationFinding } from './finding';
import type { Replay } from './replay/replay';
import { RULES, RuleId, describeRule } from './rules';

/** A finding with its place for whoever stands in the working directory. */
export interface ReportedMigrationFinding extends MigrationFinding {
  /** Relative to the working directory. */
  readonly path: string;
}

/** What `migrate check --format json` prints. */
export interface MigrationReport {
  readonly folder: string;
  /** What it was compared with. @default - with nothing: there was no release before */
  readonly since?: string;
  readonly summary: {
    /** Findings that fail the check. */
    readonly open: number;
    readonly warnings: number;
    readonly accepted: number;
    readonly migrations: number;
    /** Of these, whose SQL was looked at. */
    readonly linted: number;
  };
  /** @default - nothing ran */
  readonly replay?: Replay;
  readonly rules: readonly RuleDescription[];
  readonly findings: readonly ReportedMigrationFinding[];
}

export function reportOf(
  about: Pick<MigrationReport, 'folder' | 'since' | 'replay'> & { migrations: number; linted: number },
  findings: readonly MigrationFinding[],
  strict: boolean,
): MigrationReport {
  const { folder, since, replay, migrations, linted } = about;
  const open = findings.filter(({ acceptedBecause }) => acceptedBecause === undefined);
  return {
    folder,
    since,
    summary: {
      open: open.filter(({ severity }) => strict || severity === Severity.ERROR).length,
      warnings: open.filter(({ severity }) => severity === Severity.WARNING).length,
      accepted: findings.length - open.length,
      migrations,
      linted,
    },
    replay,
    rules: (Object.keys(RULES) as RuleId[]).map(describeRule),
    findings: [...findings]
      .sort((one, other) => compare(one.file, other.file) || one.line - other.line)
      .map((finding) => ({ ...finding, path: pathOf(folder, finding.file) })),
  };
}

function compare(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true });
}

function pathOf(folder: string, file: string): string {
  return [folder.replace(/\/+$/, ''), file].filter(Boolean).join('/');
}
