import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import puppeteer, { Browser } from 'puppeteer-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** A Chromium without a window: the one on PATH, else the one that is installed with the other packages. */
export async function openBrowser(): Promise<Browser> {
  const found = onPath();
  if (!found && (process.platform !== 'linux' || process.arch !== 'x64'))
    throw new Error(
      `There is no Chromium: none of ${NAMES.join(', ')} is on PATH. Only Linux on x64 gets one by "npm run setup".`,
    );
  const executablePath = found ?? (await (await import('@sparticuz/chromium')).default.executablePath());
  return puppeteer.launch({
    executablePath,
    headless: found ? true : 'shell',
    // As root, as in a container, Chromium starts without its sandbox only. It opens nothing but our own pages.
    args: ['--no-sandbox', '--disable-gpu'],
  });
}

function onPath(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
