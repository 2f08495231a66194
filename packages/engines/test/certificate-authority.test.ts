import { X509Certificate, createPrivateKey } from 'crypto';
import * as fs from 'fs';
import * as path from 'path';
import { caFileOf, issueCertificate } from '../src/certificate-authority';
import { temporaryFolder } from './temporary-folder';

test('many servers that start at once on an empty folder get certificates of one authority', async () => {
  const folder = path.join(temporaryFolder(), 'ca');
  const issued = await Promise.all([1, 2, 3, 4].map((n) => issueCertificate(folder, [`127.77.0.${n}`, 'localhost'])));
  const authority = new X509Certificate(fs.readFileSync(caFileOf(folder)));
  expect(authority.ca).toBe(true);
  expect(fs.readdirSync(folder).sort()).toEqual(['ca-key.pem', 'ca.pem']);
  expect(fs.statSync(path.join(folder, 'ca-key.pem')).mode & 0o777).toBe(0o600);
  issued.forEach(({ certificate, key }, index) => {
    const server = new X509Certificate(certificate);
    expect(server.verify(authority.publicKey)).toBe(true);
    expect(server.checkIssued(authority)).toBe(true);
    expect(server.checkPrivateKey(createPrivateKey(key))).toBe(true);
    expect(server.checkIP(`127.77.0.${index + 1}`)).toBeDefined();
    expect(server.checkHost('localhost')).toBeDefined();
    expect(server.checkHost('example.com')).toBeUndefined();
    expect(server.ca).toBe(false);
  });
});

test('half an authority, which an interrupted start leaves, is made anew', async () => {
  const folder = temporaryFolder();
  fs.writeFileSync(path.join(folder, 'ca-key.pem'), 'not complete');
  const { certificate } = await issueCertificate(folder, ['localhost']);
  const authority = new X509Certificate(fs.readFileSync(caFileOf(folder)));
  expect(new X509Certificate(certificate).verify(authority.publicKey)).toBe(true);
});
