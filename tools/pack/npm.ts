import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

export interface Tarball {
  readonly file: string;
  readonly size: number;
  readonly unpackedSize: number;
}

/** Packs the npm tarball: what `jsii-pacmak --target js` does, without the seconds that it takes to read the assemblies. */
export function packNpm(folder: string, out: string): Tarball {
  mkdirSync(out, { recursive: true });
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', out];
  const said = execFileSync('npm', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const [{ filename, size, unpackedSize }] = JSON.parse(said) as [Record<'filename', string> & Omit<Tarball, 'file'>];
  return { file: join(out, filename), size, unpackedSize };
}
