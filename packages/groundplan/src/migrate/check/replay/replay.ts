import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Flyway, PostgresServer } from '@groundplan/engines';
import { ExpectedFailure } from '@groundplan/local';
import { MigrationFinding, finding } from '../finding';
import type { MigrationFolder } from '../migration-folder';
import type { RuleId } from '../rules';
import { Failure, Run, migrate } from './flyway';
import { makeRoles } from './roles';

export interface ReplayOptions {
  readonly major?: number;
  /** What the database is called; its roles are named after it. */
  readonly database: string;
  /** Is told what takes a moment: the first time on a machine. */
  readonly say: (text: string) => void;
}

/** What came of running everything. */
export interface Replay {
  readonly postgres: string;
  readonly flyway: string;
  /** From nothing. */
  readonly fromNothing: Pick<Run, 'milliseconds'> & { readonly applied: number };
  /** On what the previous release left. @default - there is none, or it cannot be told */
  readonly fromRelease?: Pick<Run, 'milliseconds'> & { readonly applied: number };
}

const FIX = 'Correct it: nothing after it ran.';

/**
 * Runs all migrations through the real Flyway on a real PostgreSQL, as the migration task does: from nothing, once more, and on
 * what the previous release left. Each of the two databases has a server of its own, since roles belong to the server.
 */
export async function replay(
  now: MigrationFolder,
  release: { readonly what: string; readonly folder: MigrationFolder } | undefined,
  options: ReplayOptions,
): Promise<{ readonly replay: Replay; readonly findings: MigrationFinding[] }> {
  const flyway = await withEngines(({ prepareFlyway }) => prepareFlyway({ say: options.say }));
  const first = onServer(options, async (server) => {
    const before = await runOn(server, flyway, now);
    const again = before.failure ? undefined : await runOn(server, flyway, now);
    return { before, again, version: server.version };
  });
  const second =
    release &&
    onServer(options, async (server) => {
      const before = await runOn(server, flyway, release.folder);
      return before.failure ? { before } : { before, after: await runOn(server, flyway, now) };
    });
  // Both have ended before anything is said of either: a server that is left behind would outlive the answer.
  const [ofNothing, ofRelease] = await Promise.allSettled([first, second]);
  if (ofNothing.status === 'rejected') throw ofNothing.reason;
  if (ofRelease.status === 'rejected') throw ofRelease.reason;
  const { before, again, version } = ofNothing.value;
  const after = ofRelease.value?.after;
  return {
    replay: {
      postgres: version,
      flyway: flyway.version,
      fromNothing: counted(before),
      ...(after && { fromRelease: counted(after) }),
    },
    findings: [
      ...failed('Replay', before.failure, 'From nothing', FIX),
      ...(again ? checkAgain(again) : []),
      // What fails from nothing has been said.
      ...(before.failure?.file === after?.failure?.file
        ? []
        : failed('ReplayFromRelease', after?.failure, `After ${release?.what}`, FIX)),
      ...failed(
        'ReplayFromRelease',
        ofRelease.value?.before.failure,
        `Of ${release?.what} itself`,
        'Compare with another release: --since <ref>.',
      ),
    ],
  };
}

function checkAgain({ failure, applied }: Run): MigrationFinding[] {
  if (failure)
    return failed(
      'Replay',
      failure,
      'The second time',
      'Write it so that it may run again: IF NOT EXISTS, OR REPLACE.',
    );
  return applied.map((file) =>
    finding(
      'SecondRun',
      { file },
      `${file} runs again although nothing has changed.`,
      'Take out what differs in every run, such as ${flyway:timestamp}.',
    ),
  );
}

function failed(ruleId: RuleId, failure: Failure | undefined, when: string, fix: string): MigrationFinding[] {
  return failure ? [finding(ruleId, failure, `${when} it fails: ${failure.message}.`, fix)] : [];
}

function counted({ applied, milliseconds }: Run) {
  return { applied: applied.length, milliseconds };
}

async function onServer<T>(
  { major, database, say }: ReplayOptions,
  work: (server: PostgresServer) => Promise<T>,
): Promise<T> {
  const server = await withEngines(({ PostgresServer: Server }) =>
    Server.start({ rds: true, forceTls: true, user: 'postgres', database, major, note: say }),
  );
  try {
    await makeRoles(server);
    return await work(server);
  } finally {
    await server.stop();
  }
}

type Engines = typeof import('@groundplan/engines');

/** What an engine cannot do for lack of something is for the person to read, as of any other part of the command. */
async function withEngines<T>(work: (engines: Engines) => Promise<T>): Promise<T> {
  const engines = await import('@groundplan/engines'); // not for every command
  try {
    return await work(engines);
  } catch (error) {
    if (error instanceof engines.ExpectedFailure) throw new ExpectedFailure(error.message, error.exitCode);
    throw error;
  }
}

/** A folder of its own in the temporary one: what is checked is left alone, and a release stands only in git. */
async function runOn(server: PostgresServer, flyway: Flyway, folder: MigrationFolder): Promise<Run> {
  const sql = realpathSync(mkdtempSync(join(tmpdir(), 'groundplan-replay-')));
  const remove = () => rmSync(sql, { recursive: true, force: true });
  process.once('exit', remove);
  try {
    folder.writeTo(sql);
    return await migrate(flyway, server, sql);
  } finally {
    process.off('exit', remove);
    remove();
  }
}
