import type { AlterTableStmt, Constraint, Node } from 'libpg-query';
import { Statement, nameOf, nodesIn, objectName, relationName } from './statement';

/** A check constraint that keeps a column from being empty. */
interface NotNullCheck {
  readonly column: string;
  readonly isValid: boolean;
}

/**
 * What is known of the schema from the statements so far: which tables this file has just made, so that nobody uses them yet, and
 * what constraints have shown.
 */
export class SchemaSoFar {
  private made = new Set<string>();
  private madeInFile = new Set<string>();
  private notValid = new Set<string>();
  private readonly checks = new Map<string, NotNullCheck>();

  /** Begins with the next file. */
  begin(statements: readonly Statement[]): void {
    this.made = new Set();
    this.notValid = new Set();
    this.madeInFile = new Set(statements.flatMap(({ node }) => madeBy(node)));
  }

  /** Whether this file has made it before: nobody uses it, and nothing is in it. */
  isNew(name: string): boolean {
    return this.made.has(name) || name.startsWith('pg_temp.');
  }

  /** Whether this file makes it, before or behind: what is dropped to be made again. */
  isMadeInThisFile(name: string): boolean {
    return this.madeInFile.has(name);
  }

  /** Whether this file has added a constraint that is still to be validated. */
  hasJustAdded(table: string, constraint: string): boolean {
    return this.notValid.has(`${table}.${constraint}`);
  }

  /** Whether a validated check shows that a column is never empty. */
  isNeverEmpty(table: string, column: string): boolean {
    return [...this.checks].some(
      ([key, check]) => key.startsWith(`${table}.`) && check.column === column && check.isValid,
    );
  }

  /** Takes in what a statement does. */
  add({ node }: Statement): void {
    for (const name of madeBy(node)) this.made.add(name);
    if ('RenameStmt' in node && node.RenameStmt.renameType === 'OBJECT_TABLE') {
      const { relation, newname } = node.RenameStmt;
      if (this.isNew(relationName(relation))) this.made.add(nameOf([relation?.schemaname, newname]));
    }
    if ('AlterTableStmt' in node) this.addAlteration(node.AlterTableStmt);
  }

  private addAlteration({ relation, cmds = [] }: AlterTableStmt): void {
    const table = relationName(relation);
    for (const command of cmds) {
      if (!('AlterTableCmd' in command)) continue;
      const { subtype, name, def } = command.AlterTableCmd;
      if (subtype === 'AT_AddConstraint' && def && 'Constraint' in def) this.addConstraint(table, def.Constraint);
      if (subtype === 'AT_ValidateConstraint') {
        const check = this.checks.get(`${table}.${name}`);
        if (check) this.checks.set(`${table}.${name}`, { ...check, isValid: true });
      }
      if (subtype === 'AT_DropConstraint') this.checks.delete(`${table}.${name}`);
    }
  }

  private addConstraint(table: string, { contype, conname, skip_validation: skips, raw_expr: rule }: Constraint): void {
    if (skips) this.notValid.add(`${table}.${conname}`);
    const column = contype === 'CONSTR_CHECK' ? columnThatIsNotNull(rule) : undefined;
    if (column !== undefined) this.checks.set(`${table}.${conname}`, { column, isValid: !skips });
  }
}

/** The column of `CHECK (column IS NOT NULL)`. */
function columnThatIsNotNull(rule: Node | undefined): string | undefined {
  if (!rule || !('NullTest' in rule) || rule.NullTest.nulltesttype !== 'IS_NOT_NULL') return undefined;
  const { arg } = rule.NullTest;
  return arg && 'ColumnRef' in arg
    ? objectName(arg.ColumnRef.fields ?? [])
        .split('.')
        .at(-1)
    : undefined;
}

/** The names of what a statement makes. */
function madeBy(node: Node): string[] {
  if ('CreateStmt' in node) return [relationName(node.CreateStmt.relation)];
  if ('CreateTableAsStmt' in node) return [relationName(node.CreateTableAsStmt.into?.rel)];
  if ('SelectStmt' in node) return node.SelectStmt.intoClause ? [relationName(node.SelectStmt.intoClause.rel)] : [];
  if ('CreateForeignTableStmt' in node) return [relationName(node.CreateForeignTableStmt.base?.relation)];
  if ('ViewStmt' in node) return [relationName(node.ViewStmt.view)];
  if ('CreateSeqStmt' in node) return [relationName(node.CreateSeqStmt.sequence)];
  if ('IndexStmt' in node) return [nameOf([node.IndexStmt.relation?.schemaname, node.IndexStmt.idxname])];
  if ('CreateFunctionStmt' in node) return [objectName(node.CreateFunctionStmt.funcname ?? [])];
  if ('DefineStmt' in node) return [objectName(node.DefineStmt.defnames ?? [])];
  if ('CreateEnumStmt' in node) return [objectName(node.CreateEnumStmt.typeName ?? [])];
  if ('CompositeTypeStmt' in node) return [relationName(node.CompositeTypeStmt.typevar)];
  if ('CreateDomainStmt' in node) return [objectName(node.CreateDomainStmt.domainname ?? [])];
  if ('CreateExtensionStmt' in node) return [nameOf([node.CreateExtensionStmt.extname])];
  if ('CreateSchemaStmt' in node)
    return [
      nameOf([node.CreateSchemaStmt.schemaname]),
      ...[...nodesIn(node.CreateSchemaStmt.schemaElts)].flatMap((element) => madeBy(element as Node)),
    ];
  return [];
}
