import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ExpectedFailure } from '../../packages/engines/src/expected-failure';
import { bundle } from './bundle';
import { readManifest } from './manifest';
import { packNpm } from './npm';
import { packPython } from './python';
import { refuseUnbumped, tarballMistakes, wheelMistakes } from './version-guard';

/** What the Nx target `package` runs in the folder of a package: everything of it that is published, in `dist`. */
async function main(folder: string): Promise<void> {
  const manifest = readManifest(folder);
  refuseUnbumped(manifest);
  const dist = join(folder, 'dist');
  rmSync(dist, { recursive: true, force: true });

  if (manifest.jsii) bundle(folder);
  const tarball = packNpm(folder, join(dist, 'js'));
  console.log(`packed ${tarball.file} (${tarball.unpackedSize} bytes unpacked)`);
  const mistakes = tarballMistakes(tarball.file);
  if (manifest.jsii?.targets?.python && existsSync(join(folder, '.jsii'))) {
    const { python, wheel } = await packPython(folder, join(dist, 'python'));
    console.log(`packed ${wheel}`);
    mistakes.push(...wheelMistakes(python, wheel));
  }
  if (mistakes.length === 0) return;
  // Nothing may be left that somebody could publish.
  rmSync(dist, { recursive: true, force: true });
  throw new ExpectedFailure(mistakes.join('\n'), 1);
}

main(process.cwd()).catch((error: unknown) => {
  console.error(error instanceof ExpectedFailure ? `error: ${error.message}` : error);
  process.exitCode = error instanceof ExpectedFailure ? error.exitCode : 1;
});
