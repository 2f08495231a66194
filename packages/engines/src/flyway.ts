#!/usr/bin/env node
/** The `flyway` command: same arguments, environment, output and exit codes as that of the official image. */
import { prepareFlyway } from './flyway/flyway';
import { standInFor } from './stand-in';

standInFor('flyway', async (args, say) => {
  const { command } = await prepareFlyway({ say });
  return { command: [...command, ...args], signals: ['TERM', 'KILL'] };
});
