import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Step } from '../../packages/groundplan/src/steps';
import { buildPython } from '../pack/python';
import { breakingChanges, refuseHiddenBreaking } from './breaking';
import { Build, compile, install, pack } from './build';
import { writeChangelog } from './changelog';
import { Product, collect } from './collect';
import { contentMistakes } from './contents';
import { ReleaseFailure } from './failure';
import { licenceMistakes, listShipped } from './licences';
import { ReleaseOptions } from './options';
import { Released, releasedPackages } from './packages';
import { publishToNpm } from './publish';
import { orderMistakes } from './publishing-order';
import { checkFloors } from './pypi-floor';
import { layReleaseTree } from './release-tree';
import { renderShipped } from './shipped-list';
import { TableRow } from './table';

/** A release, made and proved up to the point where it would be published. */
export class Rehearsal implements Build {
  /** What a person has to know beside the table. */
  readonly remarks: string[] = [];
  tree = '';
  packages: Released[] = [];
  private products: Product[] = [];
  private breaking: string[] = [];
  private notes = '';

  constructor(
    readonly root: string,
    private readonly version: string,
    private readonly last: string | undefined,
    private readonly options: ReleaseOptions,
  ) {}

  get steps(): Step[] {
    return [
      { title: 'Release tree', work: () => this.layTree() },
      { title: 'Install', work: (say) => install(this.tree, say) },
      { title: 'Compile', work: (say) => compile(this, { docs: this.options.only === undefined }, say) },
      { title: 'Breaking changes', work: () => this.compare() },
      { title: 'Build tools', work: async () => void (await buildPython()) },
      { title: 'Pack', work: (say) => pack(this, say) },
      { title: 'Collect', work: () => this.collect() },
      { title: 'Contents', work: async () => refuse(contentMistakes(this.products)) },
      { title: 'Licences', work: () => this.licences() },
      { title: 'Floors on PyPI', work: () => this.floors() },
      { title: 'Publishing, without doing it', work: (say) => this.publish(say) },
    ];
  }

  get rows(): TableRow[] {
    return this.products.map((product) => {
      const { name } = this.packages.find(({ manifest }) => manifest.name === product.name)!;
      const count = this.breaking.filter((change) => change.startsWith(`${name}: `)).length;
      return { ...product, breaking: !this.last ? 'first release' : count > 0 ? `${count} changes` : 'no' };
    });
  }

  /** Removes what was laid beside the checkout. */
  end(): void {
    if (this.tree) rmSync(this.tree, { recursive: true, force: true });
  }

  private async layTree(): Promise<string> {
    const { root, version } = this;
    this.tree = layReleaseTree(root, version);
    this.packages = releasedPackages(this.tree, this.options.only);
    for (const one of this.packages)
      this.notes += `# ${one.manifest.name}\n\n${await writeChangelog(root, this.tree, one, version)}\n\n`;
    return `${version} of ${this.packages.map(({ manifest }) => manifest.name).join(', ')}`;
  }

  private async collect(): Promise<string> {
    const { out } = this.options;
    this.products = await collect(this.tree, this.packages, out);
    writeFileSync(join(out, 'NOTES.md'), this.notes);
    return out;
  }

  private async licences(): Promise<string> {
    const shipped = await listShipped(this.root, this.tree, this.packages);
    writeFileSync(join(this.options.out, 'LICENCES.md'), renderShipped(shipped));
    refuse(licenceMistakes(shipped));
    return `${shipped.length} packages come with ours, all of them permissive (LICENCES.md)`;
  }

  private async floors(): Promise<string> {
    const manifests = this.packages.map(({ manifest }) => manifest);
    const own = manifests.map(({ name }) => name);
    const { mistakes, unchecked } = await checkFloors(manifests, own);
    refuse(mistakes);
    if (unchecked.length === 0) return 'all there';
    this.remarks.push(`Not checked: whether PyPI has ${unchecked.join(', ')}.`);
    return 'not checked';
  }

  private async compare(): Promise<string> {
    const { root, tree, last, version, packages } = this;
    if (!last) return 'this is the first release: there is nothing to compare it with';
    this.breaking = await breakingChanges(root, tree, last, packages, this.options.previous);
    refuseHiddenBreaking(last, version, this.breaking);
    return this.breaking.length === 0 ? `none since ${last}` : `${this.breaking.length}, and ${version} says so`;
  }

  private async publish(say: (line: string) => void): Promise<string> {
    const { version, last, breaking } = this;
    refuse(orderMistakes(this.products.map(({ manifest }) => manifest)));
    const packages = this.products.map(({ name, tarball, wheel, sdist }) => ({ name, tarball, wheel, sdist }));
    const release = { version, previous: last, breaking, packages };
    writeFileSync(join(this.options.out, 'release.json'), `${JSON.stringify(release, undefined, 2)}\n`);
    publishToNpm(this.options.out, { dryRun: true, say });
    return 'npm would take the tarballs, and twine has checked the rest';
  }
}

function refuse(mistakes: string[]): void {
  if (mistakes.length > 0) throw new ReleaseFailure(mistakes.join('\n'));
}
