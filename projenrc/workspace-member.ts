import { javascript } from 'projen';
import { Monorepo } from './monorepo';
import { V } from './versions';

/** What every kind of member looks up in another: its name on npm. */
export interface IMember {
  readonly packageName: string;
}

/** A package that lives in the workspace and takes every tool from the root. */
export function memberOptions(root: Monorepo, folder: string) {
  return {
    parent: root,
    outdir: folder,
    authorName: 'groundplan',
    authorEmail: 'maintainers@groundplan.example',
    authorOrganization: true,
    repository: 'https://github.com/groundplan/groundplan.git',
    repositoryDirectory: folder,
    defaultReleaseBranch: 'main',
    packageManager: javascript.NodePackageManager.PNPM,
    pnpmVersion: V.pnpm,
    minNodeVersion: V.node,
    addPackageManagerToDevEngines: false,
    projenrcJs: false,
    release: false,
    github: false,
    depsUpgrade: false,
    jest: false,
  };
}

/** How one member names another: a range that the release replaces. `workspace:` would crash jsii (aws/jsii#4016). */
export function siblingRange(member: IMember): string {
  return `${member.packageName}@^0.0.0`;
}

/** The names on npm of members. */
export function names(members: IMember[] = []): string[] {
  return members.map((member) => member.packageName);
}

/** Strips what projen gives a stand-alone project and the workspace does once: the install, the tasks, the scripts. */
export function joinWorkspace(project: javascript.NodeProject, name: string, targets: Record<string, object>): void {
  dropTasks(project);
  project.package.removeScript('projen');
  project.package.addField('nx', { name, includedScripts: [], targets });
  project.gitignore.exclude('/test-report.json');
  ignoreNoSources(project);

  // Members never install: pnpm installs the whole workspace once, from the root. projen has no public switch for it.
  const pkg = project.package as unknown as Record<string, unknown>;
  pkg.installDependencies = () => {
    (project.root as Monorepo).installRequested = true;
  };
  pkg.logInstallTrigger = () => undefined;
  pkg.resolveDepsAndWritePackageJson = () => [];
}

/** projen ignores folders of these names wherever they stand: a command called `logs` would never be committed. */
export function ignoreNoSources(project: javascript.NodeProject): void {
  project.gitignore.removePatterns('logs', 'pids', 'coverage', 'lib-cov', 'build/Release');
}

/** Removes projen's tasks: Nx targets replace them. */
export function dropTasks(project: javascript.NodeProject, keep: string[] = []): void {
  const dropped = project.tasks.all
    .filter((task) => !keep.includes(task.name))
    // `build` spawns the others and is locked, so it goes first
    .sort((a, b) => Number(b.name === 'build') - Number(a.name === 'build'));
  for (const task of dropped.filter((t) => t.name !== 'build')) task.reset();
  for (const task of dropped) project.tasks.removeTask(task.name);
}
