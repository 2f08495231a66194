import { Browser, Page } from 'puppeteer-core';
import { openBrowser } from './browser';
import { Site, serveSite } from './site';
import { Visit, newPage, open, visitAll } from './visit';

let site: Site;
let browser: Browser;

beforeAll(async () => {
  site = await serveSite();
  browser = await openBrowser();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  site?.close();
}, 60_000);

describe('every page', () => {
  let visits: Visit[];
  beforeAll(async () => {
    visits = await visitAll(browser, site);
  }, 300_000);

  test('is there', () => {
    const paths = visits.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining(['/index.html', '/proof.html', '/decisions/index.html', '/packages/vpc.html']),
    );
    expect(paths.length).toBeGreaterThan(15);
  });

  test('loads without a message, without a failed request, and with nothing from elsewhere', () => {
    expect(visits.flatMap(({ path, troubles }) => troubles.map((trouble) => `${path}: ${trouble}`))).toEqual([]);
    for (const { title } of visits) expect(title).toContain('groundplan');
  });

  test('leads to pages that are there, and to places that are on them', () => {
    const places = new Map(visits.map((visit) => [visit.path, visit.places]));
    const links = visits.flatMap(({ path, links }) => links.map((to) => ({ from: path, to })));
    const dead = links
      .filter(({ to }) => to.origin === site.origin)
      .filter(({ to: { pathname, hash } }) => {
        const ids = places.get(pathname.endsWith('/') ? `${pathname}index.html` : pathname);
        return !ids || (hash !== '' && !ids.has(decodeURIComponent(hash.slice(1))));
      })
      .map(({ from, to }) => `${from} → ${to.pathname}${to.hash}`);
    expect([...new Set(dead)]).toEqual([]);
    expect(links.length).toBeGreaterThan(500);
    expect(links.filter(({ to }) => !['http:', 'https:'].includes(to.protocol))).toEqual([]);
  });

  test('fits a narrow screen, in either language', () => {
    expect(visits.filter(({ sticksOut }) => sticksOut.some((pixels) => pixels > 0)).map(({ path }) => path)).toEqual(
      [],
    );
  });
});

describe('a reader', () => {
  let page: Page;
  let troubles: string[];
  beforeEach(async () => {
    troubles = [];
    page = await newPage(browser, site, troubles);
  }, 60_000);
  afterEach(async () => {
    await page.browserContext().close();
    expect(troubles).toEqual([]);
  }, 60_000);

  const visible = (selector: string) =>
    page.$$eval(selector, (found) => found.filter((one) => one.checkVisibility()).length);

  test('sees TypeScript first, and Python on every page and the next time, once it was chosen', async () => {
    await open(page, `${site.origin}/packages/vpc.html`);
    expect(await visible('.only-typescript')).toBeGreaterThan(20);
    expect(await visible('.only-python')).toBe(0);

    await page.locator('.languages .code-switch button::-p-text(Python)').click();
    await page.waitForSelector('.code-switch button[aria-pressed=true]::-p-text(Python)');
    expect(await visible('.only-typescript')).toBe(0);
    expect(await visible('.only-python')).toBeGreaterThan(20);
    expect(await page.$eval('.languages .only-python', (code) => code.textContent)).toContain('from aws_cdk import');

    await open(page, `${site.origin}/guide/environments.html`);
    expect(await visible('.only-typescript')).toBe(0);
    expect(await visible('.only-python')).toBeGreaterThan(3);
  }, 120_000);

  test('finds Egress in the reference of the network', async () => {
    await open(page, `${site.origin}/`);
    await page.locator('#local-search button').click();
    await page.locator('#localsearch-input').fill('Egress');
    await page.waitForSelector('.VPLocalSearchBox .result[href$="/packages/vpc.html#api-egress"]');
  }, 120_000);

  test('who turns the light off has it off on the next page too', async () => {
    const brightness = async () => {
      const colour = (await page.evaluate('getComputedStyle(document.body).backgroundColor')) as string;
      const [red, green, blue] = /(\d+), (\d+), (\d+)/.exec(colour)!.slice(1).map(Number);
      return (red + green + blue) / 3;
    };
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'light' }]);
    await open(page, `${site.origin}/guide/wiring.html`);
    expect(await brightness()).toBeGreaterThan(200);
    await page.locator('.VPNavBar .VPSwitchAppearance').click();
    await page.waitForSelector('html.dark');
    expect(await brightness()).toBeLessThan(60);
    await open(page, `${site.origin}/packages/core.html`);
    expect(await brightness()).toBeLessThan(60);
  }, 120_000);
});
