// The only set-up there is: installs what the lock file says, with the pinned pnpm, unless that was done before.
// Plain Node.js, since nothing is installed yet.
import './check-runtime.mjs';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

// pnpm keeps a copy of the lock file that it installed: the same bytes mean that there is nothing to do.
const INSTALLED = 'node_modules/.pnpm/lock.yaml';
if (existsSync(INSTALLED) && readFileSync(INSTALLED).equals(readFileSync('pnpm-lock.yaml'))) process.exit(0);

const { packageManager } = JSON.parse(readFileSync('package.json', 'utf8'));
console.log(`Installing with ${packageManager} …`);
const { status } = spawnSync('npx', ['--yes', packageManager, 'install', '--frozen-lockfile'], { stdio: 'inherit' });
process.exit(status ?? 1);
