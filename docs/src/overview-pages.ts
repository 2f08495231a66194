import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { siteLinks } from './links';
import { ROOT } from './members';

/** A page that stands in `docs/decisions`. */
export interface Decision {
  readonly title: string;
  readonly link: string;
  /** The first sentence of what made it necessary. */
  readonly context: string;
}

/** Every decision, in the order in which they were made. */
export function decisions(): Decision[] {
  return readdirSync(join(ROOT, 'docs/decisions'))
    .filter((name) => /^\d+-.*\.md$/.test(name))
    .sort()
    .map((name) => {
      const text = readFileSync(join(ROOT, 'docs/decisions', name), 'utf8');
      const [, title] = /^# (.+)$/m.exec(text) ?? [];
      const [, context] = /\*\*Context\.\*\* ([^]*?\.)(?:\s|$)/.exec(text) ?? [];
      if (!title || !context)
        throw new Error(`docs/decisions/${name}: a decision has a title and a paragraph "**Context.**"`);
      return { title, link: `/decisions/${name.replace(/\.md$/, '')}`, context: context.replace(/\s+/g, ' ') };
    });
}

/** The list of decisions. */
export function decisionsPage(): string {
  const entries = decisions().map(({ title, link, context }) => `### [${title}](${link})\n\n${context}`);
  return [
    '---\noutline: false\n---',
    '# Decisions',
    'What a newcomer would question, with the reason and the price. One page each, written when it was decided.',
    ...entries,
    '',
  ].join('\n\n');
}

/** What is proved and how far the proof reaches: the table of the README, which is the one place where it is kept. */
export function proofPage(): string {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const [, table] = /^## What is proved how\n+([^]*?)\n+## /m.exec(readme) ?? [];
  if (!table) throw new Error('README.md: there is no section "What is proved how" with another one after it');
  return [
    '# What is proved how',
    'Claims are proved by something that we did not write: AWS’s own validators, public rule sets, a real deployment. The last ' +
      'column says how far each proof reaches, and the last row what is not proved at all.',
    siteLinks(table, 'README.md'),
    '`npm test` in the repository runs every one of them and ends with `N passed, N failed`.',
    '',
  ].join('\n\n');
}
