import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { loadApp } from '../src';

const folder = mkdtempSync(join(tmpdir(), 'groundplan-app-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function appOf(name: string, main: string): string {
  const path = join(folder, name);
  mkdirSync(join(path, 'src'), { recursive: true });
  writeFileSync(join(path, 'cdk.json'), JSON.stringify({ context: { flag: 'from cdk.json' } }));
  writeFileSync(join(path, 'src/main.js'), main);
  return path;
}

test('an app gets the context of its cdk.json, as from the CDK CLI', () => {
  const path = appOf('good', `const { App } = require('${require.resolve('aws-cdk-lib')}'); exports.app = new App();`);
  const app = loadApp(path);
  expect(App.isApp(app)).toBe(true);
  expect(app.node.tryGetContext('flag')).toBe('from cdk.json');
});

test('a main.ts that exports no app is told so', () => {
  expect(() => loadApp(appOf('bad', 'exports.other = 1;'))).toThrow('must export its App as "app"');
});
