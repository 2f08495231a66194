import { writeFileSync } from 'node:fs';
import { ExpectedFailure } from '@groundplan/local';

/** Says a report on stdout, or writes it into the file that `--output` names. */
export function answer(text: string, output: string | undefined): void {
  if (output === undefined) {
    console.log(text);
    return;
  }
  try {
    writeFileSync(output, `${text}\n`);
  } catch (error) {
    throw new ExpectedFailure(`--output "${output}" cannot be written: ${(error as Error).message}.`);
  }
}
