import { Node, SqlError, parsePlPgSQLSync, parseSync, scanSync } from 'libpg-query';
import { Acceptance, acceptanceIn } from './acceptance';
import { Statement, nodesIn } from './statement';

/** What a file of SQL says, or why PostgreSQL could not read it. */
export interface Script {
  readonly statements: readonly Statement[];
  readonly acceptances: readonly Acceptance[];
  readonly problem?: { readonly line: number; readonly message: string };
}

/** Reads SQL as PostgreSQL does. Its module has to be loaded before. */
export function parseScript(text: string): Script {
  const sql = withoutForeignWords(text);
  const bytes = Buffer.from(sql);
  const lineAt = (offset: number) => bytes.toString('latin1', 0, offset).split('\n').length;
  try {
    const { stmts = [] } = parseSync(sql);
    const tokens = scanSync(sql).tokens.map((token) => ({ ...token, isComment: token.tokenName.endsWith('COMMENT') }));
    const words = tokens.filter(({ isComment }) => !isComment);
    const tops = stmts.map(({ stmt, stmt_location: from = 0, stmt_len: length }, index) => {
      const start = words.find(({ start: at }) => at >= from)?.start ?? from;
      const end = length === undefined ? bytes.length : from + length;
      return { node: stmt!, index, start, end, line: lineAt(start), sql: bytes.toString('utf8', start, end) };
    });
    const acceptances = tokens
      .filter(({ isComment }) => isComment)
      .flatMap(({ text: comment, start }) => {
        // The comments before a statement are its own.
        const owner = tops.find(({ end }) => start < end);
        const isAlone = bytes.toString('latin1', bytes.lastIndexOf('\n', start - 1) + 1, start).trim() === '';
        return acceptanceIn(comment, lineAt(start), isAlone && owner && start < owner.start ? owner.index : undefined);
      });
    return { statements: tops.flatMap((top) => [...within(top.node, top.line, top.index, top.sql)]), acceptances };
  } catch (error) {
    const { message, sqlDetails } = error as SqlError;
    const line = lineAt(Buffer.byteLength(sql.slice(0, sqlDetails?.cursorPosition ?? 0)));
    return { statements: [], acceptances: [], problem: { line, message } };
  }
}

/** The statement, then those of its WITH or of its block. */
function* within(node: Node, line: number, index: number, sql: string): Generator<Statement> {
  yield { node, line, index };
  // What a function does it does when it is called.
  if ('CreateFunctionStmt' in node) return;
  for (const { ctequery } of nodesIn(node)) if (ctequery) yield { node: ctequery as Node, line, index };
  if ('DoStmt' in node) yield* inBlock(node, line, index, sql);
}

/** What a block does. What a string says that it executes is not read, unless it is one literal. */
function* inBlock(block: Node, line: number, index: number, sql: string): Generator<Statement> {
  const body = [...nodesIn(block)]
    .map(({ sval }) => sval)
    .find((text) => typeof text === 'string' && text.includes('\n'));
  const offset = body === undefined ? 0 : Math.max(sql.indexOf(body as string), 0);
  const begins = line + sql.slice(0, offset).split('\n').length - 1;
  for (const part of nodesIn(tried(() => parsePlPgSQLSync(sql)))) {
    const executed = part.PLpgSQL_stmt_execsql ?? part.PLpgSQL_stmt_dynexecute;
    if (executed === undefined) continue;
    const { lineno = 1, sqlstmt, query } = executed as PlPgSql;
    const literal = /^'((?:[^']|'')*)'$/.exec(query?.PLpgSQL_expr.query ?? '')?.[1].replaceAll("''", "'");
    const text = sqlstmt?.PLpgSQL_expr.query ?? literal ?? '';
    for (const { stmt } of tried(() => parseSync(text))?.stmts ?? [])
      yield* within(stmt!, begins + lineno - 1, index, text);
  }
}

/** A block may be of another language, or need a catalog to be read: the replay tells whether it works. */
function tried<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}

interface PlPgSql {
  readonly lineno?: number;
  readonly sqlstmt?: { readonly PLpgSQL_expr: { readonly query: string } };
  readonly query?: { readonly PLpgSQL_expr: { readonly query: string } };
}

/** Without what Flyway or the server takes out before it is SQL, in as many lines: placeholders, and the rows of COPY. */
function withoutForeignWords(text: string): string {
  return text
    .replace(/\$\{[\w:.-]+\}/g, (placeholder) => 'p'.padEnd(placeholder.length, '_'))
    .replace(
      /(\bCOPY\b[^;]*?\bFROM\s+STDIN\b[^;]*;[^\n]*\n)([\s\S]*?^\\\.[^\S\n]*$)/gim,
      (_all, copy: string, rows: string) => copy + rows.replace(/[^\n]/g, ''),
    );
}
