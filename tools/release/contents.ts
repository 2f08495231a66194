import { Product } from './collect';

const LIMIT = 200_000;
/** What weighs more, and why. */
const HEAVIER: { readonly [name: string]: number } = {
  // The programs of its images hold the client of PostgreSQL, and beside them stand the certificate authorities of RDS in all regions.
  '@groundplan/postgres': 500_000,
};
/** What a construct package may weigh when it is unpacked, in bytes: it is installed into every application. */
export function limitOf(name: string): number {
  return HEAVIER[name] ?? LIMIT;
}

/** Scripts that npm would run on the machine of whoever installs the package. */
const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall', 'prepare'];

/** What must not be in a package that is published. */
export function contentMistakes(products: Product[]): string[] {
  return products.flatMap(({ name, manifest, unpackedSize, wheel }) => {
    const scripts = INSTALL_SCRIPTS.filter((script) => manifest.scripts?.[script]);
    const mistakes = scripts.map((script) => `has the script "${script}", and nothing of ours runs on installation`);
    if (!wheel) return mistakes.map((mistake) => `${name} ${mistake}`);
    const dependencies = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies });
    if (dependencies.length > 0)
      mistakes.push(`depends on ${dependencies.join(', ')}; a construct package has peers only: write what is needed`);
    const limit = limitOf(name);
    if (unpackedSize > limit)
      mistakes.push(
        `weighs ${unpackedSize} bytes unpacked, and ${limit} are allowed; see what "npm pack --dry-run" lists, and leave ` +
          'out what nobody needs at run time',
      );
    return mistakes.map((mistake) => `${name} ${mistake}`);
  });
}
