import type { Node } from 'libpg-query';
import { isAsked } from './rules/locks';
import { Held, SqlRules, held } from './sql-rules';
import type { Statement } from './statement';

/** Whether Flyway has a transaction around a file: https://documentation.red-gate.com/fd/script-configuration-files-277578933.html */
export function isInTransaction(settings: string): boolean {
  return !/^\s*executeInTransaction\s*[=:]\s*false\s*$/im.test(settings);
}

/** Flyway commits and rolls back. */
export const TRANSACTIONS: SqlRules = {
  TransactionStmt: () => [
    held(
      'OwnTransaction',
      'A transaction is begun or ended here.',
      'Take it out; what must not run in one has a file of its own.',
    ),
  ],
};

/** What is held against a file whose statements cannot all run in a transaction, at the first that cannot. */
export function checkTransaction(
  file: string,
  settings: string,
  statements: readonly Statement[],
): { readonly statement: Statement; readonly held: Held }[] {
  const outside = statements.filter(({ node }) => runsOutside(node));
  if (outside.length === 0) return [];
  const [statement] = outside;
  const isSaid = !isInTransaction(settings);
  // A timeout for the session is no work that could be left half done.
  const others = statements.filter((one) => !outside.includes(one) && !(isSaid && 'VariableSetStmt' in one.node));
  const found: Held[] = [];
  if (!isSaid)
    found.push(
      held(
        'NotInTransaction',
        'It cannot run in a transaction, and the file does not say so.',
        `Write executeInTransaction=false into ${file}.conf.`,
      ),
    );
  if (others.length > 0)
    found.push(
      held(
        'MixedTransaction',
        `It cannot run in a transaction, and line ${others[0].line} of the same file does.`,
        'Write the two into two files.',
      ),
    );
  return found.map((one) => ({ statement, held: one }));
}

function runsOutside(node: Node): boolean {
  if ('IndexStmt' in node) return Boolean(node.IndexStmt.concurrent);
  if ('DropStmt' in node) return Boolean(node.DropStmt.concurrent);
  if ('ReindexStmt' in node) return isAsked(node.ReindexStmt.params, 'concurrently');
  if ('VacuumStmt' in node) return Boolean(node.VacuumStmt.is_vacuumcmd);
  if ('AlterTableStmt' in node)
    return (node.AlterTableStmt.cmds ?? []).some(
      (command) =>
        'AlterTableCmd' in command &&
        command.AlterTableCmd.def !== undefined &&
        'PartitionCmd' in command.AlterTableCmd.def &&
        Boolean(command.AlterTableCmd.def.PartitionCmd.concurrent),
    );
  return ['CreatedbStmt', 'DropdbStmt', 'CreateTableSpaceStmt', 'DropTableSpaceStmt', 'AlterSystemStmt'].some(
    (kind) => kind in node,
  );
}
