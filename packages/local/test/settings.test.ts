import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { workspaceRoot } from '@groundplan/engines';
import { readSettings } from '../src/settings';

describe('settings', () => {
  const cwd = fs.mkdtempSync(path.join(os.tmpdir(), 'groundplan-settings-'));
  afterAll(() => fs.rmSync(cwd, { recursive: true }));

  test('what nobody asked for is left open, so that a running instance is reused as it is', () => {
    expect(readSettings({}, {}, cwd)).toEqual({
      port: undefined,
      account: undefined,
      region: undefined,
      state: path.join(cwd, '.groundplan', 'local'),
      venvs: path.join(cwd, '.groundplan', 'local', 'venv'),
    });
  });

  test('an option beats the environment', () => {
    const env = {
      GROUNDPLAN_LOCAL_PORT: '4600',
      GROUNDPLAN_LOCAL_ACCOUNT: '111111111111',
      GROUNDPLAN_LOCAL_STATE: 'a',
    };
    expect(readSettings({ port: 4700 }, env, cwd)).toMatchObject({
      port: 4700,
      account: '111111111111',
      state: path.join(cwd, 'a'),
    });
  });

  test('every mistake is said at once, with where it came from, its value and what is allowed', () => {
    const read = () => readSettings({ port: '0', region: 'Frankfurt' }, { GROUNDPLAN_LOCAL_ACCOUNT: '42' }, cwd);
    expect(read).toThrow('--port must be a port number from 1 to 65535 (4566 when left out), got "0"');
    expect(read).toThrow('GROUNDPLAN_LOCAL_ACCOUNT must be an account id of twelve digits');
    expect(read).toThrow('--region must be the name of a region such as us-east-1');
  });

  test.each(['65536', '-1', '4566x', '', '4 5'])('port "%s" is refused', (port) => {
    expect(() => readSettings({ port }, {}, cwd)).toThrow('--port must be a port number');
  });

  test('a state folder that is a file is refused', () => {
    const state = path.join(cwd, 'file');
    fs.writeFileSync(state, '');
    expect(() => readSettings({ state }, {}, cwd)).toThrow(`must be a folder, got the file "${state}"`);
  });

  test('a workspace has one state folder, from wherever in it the command is run', () => {
    fs.mkdirSync(path.join(cwd, 'ws', 'apps', 'dev'), { recursive: true });
    fs.writeFileSync(path.join(cwd, 'ws', 'nx.json'), '{}');
    expect(workspaceRoot(path.join(cwd, 'ws', 'apps', 'dev'))).toBe(path.join(cwd, 'ws'));
  });
});
