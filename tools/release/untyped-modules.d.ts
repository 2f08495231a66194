// Modules that ship no declarations, as far as they are used here.

declare module 'conventional-changelog-conventionalcommits' {
  import type { Commit, ParserStreamOptions } from 'conventional-commits-parser' with { 'resolution-mode': 'import' };

  export default function createPreset(config: { readonly preMajor?: boolean }): {
    readonly parser: ParserStreamOptions;
    whatBump(commits: Commit[]): { level: 0 | 1 | 2; reason: string } | null;
  };
}

declare module 'spdx-satisfies' {
  /** Whether a licence expression can be met with the approved licences alone. Throws on what is no expression. */
  export default function satisfies(expression: string, approved: string[]): boolean;
}
