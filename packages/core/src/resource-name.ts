import { createHash } from 'crypto';

/** How a name is shortened and spelled. */
export interface ResourceNameOptions {
  /**
   * The longest name that the resource takes, in characters: 32 for a load balancer, 63 for a bucket, 64 for a role.
   *
   * @default 64
   */
  readonly maxLength?: number;
  /**
   * Spell the name in lower case, as buckets and database identifiers demand.
   *
   * @default false, the case is kept
   */
  readonly lowerCase?: boolean;
}

/** The digits that tell two truncated names apart: 16^8 names make a collision in one estate unlikely. */
const HASH_LENGTH = 8;

/**
 * Fits a name into a length. A name that fits is kept; a longer one is cut and ends in a hash of the whole, so that
 * two long names that differ only at their ends stay different.
 *
 * @internal
 */
export function fitName(full: string, options: ResourceNameOptions = {}): string {
  const maxLength = options.maxLength ?? 64;
  const spelled = (options.lowerCase ? full.toLowerCase() : full)
    .replace(/[^A-Za-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '');
  if (spelled.length <= maxLength) return spelled;
  const hash = createHash('sha256').update(full).digest('hex').slice(0, HASH_LENGTH);
  return `${spelled.slice(0, maxLength - HASH_LENGTH - 1).replace(/-+$/, '')}-${hash}`;
}
