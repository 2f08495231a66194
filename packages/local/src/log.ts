import * as fs from 'fs';

/** The last lines of a file; an empty text when there is none. */
export function tailOf(file: string, lines: number): string {
  try {
    return fs.readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '';
  }
}

/** What is written to a file from now on, as it comes, until nobody writes to it any more. */
export async function* followLog(file: string, isWritten: () => boolean): AsyncGenerator<string> {
  let position = sizeOf(file);
  for (;;) {
    const last = !isWritten();
    const size = sizeOf(file);
    if (size < position) position = 0; // a new start writes a new log
    if (size > position) {
      const handle = fs.openSync(file, 'r');
      const buffer = Buffer.alloc(size - position);
      fs.readSync(handle, buffer, 0, buffer.length, position);
      fs.closeSync(handle);
      position = size;
      yield buffer.toString('utf8');
    }
    if (last) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function sizeOf(file: string): number {
  return fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
