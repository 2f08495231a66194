import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DefaultTheme, defineConfig } from 'vitepress';
import { bothLanguages } from './both-languages.mjs';
import { verbatimCode } from './verbatim-code.mjs';

/** What `src/main.ts` generated. */
function generated<T>(file: string): T {
  return JSON.parse(readFileSync(fileURLToPath(new URL(`../generated/${file}`, import.meta.url)), 'utf8')) as T;
}

const menu =
  generated<Record<'libraries' | 'tools' | 'internal' | 'decisions', DefaultTheme.SidebarItem[]>>('menu.json');
const firstPage = '/guide/first-ten-minutes';

export default defineConfig({
  title: 'groundplan',
  description: 'AWS CDK constructs that a platform team publishes and its product teams build on',
  lang: 'en',
  srcExclude: ['README.md', 'src/**', 'test/**'],
  // Generated pages stand in a folder that git ignores; their addresses do not say so.
  rewrites: { 'generated/:path*': ':path*' },
  head: [
    ['link', { rel: 'icon', type: 'image/svg+xml', href: '/logo.svg' }],
    ['meta', { name: 'theme-color', content: '#0f62b4' }],
    // Before anything is drawn: who reads Python sees no TypeScript flash by.
    [
      'script',
      {},
      "try{document.documentElement.dataset.language=localStorage.getItem('groundplan-language')??'typescript'}catch{}",
    ],
  ],
  markdown: {
    config(md) {
      bothLanguages(md, generated('translations.json'));
      verbatimCode(md);
    },
  },
  themeConfig: {
    logo: '/logo.svg',
    outline: [2, 3],
    search: { provider: 'local' },
    nav: [
      { text: 'Guide', link: firstPage, activeMatch: '^/guide/' },
      { text: 'Packages', link: '/packages/vpc', activeMatch: '^/packages/' },
      { text: 'Proof', link: '/proof' },
      { text: 'Decisions', link: '/decisions/', activeMatch: '^/decisions/' },
    ],
    sidebar: [
      {
        text: 'Guide',
        items: [
          { text: 'The first ten minutes', link: firstPage },
          { text: 'Tiers and environments', link: '/guide/environments' },
          { text: 'Wiring by intent', link: '/guide/wiring' },
          { text: 'Watching', link: '/guide/watching' },
          { text: 'Checking and asking', link: '/guide/checking' },
          { text: 'Running PostgreSQL', link: '/guide/running-postgres' },
          { text: 'Testing with the local AWS', link: '/guide/testing' },
          { text: 'Releasing and upgrading', link: '/guide/upgrading' },
        ],
      },
      { text: 'Libraries', items: menu.libraries },
      { text: 'Tools', items: menu.tools },
      { text: 'Inside this repository', collapsed: true, items: menu.internal },
      {
        text: 'Why it can be trusted',
        items: [
          { text: 'What is proved how', link: '/proof' },
          { text: 'Decisions', link: '/decisions/', collapsed: true, items: menu.decisions },
        ],
      },
    ],
  },
});
