import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shareExternals } from '../../pack/share-externals';

let lib: string;
beforeEach(() => {
  lib = mkdtempSync(join(tmpdir(), 'share-externals-'));
  mkdirSync(join(lib, 'private'));
});
afterEach(() => rmSync(lib, { recursive: true }));

test('every file reads a module of others through the same one, and its own as before', () => {
  const [index, inner] = [join(lib, 'index.js'), join(lib, 'private/inner.js')];
  writeFileSync(
    index,
    'const core_1 = require("aws-cdk-lib/core");\nconst inner_1 = () => require("./private/inner");\n',
  );
  writeFileSync(inner, 'const core_1 = require("aws-cdk-lib/core");\nconst text = "require(\'node:http\')";\n');
  const done = shareExternals([index, inner], join(lib, 'externals'));
  expect(readFileSync(index, 'utf8')).toBe(
    'const core_1 = require("./externals/aws-cdk-lib-core.js");\nconst inner_1 = () => require("./private/inner");\n',
  );
  expect(readFileSync(inner, 'utf8')).toBe(
    'const core_1 = require("../externals/aws-cdk-lib-core.js");\nconst text = "require(\'node:http\')";\n',
  );
  expect(readFileSync(join(lib, 'externals/aws-cdk-lib-core.js'), 'utf8')).toBe(
    'module.exports = require("aws-cdk-lib/core");\n',
  );
  done();
  expect(existsSync(join(lib, 'externals'))).toBe(false);
});
