import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { members } from './members';

/** The files of a workspace that belong to it: tracked, or new and not ignored. */
export function ownFiles(root: string): string[] {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: root, encoding: 'utf8' });
  // a file that was deleted and not yet committed is still listed
  return [...new Set(listed.split('\0'))].filter((file) => file && existsSync(join(root, file))).sort();
}

/**
 * A copy of a workspace in which anything may be changed: its own files, and the installed packages by link.
 *
 * The root's packages are linked one by one, because a linked `node_modules` would not count as ignored. A member's
 * `node_modules` holds nothing but relative links: copied, they lead to the siblings of the copy.
 */
export function copyWorkspace(root: string): { readonly folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'groundplan-'));
  execFileSync('git', ['init', '--quiet'], { cwd: folder });
  for (const file of ownFiles(root)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(root, file), join(folder, file), { verbatimSymlinks: true });
  }
  mkdirSync(join(folder, 'node_modules'));
  for (const entry of readdirSync(join(root, 'node_modules')))
    if (entry !== '.cache') symlinkSync(join(root, 'node_modules', entry), join(folder, 'node_modules', entry));
  for (const member of members(root)) {
    const installed = join(root, member.folder, 'node_modules');
    if (!existsSync(installed)) continue;
    cpSync(installed, join(folder, member.folder, 'node_modules'), { recursive: true, verbatimSymlinks: true });
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
