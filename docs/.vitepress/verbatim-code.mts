import type { MarkdownRenderer } from 'vitepress';

/** Shows `{{resolve:…}}` in a line of text as it stands: Vue would take it for an expression. */
export function verbatimCode(md: MarkdownRenderer): void {
  const render = md.renderer.rules.code_inline!;
  md.renderer.rules.code_inline = (tokens, index, ...rest) => {
    tokens[index].attrSet('v-pre', '');
    return render(tokens, index, ...rest);
  };
}
