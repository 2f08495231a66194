import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';

/** Everything temporary of a test file stands in here, and goes when it is done. */
export const TEMPORARY = fs.mkdtempSync(path.join(os.tmpdir(), 'groundplan-path-'));
afterAll(() => fs.rmSync(TEMPORARY, { recursive: true, force: true }));

/** A folder of commands that stands alone on PATH. */
export class PathFolder {
  readonly folder = fs.mkdtempSync(path.join(TEMPORARY, 'path-'));
  readonly env = { PATH: this.folder };

  command(name: string, script: string): this {
    fs.writeFileSync(path.join(this.folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return this;
  }

  python(name: string, version: number[], makesVenvs = true): this {
    const executable = path.join(this.folder, name);
    return this.command(name, `echo '${JSON.stringify({ executable, version, makesVenvs })}'`);
  }
}

/**
 * Stands for uv: `venv` makes a folder with the interpreter that is given, `pip` does what it is told.
 *
 * @param pip a line of shell
 */
export function uv(pip: string, interpreter = '/bin/true'): string {
  return `
case "$1" in
  --version) ;;
  venv) for folder in "$@"; do :; done; /bin/mkdir -p "$folder/bin"; /bin/cp ${interpreter} "$folder/bin/python" ;;
  pip) ${pip} ;;
esac`;
}
