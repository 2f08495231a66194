import type { ColumnDef, Constraint } from 'libpg-query';
import { nodesIn, objectName } from '../statement';
import { Held, held } from '../sql-rules';

/** Functions that answer something else for every row. Of others PostgreSQL keeps one value for all rows that are there. */
const VOLATILE = new Set(
  [
    'random',
    'random_normal',
    'gen_random_uuid',
    'gen_random_bytes',
    'uuidv4',
    'uuidv7',
    'clock_timestamp',
    'timeofday',
    'nextval',
  ].concat(['uuid_generate_v1', 'uuid_generate_v1mc', 'uuid_generate_v4', 'txid_current', 'pg_current_xact_id']),
);
const SERIAL = /^(small|big)?serial[248]?$/;

/** What a new column asks of the rows that are there. */
export function addedColumn(table: string, { colname, typeName, constraints = [] }: ColumnDef): Held[] {
  const column = `${table}.${colname}`;
  const all = constraints.flatMap((node) => ('Constraint' in node ? [node.Constraint] : []));
  const of = (...kinds: Constraint['contype'][]) => all.find(({ contype }) => kinds.includes(contype));
  const value = of('CONSTR_DEFAULT')?.raw_expr;
  const hasDefault = value !== undefined && !('A_Const' in value && value.A_Const.isnull);
  const counts = SERIAL.test(objectName(typeName?.names ?? [])) || of('CONSTR_IDENTITY') !== undefined;
  const computed = of('CONSTR_GENERATED');
  const isStored = computed !== undefined && computed.generated_kind !== 'v';
  const found: Held[] = [];

  if (of('CONSTR_NOTNULL', 'CONSTR_PRIMARY') && !hasDefault && !counts && !computed)
    found.push(
      held(
        'AddNotNullColumn',
        `${column} is added NOT NULL and without a DEFAULT.`,
        'Give it a DEFAULT; or add it empty, fill it, and set it NOT NULL in a later release.',
      ),
    );
  const volatile = volatileIn(value);
  if (volatile !== undefined || counts || isStored)
    found.push(
      held(
        'RewriteTable',
        `${column} is added with a value of its own for every row${volatile ? `, of ${volatile}()` : ''}.`,
        'Add it without, set the DEFAULT in a second statement (new rows have it then), and fill the old rows in steps.',
      ),
    );
  if (of('CONSTR_CHECK') || (of('CONSTR_FOREIGN') && hasDefault))
    found.push(
      held(
        'ConstraintNotValid',
        `${column} is added with a constraint, and every row is read for it.`,
        'Add the column alone, then ADD CONSTRAINT … NOT VALID, and VALIDATE CONSTRAINT in the next file.',
      ),
    );
  if (of('CONSTR_UNIQUE', 'CONSTR_PRIMARY'))
    found.push(
      held(
        'UniqueUsingIndex',
        `${column} is added with an index.`,
        'Add the column alone, CREATE UNIQUE INDEX CONCURRENTLY in a file of its own, then ADD CONSTRAINT … USING INDEX.',
      ),
    );
  return found;
}

function volatileIn(value: unknown): string | undefined {
  for (const { funcname } of nodesIn(value)) {
    const name = Array.isArray(funcname) ? objectName(funcname).split('.').at(-1) : undefined;
    if (name !== undefined && VOLATILE.has(name)) return name;
  }
  return undefined;
}
