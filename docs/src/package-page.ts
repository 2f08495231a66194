import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { apiReference } from './api-reference';
import { siteLinks } from './links';
import { Member } from './members';
import { Pages } from './type-names';

/** The page of a package: its README, its examples and, for a library, its API. */
export function packagePage(member: Member, pages: Pages): string {
  const examples = member.examples.filter((name) => name.endsWith('.ts'));
  return [
    `---\ndescription: ${JSON.stringify(member.description)}\noutline: [2, 3]\n---`,
    siteLinks(member.readme, `packages/${member.name}/README.md`).trimEnd(),
    ...(examples.length > 0 ? ['## Examples', ...examples.map((name) => example(member, name))] : []),
    ...(member.isLibrary ? ['## API reference {#api}', apiReference(member, pages)] : []),
    '',
  ].join('\n\n');
}

function example(member: Member, name: string): string {
  const source = readFileSync(join(member.folder, 'examples', name), 'utf8').trimEnd();
  return `### ${name} {#${name.replace('.', '-')}}\n\n\`\`\`ts\n${source}\n\`\`\``;
}
