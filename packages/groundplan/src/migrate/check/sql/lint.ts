import { loadModule } from 'libpg-query';
import { MigrationFinding, finding } from '../finding';
import type { Migration } from '../migration-folder';
import { accept } from './acceptance';
import { Script, parseScript } from './parse';
import { ALTERS_TABLES } from './rules/alters-tables';
import { DESTROYS } from './rules/destroys';
import { LOCKS } from './rules/locks';
import { ROLES } from './rules/roles';
import { SchemaSoFar } from './schema-so-far';
import { Context, Held, SqlRules } from './sql-rules';
import type { Statement } from './statement';
import { TRANSACTIONS, checkTransaction, isInTransaction } from './transactions';

const ALL: readonly SqlRules[] = [DESTROYS, ALTERS_TABLES, LOCKS, ROLES, TRANSACTIONS];

/**
 * What is held against the statements of some migrations.
 *
 * @param all in their order: what ran before tells what is there
 */
export async function lintSql(all: readonly Migration[], chosen: ReadonlySet<Migration>): Promise<MigrationFinding[]> {
  await loadModule();
  const schema = new SchemaSoFar();
  return all.flatMap((migration) => {
    const script = parseScript(migration.text);
    const found = lintScript(migration, script, schema);
    return chosen.has(migration) ? found : [];
  });
}

function lintScript({ file, settings }: Migration, script: Script, schema: SchemaSoFar): MigrationFinding[] {
  const { statements, acceptances, problem } = script;
  if (problem)
    return [
      finding(
        'UnreadableSql',
        { file, line: problem.line },
        `PostgreSQL cannot read it: ${problem.message}.`,
        'Correct it; what only psql knows (\\copy, \\i) Flyway does not know either.',
      ),
    ];
  const context: Context = { schema, isInTransaction: isInTransaction(settings) };
  schema.begin(statements);
  const found = statements.flatMap((statement) => {
    const all = ALL.flatMap((rules) => apply(rules, statement, context));
    schema.add(statement);
    return all.map((one) => placed(file, statement, one));
  });
  const tops = statements.filter(({ index }, at) => index !== statements[at - 1]?.index);
  const ofFile = checkTransaction(file, settings, tops).map(({ statement, held }) => placed(file, statement, held));
  return accept(file, [...found, ...ofFile], acceptances);
}

function apply(rules: SqlRules, { node }: Statement, context: Context): Held[] {
  const [[kind, value]] = Object.entries(node) as [keyof SqlRules, never][];
  return rules[kind]?.(value, context) ?? [];
}

function placed(file: string, { line, index }: Statement, { ruleId, message, fix }: Held) {
  return { index, finding: finding(ruleId, { file, line }, message, fix) };
}
