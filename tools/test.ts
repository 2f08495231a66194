import { join } from 'node:path';
import { total } from './proof/outcome';
import { prove } from './proof/prove';
import { phases } from './proof/steps';
import { summary } from './proof/summary';

/** `npm test`: proves everything, and ends with the closing line. */
async function main(): Promise<void> {
  const root = join(__dirname, '..');
  const outcomes = await prove(root, phases(root));
  console.log(summary(outcomes));
  process.exitCode = total(outcomes).failed > 0 ? 1 : 0;
}

void main();
