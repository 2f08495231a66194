import { crc32 } from 'node:zlib';

/**
 * What Flyway remembers of a file and compares at every run: the CRC-32 of its lines without their ends, as a signed number. A byte
 * order mark, and how lines end, do not count.
 */
export function checksum(text: string): number {
  // These are the lines of Java's BufferedReader; an empty one adds nothing.
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
  return lines.reduce((sum, line) => crc32(line, sum), 0) | 0;
}
