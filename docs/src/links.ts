import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { ROOT } from './members';

const LINK = /(?<!!)\[(?<text>(?:[^[\]]|\[[^\]]*\])*)\]\((?<target>[^)\s]+)\)/g;
const FENCE = /(^```[^]*?^```$)/m;

/**
 * Turns the links of a Markdown file of the repository into links of the site: to the page that shows the file. What no page
 * shows keeps its text and loses its link.
 *
 * @param file where the text stands, relative to the root of the repository
 */
export function siteLinks(markdown: string, file: string): string {
  return markdown
    .split(FENCE)
    .map((part, index) =>
      index % 2 === 1 ? part : part.replace(LINK, (_, text, target) => siteLink(text, target, file)),
    )
    .join('');
}

function siteLink(text: string, target: string, file: string): string {
  if (/^(https?:|#|\/)/.test(target)) return `[${text}](${target})`;
  const [path] = target.split('#');
  const meant = normalize(join(dirname(file), path)).replace(/\/$/, '');
  if (!existsSync(join(ROOT, meant))) throw new Error(`${file}: there is no ${meant}, to which "${text}" leads`);
  const page = pageOf(meant);
  return page === undefined ? text : `[${text}](${page})`;
}

/** The page that shows a file of the repository. */
function pageOf(path: string): string | undefined {
  const [, example] = /^packages\/[^/]+\/examples\/([^/]+)\.(?:ts|py)$/.exec(path) ?? [];
  if (example) return `#${example}-ts`;
  const [, member] = /^packages\/([^/]+)(?:\/README\.md)?$/.exec(path) ?? [];
  if (member) return `/packages/${member}`;
  const [, page] = /^docs\/((?:guide|decisions)\/[^/]+)\.md$/.exec(path) ?? [];
  if (page) return `/${page}`;
  return path === 'docs/decisions' ? '/decisions/' : undefined;
}
