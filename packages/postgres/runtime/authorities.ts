import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Who signed the certificates of RDS, which stands beside the program, or whom the environment names instead. */
export function authorities({ PGSSLROOTCERT }: NodeJS.ProcessEnv): string {
  return readFileSync(PGSSLROOTCERT || join(__dirname, 'authorities.pem'), 'utf8');
}
