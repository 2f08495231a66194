import { RuleDescription, Severity } from '@groundplan/rules';

interface Rule {
  readonly severity: Severity;
  readonly demands: string;
  readonly because: string;
}

const error = (demands: string, because: string): Rule => ({ severity: Severity.ERROR, demands, because });
const warning = (demands: string, because: string): Rule => ({ severity: Severity.WARNING, demands, because });

/** About files, as wholes. */
const OF_FILES = {
  MigrationName: error(
    'Every .sql file is named as Flyway reads it.',
    'Flyway stops at a name that it cannot read, and an undo is nothing that runs by itself.',
  ),
  DuplicateVersion: error('A version stands once.', 'Flyway refuses to choose between two.'),
  VersionGap: error(
    'Versions that are counted have no gaps.',
    'A file is missing, or was numbered too high: Flyway would refuse the missing one later.',
  ),
  EditedMigration: error(
    'A migration that was released is never changed again.',
    'It ran already: its text would say something else than the database, and Flyway refuses to go on.',
  ),
  RenamedMigration: error(
    'A migration that was released keeps its version and its name.',
    'Databases remember both, and Flyway refuses to go on.',
  ),
  DeletedMigration: error(
    'A migration that was released stays.',
    'Databases remember it, and a new database would be made without it.',
  ),
  OutOfOrder: error(
    'A new migration comes after all that were released.',
    'Where later ones ran already Flyway does not go back.',
  ),
  UnreadableSql: error('SQL is such as PostgreSQL reads it.', 'It would fail in the middle of a deployment.'),
} as const satisfies Record<string, Rule>;

/** About statements, each of which can be accepted. */
const OF_STATEMENTS = {
  DropObject: error(
    'Nothing that is in use is dropped.',
    'What is dropped is gone, and the release that still runs needs it until the deployment is over.',
  ),
  DropColumn: error(
    'No column that is in use is dropped.',
    'Its data is gone, and the release that still runs needs it until the deployment is over.',
  ),
  DeleteEverything: error(
    'No statement touches every row of a table that is there.',
    'What was there is gone, and nothing brings it back but a backup.',
  ),
  Rename: error(
    'What is in use keeps its name.',
    'The release that still runs knows the old name until the deployment is over.',
  ),
  AddNotNullColumn: error(
    'A column that is added may be empty, or has a default.',
    'With rows in the table it fails, and the release that still runs inserts without it.',
  ),
  ChangeColumnType: warning(
    'The type of a column stays.',
    'Most changes write the whole table and its indexes anew, while nobody can read it.',
  ),
  RewriteTable: warning('No table is written anew.', 'The whole table is copied, while nobody can read it.'),
  SetNotNull: warning(
    'SET NOT NULL has a validated check to rely on.',
    'Else every row is read, while nobody can read the table.',
  ),
  ConstraintNotValid: warning(
    'A constraint is added NOT VALID, and validated afterwards.',
    'Else every row is read while nobody can write, of a foreign key into neither of the two tables.',
  ),
  ValidateLater: warning(
    'A constraint is validated in a later transaction than the one that adds it.',
    'The lock of adding it is held until the transaction ends, so validating stops writers all the same.',
  ),
  UniqueUsingIndex: warning(
    'A unique constraint or primary key takes over an index that stands.',
    'Else the index is built while nobody can read the table.',
  ),
  IndexConcurrently: warning(
    'Indexes of tables that are there are made, rebuilt and dropped CONCURRENTLY.',
    'Else nobody can write the table meanwhile.',
  ),
  LockTable: warning('No table is locked as a whole.', 'Everybody who needs it waits.'),
  NotInTransaction: warning(
    'What cannot run in a transaction says so in its .conf.',
    'Flyway guesses it statement by statement; the file says it to whoever reads.',
  ),
  MixedTransaction: error(
    'What cannot run in a transaction stands in a file of its own.',
    'Flyway refuses the mixture, or leaves half of the file behind when it fails.',
  ),
  OwnTransaction: error(
    'A migration begins and ends no transaction.',
    'Flyway has one around it; what commits early stays when the rest fails.',
  ),
  Roles: error(
    'Migrations make no users and roles, and change no owner.',
    'They run as the owner of the tables, who may not; what belongs to somebody else cannot be migrated again.',
  ),
  Grants: warning(
    'Rights come from addUser.',
    'The migration task grants them to its roles, for everything that is made; what is granted beside is in no template.',
  ),
  SetRole: error(
    'A migration stays the role that it runs as.',
    'What is made afterwards belongs to somebody else, and the next migration cannot change it.',
  ),
} as const satisfies Record<string, Rule>;

/** About acceptances, and about what was seen when everything ran. */
const OF_RUNS = {
  AcceptanceReason: error(
    'An acceptance names a rule, and why.',
    'Whoever reads it next year has to know whether it still holds.',
  ),
  UnusedAcceptance: warning('An acceptance accepts something.', 'It would hide the next finding unseen.'),
  Replay: error('All migrations run, from nothing.', 'The next database could not be made.'),
  ReplayFromRelease: error(
    'New migrations run on what the previous release left.',
    'That is where they will run, and it is not always where a new database stands.',
  ),
  SecondRun: warning(
    'A second run finds nothing to do.',
    'Every deployment that changes something would run it again.',
  ),
} as const satisfies Record<string, Rule>;

/** Everything that is held against a folder of migrations. What destroys or cannot work is an error; what makes others wait, a warning. */
export const RULES = { ...OF_FILES, ...OF_STATEMENTS, ...OF_RUNS };

export type RuleId = keyof typeof RULES;

export function isRule(text: string): text is RuleId {
  return Object.hasOwn(RULES, text);
}

/** Whether a comment before a statement accepts what the rule finds in it. */
export function isAcceptable(ruleId: RuleId): boolean {
  return Object.hasOwn(OF_STATEMENTS, ruleId);
}

export function describeRule(ruleId: RuleId): RuleDescription {
  const { demands, because } = RULES[ruleId];
  return { ruleId, demands, because };
}
