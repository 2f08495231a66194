import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { readLedger } from '../src/stubs';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'groundplan-ledger-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));

const where = { stack: 'Network', account: '111111111111', region: 'eu-central-1' };
const detector = { kind: 'stub', type: 'AWS::CloudWatch::AnomalyDetector', ...where };
const line = (action: string, logicalId: string, physicalId: string, more = {}) => ({
  ...{ at: '2026-01-01T00:00:00.000+00:00', action, logicalId, physicalId },
  ...detector,
  ...more,
});

/** What exists after these lines, as `<logical id> <physical id>`. */
function existing(...lines: object[]): string[] {
  const file = path.join(folder, 'ledger.jsonl');
  fs.writeFileSync(file, lines.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  return readLedger(file).map(({ logicalId, physicalId }) => `${logicalId} ${physicalId}`);
}

describe('the ledger of the provider pack', () => {
  test('is empty before anything was deployed', () => {
    expect(readLedger(path.join(folder, 'none'))).toEqual([]);
  });

  test('lists what was created once, also when it was updated since', () => {
    expect(existing(line('create', 'A', '1'), line('update', 'A', '1'))).toEqual(['A 1']);
  });

  test('lists the successor of what was replaced', () => {
    expect(existing(line('create', 'A', '1'), line('replace', 'A', '2'), line('delete', 'A', '1'))).toEqual(['A 2']);
  });

  test('forgets what was deleted, also when the delete was not told which it was', () => {
    expect(existing(line('create', 'A', '1'), line('delete', '', '1', { stack: '' }))).toEqual([]);
  });

  test('knows the note of the newest entry only', () => {
    const file = path.join(folder, 'noted.jsonl');
    const lines = [line('create', 'A', '1', { note: 'kept' }), line('create', 'B', '2', { note: 'given' })];
    fs.writeFileSync(file, [...lines, line('update', 'A', '1')].map((entry) => `${JSON.stringify(entry)}\n`).join(''));
    expect(readLedger(file).map(({ logicalId, note }) => [logicalId, note])).toEqual([
      ['A', undefined],
      ['B', 'given'],
    ]);
  });

  test('keeps accounts, regions and types apart', () => {
    const elsewhere = [{ account: '222222222222' }, { region: 'us-east-1' }, { type: 'AWS::EC2::EIP' }];
    expect(existing(...elsewhere.map((more) => line('create', 'A', '1', more)), line('delete', 'A', '1'))).toHaveLength(
      3,
    );
  });
});
