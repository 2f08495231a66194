import { ref } from 'vue';

export const LANGUAGES = { typescript: 'TypeScript', python: 'Python' };

/** The language in which code is shown, on every page. */
export const language = ref('typescript');

const KEPT_AS = 'groundplan-language';

/** Chooses a language, and keeps the choice for the next visit. */
export function choose(name: string): void {
  language.value = name;
  // What is hidden is said in style.css: no block has to be drawn again.
  document.documentElement.dataset.language = name;
  localStorage.setItem(KEPT_AS, name);
}

/** Takes up the choice of the last visit. */
export function remember(): void {
  const kept = localStorage.getItem(KEPT_AS);
  if (kept !== null && kept in LANGUAGES) language.value = kept;
}
