import { createHash } from 'crypto';
import * as fs from 'fs';
import * as path from 'path';
import { prepareFlyway } from '../src';
import { BringJars, JarLock, readJarLock } from '../src/flyway/jars';
import { temporaryFolder } from './temporary-folder';

const LOCK: JarLock = {
  version: '1.0.0',
  jars: ['org.example:one:1.0.0', 'org.example:two:2.0.0'].map((coordinates) => ({
    coordinates,
    sha256: createHash('sha256').update(coordinates).digest('hex'),
  })),
};

/** Puts files where jars would be: what is in them is their coordinates, unless something else is said. */
const bringing =
  (instead: Record<string, string | undefined> = {}): BringJars =>
  async (folder, coordinates) => {
    for (const one of coordinates) {
      const [, artifact, version] = one.split(':');
      const text = one in instead ? instead[one] : one;
      if (text !== undefined) fs.writeFileSync(path.join(folder, `${artifact}-${version}.jar`), text);
    }
  };

const engines = () => temporaryFolder();
const environment = (folder: string) => ({ ...process.env, GROUNDPLAN_ENGINES: folder });
const prepare = (folder: string, bring: BringJars, lock = LOCK) =>
  prepareFlyway({ env: environment(folder), bring, lock });

test('jars that are what was pinned are run from a folder that is named by them', async () => {
  const folder = engines();
  const { command } = await prepare(folder, bringing());
  const [name] = fs.readdirSync(folder);
  expect(name).toMatch(/^flyway-1\.0\.0-[0-9a-f]{12}$/);
  expect(command.at(-2)).toBe(path.join(folder, name, 'lib', 'flyway', '*'));
  const other = { ...LOCK, jars: LOCK.jars.slice(1) };
  await prepare(folder, bringing(), other);
  expect(fs.readdirSync(folder)).toHaveLength(2);
});

test.each<[string, string | undefined, RegExp]>([
  ['something else', 'else', /^org\.example:two:2\.0\.0 has the SHA-256 [0-9a-f]{64}, pinned is [0-9a-f]{64}; nothing/],
  ['nothing', undefined, /^org\.example:two:2\.0\.0 was not brought, pinned is/],
])('%s in place of a jar is refused, nothing is kept, and the next attempt begins anew', async (_, text, message) => {
  const folder = engines();
  await expect(prepare(folder, bringing({ 'org.example:two:2.0.0': text }))).rejects.toThrow(message);
  expect(fs.readdirSync(folder)).toEqual([]);
  await expect(prepare(folder, bringing())).resolves.toMatchObject({ version: '1.0.0' });
});

test('what an interrupted install left is not taken for Flyway', async () => {
  const folder = engines();
  const interrupted: BringJars = async (place, coordinates) => {
    await bringing()(place, coordinates.slice(1));
    throw new Error('the network is gone');
  };
  await expect(prepare(folder, interrupted)).rejects.toThrow('the network is gone');
  expect(fs.readdirSync(folder)).toEqual([]);
});

test('two at once bring it once', async () => {
  const folder = engines();
  let times = 0;
  const counted: BringJars = (...args) => {
    times++;
    return bringing()(...args);
  };
  const [one, other] = await Promise.all([prepare(folder, counted), prepare(folder, counted)]);
  expect(one).toEqual(other);
  expect(times).toBe(1);
});

test('a repository that cannot be reached is named as the cause, with the way out', async () => {
  const env = { ...environment(engines()), GROUNDPLAN_MAVEN_REPOSITORY: 'http://127.0.0.1:9/maven' };
  await expect(prepareFlyway({ env })).rejects.toThrow(
    /could not (bring the jars of Flyway|install jgo)[^]*(GROUNDPLAN_MAVEN_REPOSITORY|package index)/,
  );
}, 60_000);

test('what is pinned is complete: a version each, a hash each, the parts of Flyway and of Jackson alike', () => {
  const { version, jars } = readJarLock();
  const versions = (group: string) =>
    new Set(jars.filter((jar) => jar.coordinates.startsWith(group)).map((jar) => jar.coordinates.split(':')[2]));
  expect([...versions('org.flywaydb:')]).toEqual([version]);
  expect([...versions('com.fasterxml.jackson')]).toHaveLength(1);
  for (const { coordinates, sha256 } of jars) {
    expect(coordinates).toMatch(/^[\w.]+:[\w.-]+:[\d.]+$/);
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  }
});
