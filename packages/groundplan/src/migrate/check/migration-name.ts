/**
 * How Flyway reads the name of a file: https://documentation.red-gate.com/fd/migrations-271585107.html
 *
 * `migrate` of the databases knows the same rules at synth (`packages/postgres/src/private/check-migrations.ts`): a command for any app
 * does not bring constructs along, and a construct no command. `tools/test/migrations.test.ts` holds the two together.
 */
const VERSIONED = /^V(\d+(?:[._]\d+)*)__(\w[^/]*)\.sql$/;
const REPEATABLE = /^R__(\w[^/]*)\.sql$/;
const CALLBACK = /^((?:before|after)[A-Z]\w*)(?:__[^/]+)?\.sql$/;

export type MigrationName =
  | { readonly kind: 'versioned'; readonly version: string; readonly description: string }
  | { readonly kind: 'repeatable'; readonly description: string }
  | { readonly kind: 'callback' }
  | { readonly kind: 'unknown' };

/** @param name of the file, without folders */
export function readName(name: string): MigrationName {
  const [, version, description] = VERSIONED.exec(name) ?? [];
  if (version !== undefined)
    return { kind: 'versioned', version: normalized(version), description: described(description) };
  const [, repeated] = REPEATABLE.exec(name) ?? [];
  if (repeated !== undefined) return { kind: 'repeatable', description: described(repeated) };
  return CALLBACK.test(name) ? { kind: 'callback' } : { kind: 'unknown' };
}

/** 1_02 is 1.2. */
function normalized(version: string): string {
  return version.replace(/_/g, '.').replace(/(^|\.)0+(?=\d)/g, '$1');
}

/** As Flyway shows and compares it. */
function described(text: string): string {
  return text.replace(/_/g, ' ');
}

/** Orders versions as Flyway does: 1.10 comes after 1.9. */
export function compareVersions(one: string, other: string): number {
  const [left, right] = [one, other].map((version) => version.split('.').map(BigInt));
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const [a, b] = [left[at] ?? 0n, right[at] ?? 0n];
    if (a !== b) return a < b ? -1 : 1;
  }
  return 0;
}
