import { spawn } from 'child_process';
import { once } from 'events';
import * as fs from 'fs';

import * as path from 'path';
import { PathFolder, TEMPORARY, uv } from './path-folder';
import { findPython } from '../src/python';
import { ensureVenv } from '../src/venv';

describe('the interpreter', () => {
  test('the newest on PATH is taken', () => {
    const { env } = new PathFolder().python('python3', [3, 10, 1]).python('python3.12', [3, 12, 4]);
    expect(findPython(env)).toMatchObject({ version: '3.12.4' });
  });

  test('one that does not run is passed over', () => {
    const { env } = new PathFolder().command('python3.14', 'exit 127').python('python3', [3, 11, 7]);
    expect(findPython(env)).toMatchObject({ version: '3.11.7' });
  });

  test('when there is none, the message says what to install', () => {
    expect(() => findPython(new PathFolder().env)).toThrow(
      /needs Python 3\.10 or newer: none is on PATH\. Install one \(Debian and Ubuntu: apt install python3/,
    );
  });

  test('when all are too old, the message says which and how old', () => {
    const { env } = new PathFolder().python('python3', [3, 9, 2]).python('python', [2, 7, 18]);
    expect(() => findPython(env)).toThrow('python3 is 3.9.2, python is 2.7.18, which is too old');
  });

  test('GROUNDPLAN_PYTHON names one, and is told when it does not run', () => {
    const path_ = new PathFolder().python('python3', [3, 11, 7]).python('mine', [3, 13, 0]);
    const mine = path.join(path_.folder, 'mine');
    expect(findPython({ ...path_.env, GROUNDPLAN_PYTHON: mine })).toMatchObject({ version: '3.13.0' });
    expect(() => findPython({ ...path_.env, GROUNDPLAN_PYTHON: '/no/python' })).toThrow(
      'GROUNDPLAN_PYTHON is "/no/python", which does not run',
    );
  });
});

describe('the virtual environment', () => {
  const venvs = () => fs.mkdtempSync(path.join(TEMPORARY, 'venvs-'));
  const requirements = path.join(venvs(), 'requirements.txt');
  beforeAll(() => fs.writeFileSync(requirements, 'emulator==1.0 --hash=sha256:00\n'));

  test('is made with uv where there is one, from pinned hashes, and only once', async () => {
    const calls = path.join(venvs(), 'calls');
    const { env } = new PathFolder().python('python3', [3, 11, 7]).command('uv', uv(`echo "$@" >> ${calls}`));
    const options = { venvs: venvs(), requirements, env };
    const interpreter = await ensureVenv(options);
    expect(await ensureVenv(options)).toBe(interpreter);
    expect(fs.readFileSync(calls, 'utf8').trim().split('\n')).toEqual([
      expect.stringMatching(`pip install .*--require-hashes .*-r ${requirements}`),
    ]);
  });

  test('other pins make another one', async () => {
    const { env } = new PathFolder().python('python3', [3, 11, 7]).command('uv', uv(':'));
    const other = path.join(venvs(), 'requirements.txt');
    fs.writeFileSync(other, 'emulator==2.0 --hash=sha256:00\n');
    const folder = venvs();
    const first = await ensureVenv({ venvs: folder, requirements, env });
    expect(await ensureVenv({ venvs: folder, requirements: other, env })).not.toBe(first);
  });

  test('an install that fails says what the installer said, and leaves nothing', async () => {
    const { env } = new PathFolder()
      .python('python3', [3, 11, 7])
      .command('uv', uv('echo "no such index" >&2; exit 3'));
    const folder = venvs();
    await expect(ensureVenv({ venvs: folder, requirements, env })).rejects.toThrow(/ended with 3:\nno such index\n/);
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  test('what a killed install left is removed by the next one', async () => {
    const { env } = new PathFolder().python('python3', [3, 11, 7]).command('uv', uv(':'));
    const folder = venvs();
    fs.mkdirSync(path.join(folder, '.unfinished-killed', 'bin'), { recursive: true });
    const interpreter = await ensureVenv({ venvs: folder, requirements, env });
    expect(fs.readdirSync(folder)).toEqual([path.basename(path.join(interpreter, '..', '..'))]);
  });

  test('that Ctrl-C interrupted is completed by the next run', async () => {
    const folder = venvs();
    const hanging = new PathFolder().python('python3', [3, 11, 7]).command('uv', uv('exec /bin/sleep 60'));
    const options = JSON.stringify({ venvs: folder, requirements, env: hanging.env });
    const source = JSON.stringify(path.join(__dirname, '..', 'src', 'venv'));
    const script = `require(${source}).ensureVenv(${options})`;
    const run = spawn(process.execPath, ['--require', require.resolve('tsx/cjs'), '-e', script], {
      detached: true,
      // It reads siblings from source, as the tests do.
      env: { ...process.env, TSX_TSCONFIG_PATH: path.join(__dirname, '../../../tsconfig.json') },
    });
    const begun = () => fs.readdirSync(folder).some((name) => name.startsWith('.unfinished-'));
    while (run.exitCode === null && !begun()) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(run.exitCode).toBeNull();
    process.kill(-run.pid!, 'SIGINT');
    await once(run, 'close');
    expect(fs.readdirSync(folder).filter((name) => name.startsWith('python'))).toEqual([]);

    const { env } = new PathFolder().python('python3', [3, 11, 7]).command('uv', uv(':'));
    const interpreter = await ensureVenv({ venvs: folder, requirements, env });
    expect(fs.readdirSync(folder)).toEqual([path.basename(path.join(interpreter, '..', '..'))]);
  }, 90_000);

  test('two that want it at once make one', async () => {
    const calls = path.join(venvs(), 'calls');
    const { env } = new PathFolder()
      .python('python3', [3, 11, 7])
      .command('uv', uv(`echo once >> ${calls}; /bin/sleep 0.5`));
    const folder = venvs();
    await Promise.all([1, 2].map(() => ensureVenv({ venvs: folder, requirements, env })));
    expect(fs.readFileSync(calls, 'utf8')).toBe('once\n');
  }, 10_000);

  test('a Python that cannot make one is told how to be completed', async () => {
    const { env } = new PathFolder().python('python3', [3, 11, 7], false);
    await expect(ensureVenv({ venvs: venvs(), requirements, env })).rejects.toThrow(
      /its parts venv and ensurepip are missing; install them \(Debian and Ubuntu: apt install python3-venv\), or install uv/,
    );
  });
});
