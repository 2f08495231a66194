import { createHash } from 'crypto';
import * as fs from 'fs';
import * as path from 'path';
import { ExpectedFailure } from '@groundplan/engines';
import { StateFolder } from './state-folder';

/** Beside an app's `cdk.json`: which program runs for an image. */
export const LOCAL_IMAGES = 'local-images.json';

/** What runs for an image; the words of Docker. */
interface ImageRule {
  readonly command?: string[];
  readonly entryPoint?: string[];
  /** Where it runs, from the folder of the file. @default that folder */
  readonly directory?: string;
  readonly environment?: Record<string, string>;
}

/** Tells the local AWS what an app says about images; the file of another app stays as it is. */
export function bringLocalImages(files: StateFolder, appFolder: string): void {
  const folder = path.resolve(appFolder);
  const rules = path.join(files.imageRules, `${createHash('sha256').update(folder).digest('hex').slice(0, 16)}.json`);
  const file = path.join(folder, LOCAL_IMAGES);
  if (!fs.existsSync(file)) return fs.rmSync(rules, { force: true });
  const images = readLocalImages(file);
  fs.mkdirSync(files.imageRules, { recursive: true });
  fs.writeFileSync(`${rules}.next`, JSON.stringify({ folder, images }));
  fs.renameSync(`${rules}.next`, rules);
}

/** Reads the file and reports every mistake at once. */
export function readLocalImages(file: string): Record<string, ImageRule> {
  let content: unknown;
  try {
    content = JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    throw new ExpectedFailure(`${file} is not JSON: ${(error as Error).message}`);
  }
  if (!isRecord(content))
    throw new ExpectedFailure(`${file} must be an object: {"<image>": {"command": ["node", "server.js"]}}`);
  const mistakes = Object.entries(content).flatMap(([image, rule]) => mistakesOf(image, rule));
  if (mistakes.length > 0) throw new ExpectedFailure(mistakes.map((mistake) => `${file}: ${mistake}`).join('\n'));
  return content as Record<string, ImageRule>;
}

function mistakesOf(image: string, rule: unknown): string[] {
  if (!isRecord(rule)) return [`"${image}" must be an object with a "command", got ${JSON.stringify(rule)}`];
  const { command, entryPoint, directory, environment, ...others } = rule;
  const isWords = (value: unknown) => Array.isArray(value) && value.every((word) => typeof word === 'string');
  return [
    ...Object.keys(others).map(
      (key) => `"${image}" has "${key}"; known are "command", "entryPoint", "directory", "environment"`,
    ),
    ...(command === undefined && entryPoint === undefined ? [`"${image}" needs a "command" or an "entryPoint"`] : []),
    ...Object.entries({ command, entryPoint })
      .filter(([, value]) => value !== undefined && !isWords(value))
      .map(([key]) => `"${image}": "${key}" must be a list of words such as ["node", "server.js"]`),
    ...(directory === undefined || typeof directory === 'string' ? [] : [`"${image}": "directory" must be a path`]),
    ...(environment === undefined || isRecord(environment) ? [] : [`"${image}": "environment" must be an object`]),
  ];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
