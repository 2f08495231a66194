import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { ExpectedFailure } from '../src';
import { LOCAL_IMAGES, bringLocalImages, readLocalImages } from '../src/local-images';
import { defaultPort } from '../src/service-report';
import { StateFolder } from '../src/state-folder';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'groundplan-images-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** An app's folder with this file in it. */
function app(name: string, content?: unknown): string {
  const made = path.join(folder, name);
  fs.mkdirSync(made, { recursive: true });
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  if (content !== undefined) fs.writeFileSync(path.join(made, LOCAL_IMAGES), text);
  return made;
}

const rulesOf = (files: StateFolder) =>
  fs.readdirSync(files.imageRules).map((name) => {
    const { folder: of, images } = JSON.parse(fs.readFileSync(path.join(files.imageRules, name), 'utf8'));
    return [path.basename(of), images];
  });

describe('local-images.json', () => {
  test('is brought along per app, and goes when the app no longer has it', () => {
    const files = new StateFolder(path.join(folder, 'state'));
    const one = { 'acme/*': { command: ['node', 'server.js'], directory: 'app' } };
    const two = { 'nginx:1': { entryPoint: ['node'], environment: { A: '1' } } };
    bringLocalImages(files, app('one', one));
    bringLocalImages(files, app('two', two));
    bringLocalImages(files, app('none'));
    expect(Object.fromEntries(rulesOf(files))).toEqual({ one, two });
    fs.rmSync(path.join(folder, 'one', LOCAL_IMAGES));
    bringLocalImages(files, path.join(folder, 'one'));
    expect(Object.fromEntries(rulesOf(files))).toEqual({ two });
  });

  test.each<[string, unknown, RegExp]>([
    ['is no JSON', '{', /is not JSON/],
    ['is a list', [], /must be an object/],
    ['has an image without a program', { a: {} }, /"a" needs a "command" or an "entryPoint"/],
    ['has a command that is one word', { a: { command: 'node' } }, /"a": "command" must be a list of words/],
    ['has a word that nobody knows', { a: { command: [], cmd: [] } }, /"a" has "cmd"; known are "command"/],
    [
      'has several mistakes',
      { a: 1, b: { command: [], directory: 1, environment: [] } },
      /"a" must.*"directory" must.*"env/s,
    ],
  ])('that %s is refused with all its mistakes', (name, content, message) => {
    const file = path.join(app(name.replaceAll(' ', '-'), content), LOCAL_IMAGES);
    expect(() => readLocalImages(file)).toThrow(ExpectedFailure);
    expect(() => readLocalImages(file)).toThrow(message);
  });
});

test('a URL without a number means HTTPS before HTTP, and the usual port before others', () => {
  const http = (number: number) => ({ number, secure: false });
  const https = (number: number) => ({ number, secure: true });
  expect(defaultPort([http(80), https(443)])).toBe(443);
  expect(defaultPort([http(80), https(8443), https(9443)])).toBe(8443);
  expect(defaultPort([http(8080), http(80)])).toBe(80);
  expect(defaultPort([])).toBeUndefined();
});
