import type { MarkdownRenderer } from 'vitepress';

type Translations = Record<string, { readonly typescript: string; readonly python?: string }>;

/** Shows a block of TypeScript that has a translation in both languages, under the switch that chooses one. */
export function bothLanguages(md: MarkdownRenderer, translations: Translations): void {
  const fence = md.renderer.rules.fence!;
  md.renderer.rules.fence = (tokens, index, options, env, self) => {
    const token = tokens[index];
    const [language] = token.info.split(' ');
    const as = (info: string, content: string) => {
      const copy = Object.assign(Object.create(Object.getPrototypeOf(token)), token, { info, content: `${content}\n` });
      return fence([copy], 0, options, env, self);
    };
    if (language !== 'ts') return fence(tokens, index, options, env, self);
    const source = token.content.trim();
    const found = translations[source];
    if (found?.python === undefined) return as('ts', found?.typescript ?? source);
    return [
      '<div class="languages"><LanguageSwitch />',
      `<div class="only-typescript">${as('ts', found.typescript)}</div>`,
      `<div class="only-python">${as('python', found.python)}</div>`,
      '</div>',
    ].join('');
  };
}
