import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const CHECK = join(__dirname, '../check-runtime.mjs');

/** Runs the check that stands before every install as another version of Node.js would see it. */
function checkedOn(version: string) {
  const pretend = `for (const [at, key, value] of [[process.versions, 'node', '${version}'], [process, 'version', 'v${version}']]) Object.defineProperty(at, key, { value }); import('${CHECK}');`;
  return spawnSync(process.execPath, ['--input-type=module', '-e', pretend], { encoding: 'utf8' });
}

test.each(['18.20.4', '20.18.1'])('Node.js %s is refused before anything is installed, with what to do', (version) => {
  const { status, stderr } = checkedOn(version);
  expect(status).toBe(1);
  expect(stderr).toContain(
    `groundplan needs Node.js 20.19 or newer, and this is v${version}. Install a newer Node.js and run the command again.`,
  );
});

test.each(['20.19.0', '22.1.0', '24.0.0'])('Node.js %s is accepted', (version) => {
  expect(checkedOn(version)).toMatchObject({ status: 0, stderr: '' });
});
