import type { DropStmt, RenameStmt } from 'libpg-query';
import { objectName, relationName } from '../statement';
import { Context, Held, SqlRules, held } from '../sql-rules';

/** What says the same once it is made again, and holds no rows. */
const REPLACED = new Set(['VIEW', 'MATVIEW', 'FUNCTION', 'PROCEDURE', 'ROUTINE', 'AGGREGATE']);
const DROPPED = new Set([
  ...REPLACED,
  ...['TABLE', 'FOREIGN_TABLE', 'SCHEMA', 'SEQUENCE', 'TYPE', 'DOMAIN', 'EXTENSION', 'FOREIGN_SERVER', 'COLLATION'],
]);
const RENAMED = new Set([
  ...REPLACED,
  ...['TABLE', 'FOREIGN_TABLE', 'SCHEMA', 'SEQUENCE', 'TYPE', 'DOMAIN', 'COLUMN', 'ATTRIBUTE'],
]);

const LATER = 'Stop using it in one release and drop it in a later one';

/** Statements after which something is gone, or is called otherwise. */
export const DESTROYS: SqlRules = {
  DropStmt: dropped,
  DropdbStmt: ({ dbname }) => [held('DropObject', `The database ${dbname} is dropped.`, 'Take it out.')],
  DropOwnedStmt: () => [
    held('DropObject', 'Everything that a role owns is dropped.', 'Drop what is meant by its name.'),
  ],
  TruncateStmt: ({ relations = [] }, { schema }) =>
    relations
      .map(objectName)
      .filter((name) => !schema.isNew(name))
      .map((name) =>
        held(
          'DeleteEverything',
          `Every row of ${name} is deleted.`,
          `Delete the rows that are meant: DELETE FROM ${name} WHERE ….`,
        ),
      ),
  DeleteStmt: ({ relation, whereClause }, { schema }) =>
    whereClause || schema.isNew(relationName(relation))
      ? []
      : [
          held(
            'DeleteEverything',
            `Every row of ${relationName(relation)} is deleted.`,
            'Say which with WHERE; many of them in steps, outside of deployments.',
          ),
        ],
  UpdateStmt: ({ relation, whereClause }, { schema }) =>
    whereClause || schema.isNew(relationName(relation))
      ? []
      : [
          held(
            'DeleteEverything',
            `Every row of ${relationName(relation)} is written over, and locked until the migration ends.`,
            'Say which with WHERE; fill a new column in steps, outside of deployments.',
          ),
        ],
  RenameStmt: renamed,
  AlterObjectSchemaStmt: ({ objectType = '', relation, object, newschema }, { schema }) => {
    const name = relation ? relationName(relation) : object ? objectName(object) : '';
    if (!RENAMED.has(kindOf(objectType)) || schema.isNew(name)) return [];
    return [held('Rename', `${name} moves to the schema ${newschema}.`, expandAndContract('it'))];
  },
};

function kindOf(type: string): string {
  return type.replace(/^OBJECT_/, '');
}

function wordsOf(kind: string): string {
  return kind === 'MATVIEW' ? 'materialized view' : kind.toLowerCase().replace('_', ' ');
}

function dropped({ objects = [], removeType = 'OBJECT_TABLE', concurrent }: DropStmt, { schema }: Context): Held[] {
  const kind = kindOf(removeType);
  const names = objects.map(objectName).filter((name) => !schema.isNew(name));
  if (kind === 'INDEX')
    return concurrent
      ? []
      : names.map((name) =>
          held(
            'IndexConcurrently',
            `The index ${name} is dropped.`,
            'Write DROP INDEX CONCURRENTLY, in a file of its own.',
          ),
        );
  if (!DROPPED.has(kind)) return [];
  return names
    .filter((name) => !(REPLACED.has(kind) && schema.isMadeInThisFile(name)))
    .map((name) => held('DropObject', `The ${wordsOf(kind)} ${name} is dropped.`, `${LATER}, and accept it there.`));
}

function renamed(
  { renameType = 'OBJECT_TABLE', relation, object, subname, newname }: RenameStmt,
  { schema }: Context,
): Held[] {
  const kind = kindOf(renameType);
  const whole = relation ? relationName(relation) : object ? objectName(object) : (subname ?? '');
  if (!RENAMED.has(kind) || schema.isNew(whole)) return [];
  const isPart = kind === 'COLUMN' || kind === 'ATTRIBUTE';
  const name = isPart ? `${whole}.${subname}` : whole;
  return [
    held(
      'Rename',
      `The ${wordsOf(kind)} ${name} is renamed to ${newname}.`,
      expandAndContract(isPart ? 'the column' : 'it'),
    ),
  ];
}

function expandAndContract(what: string): string {
  return `Add ${what} under the new name, keep both the same (a trigger, or a view) until no release uses the old one, then drop that.`;
}
