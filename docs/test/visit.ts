import { Browser, Page } from 'puppeteer-core';
import { Site } from './site';

/** What there is to know of a page that was opened. */
export interface Visit {
  readonly path: string;
  readonly title: string;
  /** Messages of the console, requests that failed, requests to elsewhere. */
  readonly troubles: string[];
  /** The ids on the page: where a link can lead to. */
  readonly places: Set<string>;
  readonly links: URL[];
  /** By how many pixels the page is wider than a narrow screen, in TypeScript and in Python. */
  readonly sticksOut: number[];
}

/** How many pages are open at a time: most of a visit is waiting. */
const TABS = 3;

/** A page of its own, as the browser of somebody who was never here. What goes wrong is noted in `troubles`. */
export async function newPage(browser: Browser, site: Site, troubles: string[]): Promise<Page> {
  const page = await (await browser.createBrowserContext()).newPage();
  page.setDefaultTimeout(60_000);
  await page.setViewport({ width: 1440, height: 900 });
  page.on('console', (message) => {
    if (['error', 'warn'].includes(message.type())) troubles.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => troubles.push(`error: ${String(error)}`));
  page.on('requestfailed', (request) => troubles.push(`failed: ${request.url()}`));
  page.on('response', (response) => {
    if (response.status() >= 400) troubles.push(`${response.status()}: ${response.url()}`);
  });
  page.on('request', (request) => {
    const ours = request.url().startsWith(site.origin) || request.url().startsWith('data:');
    if (!ours) troubles.push(`elsewhere: ${request.url()}`);
  });
  return page;
}

/** Opens a page and waits until it answers to clicks and asks for nothing more. */
export async function open(page: Page, url: string): Promise<void> {
  await page.goto(url, { waitUntil: 'networkidle0' });
  await page.waitForFunction('document.querySelector("#app")?.__vue_app__?._container');
}

/** Opens every page of the site. */
export async function visitAll(browser: Browser, site: Site): Promise<Visit[]> {
  const left = [...site.pages];
  const visits: Visit[] = [];
  const visitor = async () => {
    for (let path = left.shift(); path !== undefined; path = left.shift())
      visits.push(await visit(browser, site, path));
  };
  await Promise.all(Array.from({ length: TABS }, visitor));
  return visits.sort((one, other) => one.path.localeCompare(other.path));
}

async function visit(browser: Browser, site: Site, path: string): Promise<Visit> {
  const troubles: string[] = [];
  const page = await newPage(browser, site, troubles);
  await open(page, site.origin + path);
  const ids = await page.$$eval('[id]', (found) => found.map(({ id }) => id));
  const targets = await page.$$eval('a[href]', (found) => found.map((link) => (link as { href?: string }).href ?? ''));
  const title = await page.title();

  await page.setViewport({ width: 360, height: 780 });
  const sticksOut: number[] = [];
  for (const language of ['typescript', 'python']) {
    await page.evaluate(`document.documentElement.dataset.language = '${language}'`);
    sticksOut.push(await page.$eval(':root', (root) => root.scrollWidth - root.clientWidth));
  }
  await page.browserContext().close();
  return { path, title, troubles, places: new Set(ids), links: targets.map((target) => new URL(target)), sticksOut };
}
