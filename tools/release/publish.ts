import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';

/**
 * `npm run release`: publishes to npm what `npm run release:dry` has made, in the order that it has written down.
 *
 * Needs nothing but Node.js and npm, so that the job that may publish installs nothing: `node tools/release/publish.ts`.
 * PyPI is the business of the workflow, whose action signs what it uploads.
 */
interface ReleaseFile {
  readonly version: string;
  /** In dependency order. */
  readonly packages: readonly { readonly name: string; readonly tarball: string }[];
}

interface PublishOptions {
  readonly dryRun: boolean;
  readonly say: (line: string) => void;
}

export function publishToNpm(folder: string, { dryRun, say }: PublishOptions): void {
  const { version, packages } = JSON.parse(readFileSync(join(folder, 'release.json'), 'utf8')) as ReleaseFile;
  for (const { name, tarball } of packages) {
    // A run that broke in the middle is repeated: what is there already stays as it is, npm never changes a version.
    if (!dryRun && npm('view', `${name}@${version}`, 'version').stdout.trim() === version) {
      say(`${name} ${version} is on npm already`);
      continue;
    }
    const args = ['publish', join(folder, 'npm', tarball), '--access', 'public', '--ignore-scripts'];
    if (dryRun) args.push('--dry-run');
    // npm signs where a build came from; only a build on a known service can be signed
    else if (process.env.GITHUB_ACTIONS) args.push('--provenance');
    // a release candidate must not become what everybody gets
    args.push('--tag', version.includes('-') ? 'next' : 'latest');
    const { status, stdout, stderr } = npm(...args);
    if (status !== 0) throw new Error(`npm ${args.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
    say(`${name} ${version} ${dryRun ? 'could be published' : 'is published'}`);
  }
}

function npm(...args: string[]) {
  return spawnSync('npm', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

// Not __filename: Node.js runs this file as a module when it strips the types by itself.
if (basename(process.argv[1] ?? '') === 'publish.ts') {
  const folder = resolve(process.argv[2] ?? '.groundplan/release');
  try {
    publishToNpm(folder, { dryRun: false, say: console.log });
  } catch (error) {
    console.error(`error: ${(error as Error).message}`);
    process.exitCode = 1;
  }
}
