import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** Who signed the certificates of RDS, which stands beside the program, or whom the environment names instead. */
export function authorities({ PGSSLROOTCERT }: NodeJS.ProcessEnv): string {
  if (PGSSLROOTCERT) return readFileSync(PGSSLROOTCERT, 'utf8');
  return gunzipSync(readFileSync(join(__dirname, 'authorities.pem.gz'))).toString();
}
