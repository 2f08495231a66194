import { Step } from '../../steps';
import type { MigrationFinding } from './finding';
import { checkHistory, newSince } from './history';
import { MigrationFolder } from './migration-folder';
import { checkNames } from './names';
import { Release, previousRelease } from './release';
import { Replay, replay } from './replay/replay';
import { MigrationReport, reportOf } from './report';
import { lintSql } from './sql/lint';

export interface CheckMigrationsOptions {
  /** What was released: a ref of git. @default the newest tag, else where the branch left the default one */
  readonly since?: string;
  /** Lint what was released, too. */
  readonly all: boolean;
  readonly strict: boolean;
  /** Run everything on a PostgreSQL. */
  readonly replay: boolean;
  readonly major?: number;
  readonly database: string;
}

/** A folder of migrations that is checked, one step after the other. */
export class MigrationsCheck {
  private readonly now: MigrationFolder;
  private readonly release: Release;
  private readonly findings: MigrationFinding[] = [];
  private linted = 0;
  private played?: Replay;

  constructor(
    private readonly folder: string,
    private readonly options: CheckMigrationsOptions,
  ) {
    this.now = MigrationFolder.read(folder);
    this.release = previousRelease(folder, options.since);
  }

  get steps(): Step[] {
    return [
      { title: 'Names', work: async () => this.names() },
      { title: 'History', work: async () => this.history() },
      { title: 'SQL', work: () => this.sql() },
      ...(this.options.replay ? [{ title: 'Replay', work: (say: (text: string) => void) => this.replay(say) }] : []),
    ];
  }

  get report(): MigrationReport {
    const { folder, played, linted, release, now, findings, options } = this;
    const since = 'missing' in release ? undefined : release.what;
    const about = { folder, since, replay: played, migrations: now.migrations.length, linted };
    return reportOf(about, findings, options.strict);
  }

  private names(): string {
    const of = (kind: string) => this.now.migrations.filter(({ name }) => name.kind === kind).length;
    return this.found(
      checkNames(this.now.migrations),
      `${of('versioned')} with a version, ${of('repeatable')} repeatable`,
    );
  }

  private history(): string {
    if ('missing' in this.release) return `skipped: ${this.release.missing}`;
    const { what, folder } = this.release;
    return this.found(checkHistory(folder.migrations, this.now.migrations, what), `since ${what}`);
  }

  private async sql(): Promise<string> {
    const { migrations } = this.now;
    const isAll = this.options.all || 'missing' in this.release;
    const chosen = isAll
      ? migrations
      : newSince((this.release as { folder: MigrationFolder }).folder.migrations, migrations);
    this.linted = chosen.length;
    const what = isAll ? `all ${chosen.length}` : `${chosen.length} new of ${migrations.length}`;
    return this.found(await lintSql(migrations, new Set(chosen)), what);
  }

  private async replay(say: (text: string) => void): Promise<string> {
    if (this.findings.some(({ ruleId }) => ruleId === 'MigrationName' || ruleId === 'DuplicateVersion'))
      return 'skipped: Flyway would stop at the names';
    // Flyway compares checksums before anything else, and would say again what the history said.
    const isEdited = this.findings.some(({ ruleId }) => HISTORY.has(ruleId));
    const release = 'missing' in this.release || isEdited ? undefined : this.release;
    const { major, database } = this.options;
    const { replay: played, findings } = await replay(this.now, release, { major, database, say });
    this.played = played;
    const { fromNothing, fromRelease, postgres } = played;
    const parts = [
      `${fromNothing.applied} applied in ${seconds(fromNothing)}`,
      ...(fromRelease ? [`${fromRelease.applied} after the release in ${seconds(fromRelease)}`] : []),
      ...(isEdited ? ['not after the release: its migrations were changed'] : []),
    ];
    return this.found(findings, `PostgreSQL ${postgres}: ${parts.join(', ')}`);
  }

  /** Notes what was found, and says how much. */
  private found(findings: readonly MigrationFinding[], what: string): string {
    this.findings.push(...findings);
    const open = findings.filter(({ acceptedBecause }) => acceptedBecause === undefined).length;
    return open === 0 ? what : `${what}; ${open} ${open === 1 ? 'finding' : 'findings'}`;
  }
}

const HISTORY = new Set(['EditedMigration', 'RenamedMigration', 'DeletedMigration', 'OutOfOrder']);

function seconds({ milliseconds }: { readonly milliseconds: number }): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
