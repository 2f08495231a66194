import { randomBytes, webcrypto } from 'crypto';
import * as fs from 'fs';
import * as net from 'net';
import * as path from 'path';
import { withLock } from './file-lock';

const KEYS = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 86_400_000;
const YEARS_MS = 3650 * DAY_MS;

/** A certificate and its private key, as PEM. */
export interface IssuedCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** The file of the certificate that clients have to trust. */
export function caFileOf(folder: string): string {
  return path.join(folder, 'ca.pem');
}

/**
 * A certificate for a server, signed by the local authority of a folder, which is made when there is none.
 *
 * The authority's key stands beside `ca.pem` and is readable by its owner alone: it is worth what this machine's loopback
 * addresses are worth.
 *
 * @param names DNS names and IP addresses that the server is reached by
 */
export async function issueCertificate(folder: string, names: string[]): Promise<IssuedCertificate> {
  const { certificate, key } = await authority(folder);
  const x509 = await library();
  const issuer = new x509.X509Certificate(certificate);
  const keys = await webcrypto.subtle.generateKey(KEYS, true, ['sign', 'verify']);
  const now = Date.now();
  const issued = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: [{ CN: [names[0]] }],
    issuer: issuer.subject,
    notBefore: new Date(now - DAY_MS),
    notAfter: new Date(Math.min(issuer.notAfter.getTime(), now + 825 * DAY_MS)),
    signingAlgorithm: KEYS,
    publicKey: keys.publicKey,
    signingKey: await webcrypto.subtle.importKey('pkcs8', x509.PemConverter.decodeFirst(key), KEYS, false, ['sign']),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        [...new Set(names)].map((value) => ({ type: net.isIP(value) ? 'ip' : 'dns', value })),
      ),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: issued.toString('pem') + '\n', key: await pemOf(keys.privateKey) };
}

/** Loaded when it is needed: it takes a tenth of a second. It wants metadata of classes, which has to be there before. */
async function library() {
  await import('reflect-metadata');
  return import('@peculiar/x509');
}

async function authority(folder: string): Promise<IssuedCertificate> {
  const files = { certificate: caFileOf(folder), key: path.join(folder, 'ca-key.pem') };
  const stands = () => Object.values(files).every((file) => fs.existsSync(file));
  if (!stands())
    await withLock(folder, 'make a certificate authority', async () => {
      if (stands()) return; // made by the run that we waited for
      const made = await newAuthority();
      place(files.key, made.key, 0o600);
      place(files.certificate, made.certificate, 0o644);
    });
  return { certificate: fs.readFileSync(files.certificate, 'utf8'), key: fs.readFileSync(files.key, 'utf8') };
}

async function newAuthority(): Promise<IssuedCertificate> {
  const x509 = await library();
  const keys = await webcrypto.subtle.generateKey(KEYS, true, ['sign', 'verify']);
  const now = Date.now();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    // two authorities of the same name would be mistaken for one another by clients that trust both
    name: [{ CN: [`groundplan local CA ${randomBytes(4).toString('hex')}`] }],
    notBefore: new Date(now - DAY_MS),
    notAfter: new Date(now + YEARS_MS),
    signingAlgorithm: KEYS,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: certificate.toString('pem') + '\n', key: await pemOf(keys.privateKey) };
}

/** Sixteen bytes of which the first is neither zero nor negative, as certificates want their numbers. */
function serialNumber(): string {
  return '4' + randomBytes(16).toString('hex').slice(1);
}

async function pemOf(key: webcrypto.CryptoKey): Promise<string> {
  const { PemConverter } = await library();
  return PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY') + '\n';
}

/** Nobody reads half a file. */
function place(file: string, text: string, mode: number): void {
  const next = `${file}.next`;
  fs.rmSync(next, { force: true });
  fs.writeFileSync(next, text, { mode });
  fs.renameSync(next, file);
}
