import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

const VALID_DAYS = 825;

/** A certificate and its private key, as PEM. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

/**
 * The one that the environment brings, or else one of this task's own: clients encrypt with it, and cannot tell whose it is.
 *
 * @param folder where it is made
 */
export function certificateFor({ TLS_CERTIFICATE, TLS_KEY }: NodeJS.ProcessEnv, folder: string): Certificate {
  if (TLS_CERTIFICATE && TLS_KEY) return { certificate: TLS_CERTIFICATE, key: TLS_KEY };
  const [certificate, key] = ['own-certificate.pem', 'own-key.pem'].map((name) => join(folder, name));
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const subject = ['-subj', `/CN=${`pgbouncer ${hostname()}`.slice(0, 64)}`, '-days', `${VALID_DAYS}`];
  execFileSync('openssl', ['req', '-x509', ...curve, ...subject, '-keyout', key, '-out', certificate], {
    stdio: 'pipe',
  });
  return { certificate: readFileSync(certificate, 'utf8'), key: readFileSync(key, 'utf8') };
}
