import * as path from 'path';

/** Pins and what brings them: beside `src` and, once published, beside `lib`. */
export function resource(name: string): string {
  return path.join(__dirname, '..', 'resources', name);
}
