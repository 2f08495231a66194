import { JsonFile, javascript } from 'projen';
import { jestConfig } from './jest';
import { Monorepo } from './monorepo';
import { PLAIN_COMPILE } from './nx';
import { tsconfigPlain } from './typescript';
import { IMember, joinWorkspace, memberOptions, names, siblingRange } from './workspace-member';

export interface PlainPackageOptions {
  readonly description: string;
  /** The name on npm. @default `@groundplan/<name>` */
  readonly packageName?: string;
  /** Members that the sources import. */
  readonly uses?: IMember[];
  /** Members that only the tests import. */
  readonly testsWith?: IMember[];
  /** Runtime dependencies, with versions. */
  readonly deps?: string[];
  /** What is installed where it runs: prebuilt binaries of one platform each, with versions. */
  readonly optionalDeps?: string[];
  /** What the host application brings, with versions. */
  readonly peerDeps?: string[];
  /** Development dependencies, with versions. */
  readonly devDeps?: string[];
  /** Commands that the package installs, with the compiled file of each. */
  readonly bin?: Record<string, string>;
  /** Folders that ship beside `lib`. */
  readonly ships?: string[];
  /** What stays behind of these folders, as patterns of `.npmignore`. */
  readonly staysBehind?: string[];
  /** Never published. @default false */
  readonly private?: boolean;
}

/** A TypeScript package without jsii: the command, the local AWS, the test kit. */
export class PlainPackage extends javascript.NodeProject implements IMember {
  public readonly packageName: string;

  constructor(root: Monorepo, name: string, options: PlainPackageOptions) {
    super({
      ...memberOptions(root, `packages/${name}`),
      name: options.packageName ?? `@groundplan/${name}`,
      description: options.description,
      package: false,
      entrypoint: 'lib/index.js',
      bin: options.bin,
      deps: [...(options.uses ?? []).map(siblingRange), ...(options.deps ?? [])],
      peerDeps: options.peerDeps,
      peerDependencyOptions: { pinnedDevDependency: false },
      devDeps: [...(options.testsWith ?? []).map(siblingRange), ...(options.devDeps ?? [])],
    });
    this.packageName = this.package.packageName;
    this.deps.removeDependency('projen');
    this.package.addField('types', 'lib/index.d.ts');
    if (options.private) this.package.addField('private', true);
    if (options.optionalDeps) this.package.addField('optionalDependencies', versionsByName(options.optionalDeps));
    new JsonFile(this, 'tsconfig.json', { marker: false, obj: tsconfigPlain() });
    new JsonFile(this, 'jest.config.json', { marker: false, obj: jestConfig() });
    this.gitignore.exclude('/lib/', '/dist/', 'tsconfig.tsbuildinfo');
    this.npmignore?.exclude('/src/', '/test/', '/dist/', '/test-report.json', '/jest.config.json', '/tsconfig.json');
    for (const shipped of ['lib', ...(options.ships ?? [])]) this.npmignore?.include(`/${shipped}/`);
    this.npmignore?.exclude(...(options.staysBehind ?? []));
    root.allowImports({
      folder: `packages/${name}`,
      packageName: this.packageName,
      sources: names(options.uses),
      tests: [this.packageName, ...names(options.testsWith)],
    });
    joinWorkspace(this, name, {
      compile: { options: { command: PLAIN_COMPILE }, outputs: ['{projectRoot}/lib'] },
      test: {},
      ...(options.private ? {} : { package: {} }),
    });
  }
}

/** projen knows no optional dependencies: `@scope/name@1.2.3` as an entry of package.json. */
function versionsByName(dependencies: string[]): Record<string, string> {
  return Object.fromEntries(
    dependencies.map((dependency) => {
      const at = dependency.lastIndexOf('@');
      return [dependency.slice(0, at), dependency.slice(at + 1)];
    }),
  );
}
