import * as fs from 'fs';
import * as path from 'path';
import { installOnce } from '../src/install-once';
import { temporaryFolder } from './temporary-folder';

const builder =
  (built: string[], text = 'complete') =>
  async (folder: string) => {
    built.push(text);
    fs.writeFileSync(path.join(folder, 'half'), text);
    await new Promise((resolve) => setTimeout(resolve, 50));
    fs.renameSync(path.join(folder, 'half'), path.join(folder, 'whole'));
  };

test('two at once: one builds, both get what it made', async () => {
  const engines = temporaryFolder();
  const built: string[] = [];
  const [one, other] = await Promise.all([1, 2].map(() => installOnce(engines, 'thing-1', builder(built))));
  expect(one).toBe(other);
  expect(built).toHaveLength(1);
  expect(fs.readdirSync(one)).toEqual(['whole']);
});

test('an install that fails leaves nothing, and the next one begins anew', async () => {
  const engines = temporaryFolder();
  const failing = async (folder: string) => {
    fs.writeFileSync(path.join(folder, 'half'), '');
    throw new Error('no network');
  };
  await expect(installOnce(engines, 'thing-1', failing)).rejects.toThrow('no network');
  expect(fs.readdirSync(engines)).toEqual([]);
  await expect(installOnce(engines, 'thing-1', builder([]))).resolves.toBe(path.join(engines, 'thing-1'));
});

test('what a killed install left is cleared away by the next one, and never taken for an install', async () => {
  const engines = temporaryFolder();
  fs.mkdirSync(path.join(engines, '.unfinished-killed', 'bin'), { recursive: true });
  await installOnce(engines, 'thing-1', builder([]));
  expect(fs.readdirSync(engines)).toEqual(['thing-1']);
});
