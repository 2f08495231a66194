import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { MigrationReport } from '../src/migrate/check/report';
import { groundplan } from './in-process';

/** Files by name; one that is undefined is deleted. */
export type Files = Record<string, string | undefined>;

/** What runs git, wherever the tests run: with a name, and without what a person has set. */
const GIT = {
  ...process.env,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  ...{ GIT_AUTHOR_NAME: 'A', GIT_AUTHOR_EMAIL: 'a@example.com' },
  ...{ GIT_COMMITTER_NAME: 'A', GIT_COMMITTER_EMAIL: 'a@example.com' },
};

/** A folder `sql` in a folder of its own, at will in a repository. */
export class MigrationsFolder {
  private static readonly made: string[] = [];

  static removeAll(): void {
    for (const root of MigrationsFolder.made.splice(0)) rmSync(root, { recursive: true, force: true });
  }

  readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'groundplan-migrations-')));
  readonly path = join(this.root, 'sql');

  constructor(files: Files) {
    MigrationsFolder.made.push(this.root);
    mkdirSync(this.path);
    this.write(files);
  }

  write(files: Files): this {
    for (const [name, text] of Object.entries(files)) {
      const path = join(this.path, name);
      mkdirSync(dirname(path), { recursive: true });
      if (text === undefined) rmSync(path);
      else writeFileSync(path, text);
    }
    return this;
  }

  git(...args: string[]): this {
    execFileSync('git', ['-C', this.root, ...args], { env: GIT, stdio: ['ignore', 'ignore', 'pipe'] });
    return this;
  }

  /** Commits everything, the first time into a new repository. */
  commit(): this {
    this.git('init', '--quiet', '--initial-branch', 'main');
    this.git('add', '--all');
    return this.git('commit', '--quiet', '--allow-empty', '--message', 'sql');
  }

  /** Commits and tags. */
  release(tag: string): this {
    return this.commit().git('tag', tag);
  }

  /** What the command reports of it. */
  async check(...args: string[]): Promise<MigrationReport & { readonly code: number; readonly said: string }> {
    const { code, said, answer } = await groundplan('migrate', 'check', this.path, '--format', 'json', ...args);
    if (answer === '') throw new Error(said);
    return { code, said, ...(JSON.parse(answer) as MigrationReport) };
  }

  /** Its findings as `file:line rule`, without running anything. */
  async read(...args: string[]): Promise<string[]> {
    const { findings } = await this.check('--no-replay', ...args);
    return findings
      .filter(({ acceptedBecause }) => acceptedBecause === undefined)
      .map(({ file, line, ruleId }) => `${file}:${line} ${ruleId}`);
  }
}
