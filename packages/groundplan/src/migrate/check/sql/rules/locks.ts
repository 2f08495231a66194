import type { DefElem, Node } from 'libpg-query';
import { objectName, relationName } from '../statement';
import { SqlRules, held } from '../sql-rules';

/** Statements that everybody else has to wait for. */
export const LOCKS: SqlRules = {
  IndexStmt: ({ relation, concurrent, idxname }, { schema }) => {
    const table = relationName(relation);
    // ON ONLY makes an index of a partitioned table without its partitions: nothing is built yet.
    if (concurrent || !relation?.inh || schema.isNew(table)) return [];
    return [
      held(
        'IndexConcurrently',
        `${table} gets ${idxname ? `the index ${idxname}` : 'an index'}.`,
        'Write CREATE INDEX CONCURRENTLY, in a file of its own.',
      ),
    ];
  },
  ReindexStmt: ({ relation, name, params }, { schema }) => {
    const what = relation ? relationName(relation) : (name ?? 'everything');
    if (isAsked(params, 'concurrently') || schema.isNew(what)) return [];
    return [
      held('IndexConcurrently', `${what} is indexed anew.`, 'Write REINDEX … CONCURRENTLY, in a file of its own.'),
    ];
  },
  VacuumStmt: ({ options, rels = [], is_vacuumcmd: vacuums }) => {
    if (!vacuums || !isAsked(options, 'full')) return [];
    const tables = rels.map((node) => ('VacuumRelation' in node ? relationName(node.VacuumRelation.relation) : ''));
    return [
      held(
        'LockTable',
        `VACUUM FULL writes ${tables.join(', ') || 'every table'} anew, while nobody can read it.`,
        'Leave it to autovacuum; to give space back, pg_repack, outside of deployments.',
      ),
    ];
  },
  ClusterStmt: ({ relation }, { schema }) =>
    schema.isNew(relationName(relation))
      ? []
      : [
          held(
            'LockTable',
            `CLUSTER writes ${relationName(relation) || 'every table'} anew, while nobody can read it.`,
            'pg_repack does it while the table is used, outside of deployments.',
          ),
        ],
  LockStmt: ({ relations = [] }, { schema }) =>
    relations
      .map(objectName)
      .filter((table) => !schema.isNew(table))
      .map((table) =>
        held('LockTable', `${table} is locked.`, 'Take it out: every statement locks what it needs, and no more.'),
      ),
};

/** Whether an option in brackets is on: without a value it is. */
export function isAsked(options: readonly Node[] = [], name: string): boolean {
  return options.some((node) => 'DefElem' in node && node.DefElem.defname === name && !isOff(node.DefElem));
}

function isOff({ arg }: DefElem): boolean {
  if (!arg) return false;
  if ('String' in arg) return /^(false|off|0)$/i.test(arg.String.sval ?? '');
  if ('Boolean' in arg) return !arg.Boolean.boolval;
  return 'Integer' in arg && !arg.Integer.ival;
}
