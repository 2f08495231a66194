import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../..');

test('minimal.ts runs as it stands', () => {
  const example = join(__dirname, '../examples/minimal.ts');
  const run = execFileSync(join(ROOT, 'node_modules/.bin/tsx'), ['--tsconfig', join(ROOT, 'tsconfig.json'), example], {
    env: { ...process.env, CDK_VALIDATION: 'false' },
    encoding: 'utf8',
  });
  // nobody reaches a database that nothing was connected to
  expect(run).toBe('');
});

test('the README is one that is read: at most 150 lines', () => {
  expect(readFileSync(join(__dirname, '../README.md'), 'utf8').split('\n').length).toBeLessThanOrEqual(150);
});
