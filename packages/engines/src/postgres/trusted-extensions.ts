import * as fs from 'fs';
import * as path from 'path';

/**
 * What the master user of RDS may create although PostgreSQL leaves it to superusers: RDS has taught its server so, here the
 * extensions are marked as trusted.
 *
 * Source: the extensions that Amazon RDS lists for PostgreSQL 17, among those that PostgreSQL itself ships.
 */
const TRUSTED_ON_RDS = [
  ...['amcheck', 'autoinc', 'bloom', 'dblink', 'earthdistance', 'insert_username', 'moddatetime', 'pg_buffercache'],
  ...['pg_freespacemap', 'pg_prewarm', 'pg_stat_statements', 'pg_visibility', 'pg_walinspect', 'pgrowlocks'],
  ...['pgstattuple', 'refint', 'sslinfo'],
];

/** Marks them in an installation that is ours. */
export function trustExtensions(folder: string): void {
  for (const name of TRUSTED_ON_RDS) {
    const control = path.join(folder, `${name}.control`);
    if (fs.existsSync(control)) fs.appendFileSync(control, '\ntrusted = true\n');
  }
}
