import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { groundplan } from './in-process';
import { Groundplan } from './groundplan-process';

const state = fs.mkdtempSync(path.join(os.tmpdir(), 'groundplan-usage-'));
afterAll(() => fs.rmSync(state, { recursive: true, force: true }));

describe('wrong usage', () => {
  test.each([
    ['an unknown command', ['local', 'upp'], /unknown command 'upp'.*Did you mean up\?/s],
    ['an unknown option', ['local', 'up', '--prot', '1'], /unknown option '--prot'.*Did you mean --port\?/s],
    ['a port that is none', ['local', 'up', '--port', '0'], /--port must be a port number from 1 to 65535.*got "0"/],
    [
      'an account that is none',
      ['local', 'run', '--account', '12', '--', 'ls'],
      /an account id of twelve digits.*"12"/,
    ],
    ['a region that is none', ['local', 'up', '--region', 'mars'], /--region must be the name of a region such as/],
    ['a number of lines that is none', ['local', 'logs', '--lines', 'all'], /'all' is invalid.*whole number/s],
    ['migrations that are not checked', ['migrate', 'chek', 'sql'], /unknown command 'chek'.*Did you mean check\?/s],
    ['run without a command', ['local', 'run'], /needs a command behind --, such as: groundplan local run -- cdk/],
  ])('%s is refused with what is allowed, and no stack trace', async (_what, args, message) => {
    const { code, said } = await groundplan(...args);
    expect(said).toMatch(message);
    expect(said).not.toMatch(/^\s+at /m);
    expect(code).toBe(2);
  });
});

describe('a local AWS that does not run', () => {
  test.each([
    ['status', 'not running; start it with: groundplan local up'],
    ['logs', 'no log yet'],
    ['down', 'was not running'],
    ['reset', 'empty, not running'],
  ])('is no failure of %s', async (command, message) => {
    const { code, said } = await groundplan('local', command, '--state', state);
    expect([code, said]).toEqual([0, expect.stringContaining(message)]);
  });
});

describe('the process', () => {
  const installed = new Groundplan({ GROUNDPLAN_LOCAL_PORT: '1' });
  afterAll(() => installed.end(), 30_000);

  test('says how to get a Python when there is none, and ends with 2', async () => {
    const { code, stderr } = await installed.run(['local', 'up'], {
      PATH: path.dirname(process.execPath),
      GROUNDPLAN_PYTHON: '/no/python',
      GROUNDPLAN_LOCAL_VENV: path.join(state, 'venv'),
    });
    expect(stderr).toMatch(/needs Python 3\.10 or newer: GROUNDPLAN_PYTHON is "\/no\/python", .*Install one/);
    expect(code).toBe(2);
  }, 90_000);

  test('lists its commands and exit codes', async () => {
    const { code, stdout } = await installed.run(['local', '--help']);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/up.*down.*status.*reset.*logs.*run/s)]);
    const all = await installed.run(['--help']);
    expect(all.stdout).toMatch(/local.*migrate.*check.*reach.*Exit codes/s);
  }, 90_000);
});
