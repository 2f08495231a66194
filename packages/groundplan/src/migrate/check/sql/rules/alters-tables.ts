import type { AlterTableCmd, AlterTableStmt, ColumnDef, Constraint } from 'libpg-query';
import { relationName } from '../statement';
import { Context, Held, SqlRules, held } from '../sql-rules';
import { addedColumn } from './added-column';

/** Not of views, indexes and types: their ALTER is the same statement in the grammar. */
const TABLES = new Set(['OBJECT_TABLE', 'OBJECT_FOREIGN_TABLE', 'OBJECT_MATVIEW', undefined]);
const REWRITES = new Map([
  ['AT_SetLogged', 'is made LOGGED'],
  ['AT_SetUnLogged', 'is made UNLOGGED'],
  ['AT_SetAccessMethod', 'gets another access method'],
  ['AT_SetTableSpace', 'moves to another tablespace'],
  ['AT_SetExpression', 'computes a column in another way'],
]);

/** What is done to tables that others use. */
export const ALTERS_TABLES: SqlRules = {
  AlterTableStmt: ({ relation, cmds = [], objtype }: AlterTableStmt, context) => {
    const table = relationName(relation);
    if (context.schema.isNew(table)) return [];
    return cmds.flatMap((command) =>
      'AlterTableCmd' in command ? altered(table, command.AlterTableCmd, TABLES.has(objtype), context) : [],
    );
  },
};

function altered(table: string, command: AlterTableCmd, isTable: boolean, context: Context): Held[] {
  const { subtype = 'AT_AddColumn', name, def } = command;
  if (subtype === 'AT_DropColumn')
    return [
      held(
        'DropColumn',
        `The column ${table}.${name} is dropped.`,
        'Stop using it in one release and drop it in a later one, and accept it there.',
      ),
    ];
  if (subtype === 'AT_AlterColumnType')
    return [
      held(
        'ChangeColumnType',
        `The column ${table}.${name} gets another type.`,
        'Add a column of the new type, keep both the same until no release uses the old one, then drop that. Longer varchar, and varchar to text, change nothing but the catalog: accept those.',
      ),
    ];
  if (subtype === 'AT_ChangeOwner')
    return [
      held(
        'Roles',
        `${table} gets another owner.`,
        'Take it out: what migrations make belongs to the owner of the database.',
      ),
    ];
  if (!isTable) return [];
  if (subtype === 'AT_SetNotNull') return setNotNull(table, name ?? '', context);
  if (subtype === 'AT_ValidateConstraint') return validated(table, name ?? '', context);
  if (subtype === 'AT_AddConstraint') return addedConstraint(table, (def as { Constraint: Constraint }).Constraint);
  if (subtype === 'AT_AddColumn') return addedColumn(table, (def as { ColumnDef: ColumnDef }).ColumnDef);
  const rewrite = REWRITES.get(subtype);
  if (rewrite !== undefined)
    return [held('RewriteTable', `${table} ${rewrite}.`, 'Do it while nobody uses the table, and accept it here.')];
  return [];
}

function setNotNull(table: string, column: string, { schema }: Context): Held[] {
  if (schema.isNeverEmpty(table, column)) return [];
  return [
    held(
      'SetNotNull',
      `${table}.${column} is set NOT NULL, and no validated check shows that it is never empty.`,
      `ADD CONSTRAINT ${column}_is_there CHECK (${column} IS NOT NULL) NOT VALID; in the next file VALIDATE CONSTRAINT ${column}_is_there; then SET NOT NULL, and drop the check.`,
    ),
  ];
}

function validated(table: string, constraint: string, { schema, isInTransaction }: Context): Held[] {
  if (!isInTransaction || !schema.hasJustAdded(table, constraint)) return [];
  return [
    held(
      'ValidateLater',
      `${constraint} of ${table} is validated in the transaction that adds it.`,
      'Write VALIDATE CONSTRAINT into the next file.',
    ),
  ];
}

function addedConstraint(table: string, constraint: Constraint): Held[] {
  const { contype, conname = 'a constraint', indexname, skip_validation: skips } = constraint;
  if ((contype === 'CONSTR_FOREIGN' || contype === 'CONSTR_CHECK' || contype === 'CONSTR_NOTNULL') && !skips)
    return [
      held(
        'ConstraintNotValid',
        `${table} gets ${conname}, and every row is read for it.`,
        `Add NOT VALID, and write ALTER TABLE ${table} VALIDATE CONSTRAINT … into the next file.`,
      ),
    ];
  if ((contype === 'CONSTR_UNIQUE' || contype === 'CONSTR_PRIMARY') && indexname === undefined)
    return [
      held(
        'UniqueUsingIndex',
        `${table} gets ${conname}, and an index is built for it.`,
        'CREATE UNIQUE INDEX CONCURRENTLY in a file of its own, then ADD CONSTRAINT … USING INDEX.',
      ),
    ];
  if (contype === 'CONSTR_EXCLUSION')
    return [
      held(
        'UniqueUsingIndex',
        `${table} gets ${conname}, and an index is built for it, which an EXCLUDE cannot take over.`,
        'Add it while nobody uses the table, and accept it here.',
      ),
    ];
  return [];
}
