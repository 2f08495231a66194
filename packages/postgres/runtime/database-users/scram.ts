import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';

/** PostgreSQL's own default of `scram_iterations`. */
const ITERATIONS = 4096;

/**
 * What PostgreSQL keeps of a password (RFC 5803), computed here: a server that is told the password itself may write it to its
 * log, and it would stand in `pg_stat_statements`.
 */
export function scramVerifier(password: string, salt = randomBytes(16)): string {
  // SASLprep: of what our passwords are made of, it changes nothing but the form of composed characters.
  const salted = pbkdf2Sync(password.normalize('NFKC'), salt, ITERATIONS, 32, 'sha256');
  const keyed = (text: string) => createHmac('sha256', salted).update(text).digest();
  const stored = createHash('sha256').update(keyed('Client Key')).digest('base64');
  const server = keyed('Server Key').toString('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${stored}:${server}`;
}
