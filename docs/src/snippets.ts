/** A block of code in a page. */
export interface Snippet {
  /** The page, relative to `docs/`, with the line of the fence: what a message names. */
  readonly place: string;
  /** What stands between the fences. */
  readonly source: string;
  /** It has no counterpart in Python: compiled, and not translated. */
  readonly typescriptOnly?: boolean;
}

const FENCE = /^```ts(?<options>[^\n]*)\n(?<source>[^]*?)^```$/gm;

/** The TypeScript in a Markdown text that has to compile. A fence marked `ts fragment` does not. */
export function snippetsOf(markdown: string, page: string): Snippet[] {
  return [...markdown.matchAll(FENCE)]
    .filter(({ groups }) => !/\bfragment\b/.test(groups!.options))
    .map((match) => ({
      place: `${page}:${markdown.slice(0, match.index).split('\n').length}`,
      source: match.groups!.source.trimEnd(),
      typescriptOnly: /\bonly\b/.test(match.groups!.options),
    }));
}
