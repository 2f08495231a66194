import { join } from 'node:path';
import { expectDefaults } from '@groundplan/testing';
import { DEFAULTS } from '../src/private/defaults';
import { PRESET } from '../src/private/parameters';

const GOLDEN = join(__dirname, 'contract.json');

describe('contract', () => {
  test('defaults are those that consumers rely on', () => {
    expectDefaults({ ...DEFAULTS, parameters: PRESET }, GOLDEN);
  });
});
