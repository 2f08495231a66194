// Lints the texts that come in as JSON [{ filePath, text }]; one process for all, because ESLint loads its configuration
// by a dynamic import, which jest's sandbox does not have.
import { text } from 'node:stream/consumers';
import { ESLint } from 'eslint';

const eslint = new ESLint();
const found = [];
for (const sample of JSON.parse(await text(process.stdin))) {
  const [{ messages }] = await eslint.lintText(sample.text, { filePath: sample.filePath });
  found.push(messages.map(({ message }) => message));
}
console.log(JSON.stringify(found));
