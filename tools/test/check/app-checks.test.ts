import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Report, ToolSummary } from '../../check/report';
import { appChecks, forgetChecks } from '../../proof/app-checks';

const finding = { namespace: 'checkov', rule: 'CKV_AWS_1', path: 'Stack/Thing', message: 'wrong' };
const tool: ToolSummary = { title: 'checkov', namespace: 'checkov', found: 0, acknowledged: 0, open: 0 };
const clean: Report = { app: 'dev', tools: [tool], open: [], acknowledged: [], unused: [] };

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'checks-'));
  for (const folder of ['packages/plain', 'apps/dev']) mkdirSync(join(root, folder), { recursive: true });
  const manifest = (name: string, targets: object) => JSON.stringify({ name, nx: { name, targets } });
  writeFileSync(join(root, 'packages/plain/package.json'), manifest('plain', { test: {} }));
  writeFileSync(join(root, 'apps/dev/package.json'), manifest('dev', { check: {} }));
});
afterEach(() => rmSync(root, { recursive: true }));

const leave = (report: Report) => writeFileSync(join(root, 'apps/dev/check-report.json'), JSON.stringify(report));

test('an app with nothing open passes; what has no such target is left out', () => {
  leave(clean);
  expect(appChecks(root)).toEqual([expect.objectContaining({ name: 'check apps/dev', passed: 1, failed: 0 })]);
});

test.each<[string, Report, string]>([
  ['something open', { ...clean, open: [finding] }, 'checkov::CKV_AWS_1'],
  ['a tool that could not run', { ...clean, tools: [{ ...tool, error: 'no network' }] }, 'no network'],
])('an app with %s fails, and says it', (_, report, text) => {
  leave(report);
  const [{ failed, failures }] = appChecks(root);
  expect(failed).toBe(1);
  expect(failures[0].output).toContain(text);
});

test('an app that left no report fails, and a report of an earlier run does not count', () => {
  leave(clean);
  forgetChecks(root);
  expect(appChecks(root)).toEqual([expect.objectContaining({ passed: 0, failed: 1 })]);
});
