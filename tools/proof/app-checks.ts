import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { render } from '../check/render';
import { Report, exitCodeOf } from '../check/report';
import { members } from './members';
import { Outcome, check } from './outcome';

/** The apps that have the target `check`, each with where it leaves its report; Nx restores it from its cache. */
function reports(root: string): { readonly folder: string; readonly file: string }[] {
  return members(root)
    .filter(({ targets }) => targets.includes('check'))
    .map(({ folder }) => ({ folder, file: join(root, folder, 'check-report.json') }));
}

/** Deletes what earlier runs left: only a report of this run may count. */
export function forgetChecks(root: string): void {
  for (const { file } of reports(root)) rmSync(file, { force: true });
}

/** What the validators hold against every app: nothing may be open, and no tool may have failed to run. */
export function appChecks(root: string): Outcome[] {
  return reports(root).map(({ folder, file }) => {
    const name = `check ${folder}`;
    if (!existsSync(file)) return check(name, false, `It left no report (${file}).`);
    const report = JSON.parse(readFileSync(file, 'utf8')) as Report;
    return check(name, exitCodeOf(report) === 0, render(report));
  });
}
