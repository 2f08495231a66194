import { readFileSync } from 'node:fs';

/** The JSON in a file of an assembly. */
export function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`"${file}" cannot be read as JSON: ${(error as Error).message}. Synthesize the app again.`, {
      cause: error,
    });
  }
}
