#!/usr/bin/env node
/** The `pgbouncer` command: same arguments, output and exit codes; as root, where PgBouncer refuses to run, it runs all the same. */
import { LOOKED_AT, findPgBouncer } from './pgbouncer/pgbouncer';
import { withoutRoot } from './pgbouncer/without-root';
import { standInFor } from './stand-in';

if (process.env[LOOKED_AT]) process.exit(1);

standInFor('pgbouncer', async (args, say) => {
  const { command } = await findPgBouncer({ say });
  // To PgBouncer SIGTERM means to wait for its clients, and there is nobody left to wait.
  return { ...withoutRoot(command, args), signals: ['QUIT', 'KILL'], serves: true };
});
