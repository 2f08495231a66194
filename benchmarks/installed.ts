import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { V } from '../projenrc/versions';
import { execute } from './samples';

const ROOT = join(__dirname, '..');

/** The packages as somebody gets them: released from what is committed, and installed in a folder of their own. */
export class Installed {
  readonly folder = mkdtempSync(join(tmpdir(), 'groundplan-bench-'));
  private readonly release = join(this.folder, 'release');

  constructor() {
    const args = ['--silent', 'run', 'release:dry', '--', '--out', this.release];
    execute('npm', args, ROOT);
    writeFileSync(join(this.folder, 'package.json'), JSON.stringify({ name: 'bench', private: true }));
    const tarballs = this.packages()
      .filter(({ name }) => /core|vpc|task|fargate-service|postgres|aurora/.test(name))
      .map(({ tarball }) => tarball);
    const cdk = [`aws-cdk-lib@${V.awsCdkLib}`, `constructs@${V.constructs}`, `cdk-nag@${V.cdkNag}`];
    execute(
      'npm',
      ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', ...cdk, ...tarballs],
      this.folder,
    );
    cpSync(join(__dirname, 'apps'), join(this.folder, 'apps'), { recursive: true });
  }

  /** The npm packages of the release. */
  packages(): { readonly name: string; readonly tarball: string }[] {
    const { packages } = JSON.parse(readFileSync(join(this.release, 'release.json'), 'utf8')) as {
      packages: { name: string; tarball: string }[];
    };
    return packages.map(({ name, tarball }) => ({ name, tarball: join(this.release, 'npm', tarball) }));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
