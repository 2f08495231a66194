import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Contract } from './contract';
import { contractChanges, valueChanges } from './difference';

/** The key of a golden file under which the package's table of defaults stands. */
const DEFAULTS = 'defaults';

/**
 * Fails when a contract differs from the one that the golden file holds under `key` (usually the tier).
 *
 * The file is only ever written when a person asks for it with `UPDATE_CONTRACT=1`, never in CI: a golden that does not
 * exist is a failure.
 */
export function expectContract(actual: Contract, goldenFile: string, key: string): void {
  if (key === DEFAULTS) throw new Error(`The key "${DEFAULTS}" holds the table of defaults: use expectDefaults.`);
  hold(actual, goldenFile, key, (golden, now) => contractChanges(golden as Contract, now as Contract));
}

/**
 * Fails when a package's table of defaults differs from the golden one: defaults are API, a changed one reaches every
 * consumer who did not set the prop.
 *
 * Values that are not plain (a `Duration`, an enum-like class) are held as their text.
 */
export function expectDefaults(table: object, goldenFile: string): void {
  hold(plain(table), goldenFile, DEFAULTS, (golden, now) => valueChanges(golden, now).map((change) => `~ ${change}`));
}

function hold(
  actual: unknown,
  goldenFile: string,
  key: string,
  changesBetween: (golden: unknown, actual: unknown) => string[],
): void {
  // What JSON cannot hold (undefined) is not part of the comparison either.
  const now: unknown = JSON.parse(JSON.stringify(actual));
  const goldens = read(goldenFile);
  if (updating()) return write(goldenFile, { ...goldens, [key]: now });

  const where = `"${key}" in ${basename(goldenFile)}`;
  if (!(key in goldens))
    throw new Error(`There is no ${where} to hold this against (${goldenFile}).\n\n${HOW_TO_UPDATE}`);
  const changes = changesBetween(goldens[key], now);
  if (changes.length === 0) return;
  throw new Error(
    [
      `${changes.length} change${changes.length > 1 ? 's' : ''} against ${where}.`,
      'Every line that starts with - or ~ is a breaking change: it reaches what consumers have deployed.',
      '',
      ...changes.map((change) => `  ${change}`),
      '',
      `Undo it, or describe it in UPGRADE and accept it. ${HOW_TO_UPDATE}`,
    ].join('\n'),
  );
}

const HOW_TO_UPDATE =
  'Goldens are written by `UPDATE_CONTRACT=1 npx jest` in the folder of the package, and committed.';

function updating(): boolean {
  if (process.env.UPDATE_CONTRACT !== '1') return false;
  if (process.env.CI)
    throw new Error('UPDATE_CONTRACT=1 is refused in CI: a golden changes in a commit that a person made.');
  return true;
}

function read(file: string): Record<string, unknown> {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>) : {};
}

function write(file: string, goldens: Record<string, unknown>): void {
  writeFileSync(file, `${JSON.stringify(sorted(goldens), null, 2)}\n`);
}

/** The same value with the keys of every object in order, so that a golden's diff shows changes and nothing else. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}

/** A table as JSON: instances of classes become their text, or their fields when they have none. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return typeof value === 'function' ? undefined : value;
  const prototype: unknown = Object.getPrototypeOf(value);
  const isPlain = prototype === Object.prototype || prototype === null;
  if (!isPlain && value.toString !== Object.prototype.toString) return String(value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}
