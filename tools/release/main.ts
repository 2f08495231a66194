import { execFileSync } from 'node:child_process';
import { runSteps } from '../../packages/groundplan/src/steps';
import { ExpectedFailure } from '../../packages/engines/src/expected-failure';
import { ReleaseFailure } from './failure';
import { readHistory, refuseDirtyTree, refuseUnconventional } from './history';
import { readOptions } from './options';
import { Rehearsal } from './rehearsal';
import { renderTable } from './table';
import { nextVersion } from './version';

/** `npm run release:dry`: makes a release of what is committed, proves it, and publishes nothing. */
async function main(): Promise<void> {
  const begun = Date.now();
  const root = execFileSync('git', ['rev-parse', '--show-toplevel'], { encoding: 'utf8' }).trim();
  const options = readOptions(process.argv.slice(2), root);
  if (!options) return;
  refuseDirtyTree(root);
  const history = await readHistory(root);
  if (options.ifNeeded && history.commits.length === 0)
    return console.log(`Nothing was committed to packages/ since ${history.last}: there is nothing to release.`);
  refuseUnconventional(history);
  const version = await nextVersion(history, options.version);

  const rehearsal = new Rehearsal(root, version, history.last, options);
  try {
    await runSteps(rehearsal.steps);
  } finally {
    rehearsal.end();
  }
  console.log(`\n${renderTable(rehearsal.rows)}\n`);
  for (const remark of rehearsal.remarks) console.log(remark);
  const seconds = ((Date.now() - begun) / 1000).toFixed(1);
  console.log(`${version} stands in ${options.out} (${seconds} s). Nothing was published.`);
}

main().catch((error: unknown) => {
  const expected = error instanceof ReleaseFailure || error instanceof ExpectedFailure;
  console.error(expected ? `error: ${error.message}` : error);
  process.exit(expected ? error.exitCode : 1); // and with it whatever else is under way
});
