import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import { hostname } from 'node:os';
import { PemConverter, X509CertificateGenerator } from '@peculiar/x509';

const KEYS = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 86_400_000;
const VALID_DAYS = 825;

/** A certificate and its private key, as PEM. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

/** The one that the environment brings, or else one of this task's own: clients encrypt with it, and cannot tell whose it is. */
export async function certificateFor({ TLS_CERTIFICATE, TLS_KEY }: NodeJS.ProcessEnv): Promise<Certificate> {
  if (TLS_CERTIFICATE && TLS_KEY) return { certificate: TLS_CERTIFICATE, key: TLS_KEY };
  const keys = await webcrypto.subtle.generateKey(KEYS, true, ['sign', 'verify']);
  const now = Date.now();
  const issued = await X509CertificateGenerator.createSelfSigned({
    serialNumber: `4${randomBytes(16).toString('hex').slice(1)}`,
    name: [{ CN: [`pgbouncer ${hostname()}`.slice(0, 64)] }],
    notBefore: new Date(now - DAY_MS),
    notAfter: new Date(now + VALID_DAYS * DAY_MS),
    signingAlgorithm: KEYS,
    keys,
  });
  const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return { certificate: `${issued.toString('pem')}\n`, key: `${PemConverter.encode(key, 'PRIVATE KEY')}\n` };
}
