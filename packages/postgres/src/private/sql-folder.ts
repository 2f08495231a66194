import { createHash } from 'crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'fs';
import { tmpdir } from 'os';
import { dirname, join, resolve } from 'path';

/** The official image, by a version that Flyway's registry of Java packages has too: https://hub.docker.com/r/flyway/flyway */
export const FLYWAY = 'flyway/flyway:11.20.3';

const DOCKERFILE = `FROM ${FLYWAY}
COPY sql /flyway/sql
USER 1000:1000
CMD ["migrate"]
`;

/** A folder of versioned SQL. */
export class SqlFolder {
  readonly path: string;
  /** Its files, relative to it, sorted. */
  readonly files: readonly string[];

  constructor(readonly directory: string) {
    this.path = resolve(directory);
    this.files =
      existsSync(this.path) && statSync(this.path).isDirectory()
        ? readdirSync(this.path, { recursive: true, encoding: 'utf8' })
            .map((name) => name.replace(/\\/g, '/'))
            .filter((name) => statSync(join(this.path, name)).isFile())
            .sort()
        : [];
  }

  /** Changes with every file's name and content, and with nothing else. */
  get hash(): string {
    const hash = createHash('sha256');
    for (const name of this.files)
      hash
        .update(`${name}\0`)
        .update(readFileSync(join(this.path, name)))
        .update('\0');
    return hash.digest('hex').slice(0, 32);
  }

  /** Lets something be made of a build context for Flyway's image with this SQL in it, which is gone afterwards. */
  built<T>(make: (context: string) => T): T {
    const context = mkdtempSync(join(tmpdir(), 'groundplan-migrations-'));
    try {
      writeFileSync(join(context, 'Dockerfile'), DOCKERFILE);
      // Not with cpSync: what it reads of Node.js before it begins takes several times as long as to copy a file.
      for (const name of this.files) {
        const copy = join(context, 'sql', name);
        mkdirSync(dirname(copy), { recursive: true });
        copyFileSync(join(this.path, name), copy);
      }
      return make(context);
    } finally {
      rmSync(context, { recursive: true, force: true });
    }
  }
}
