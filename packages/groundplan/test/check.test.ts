import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log } from 'sarif';
import type { CheckReport } from '../src/check/report';
import { assembly, topics } from './assemblies';
import { groundplan } from './in-process';

const folder = assembly(topics);
const clean = assembly(() => undefined);
const scratch = mkdtempSync(join(tmpdir(), 'groundplan-check-'));
afterAll(() => [folder, clean, scratch].forEach((path) => rmSync(path, { recursive: true })));

describe('for a person', () => {
  test('what is open comes with the line that made it, what to do, and a table of the rules', async () => {
    const { code, answer } = await groundplan('check', folder);
    expect(answer).toMatch(/✗ Shop\/Open\/Resource \(AWS::SNS::Topic\) keeps its data unencrypted/);
    expect(answer).toMatch(/test\/assemblies\.ts:\d+:\d+/);
    expect(answer).toMatch(/Set masterKey:/);
    expect(answer).toMatch(/EncryptionAtRest\s+│ 2\s+│ 1\s+│ 1/);
    expect(answer).toMatch(/1 open in 2 resources of .* \(1 acknowledged, 1 warning\)\./);
    expect(code).toBe(1);
  });

  test('what is acknowledged is shown on request, with its reason', async () => {
    expect((await groundplan('check', folder)).answer).not.toContain('it carries nothing secret');
    const { answer } = await groundplan('check', folder, '--all');
    expect(answer).toMatch(/✓ Shop\/Accepted\/Resource[\s\S]*acknowledged: it carries nothing secret/);
  });

  test('nothing open ends with 0', async () => {
    const { code, answer } = await groundplan('check', clean);
    expect(answer).toMatch(/Nothing is open in 0 resources/);
    expect(code).toBe(0);
  });
});

test('for a program, as JSON', async () => {
  const { code, answer } = await groundplan('check', folder, '--format', 'json');
  const { summary, findings } = JSON.parse(answer) as CheckReport;
  expect(summary).toEqual({ open: 1, warnings: 1, acknowledged: 1, resources: 2 });
  expect(findings.map(({ ruleId, path }) => [ruleId, path])).toEqual([
    ['EncryptionAtRest', 'Shop/Open/Resource'],
    ['UnusedAcknowledgement', 'Shop'],
  ]);
  expect(code).toBe(1);
});

describe('as SARIF', () => {
  test('results name rule, line, construct and, when acknowledged, why', async () => {
    const { answer } = await groundplan('check', folder, '--format', 'sarif', '--all');
    const { version, runs } = JSON.parse(answer) as Log;
    const { tool, results = [] } = runs[0];
    expect(version).toBe('2.1.0');
    for (const { ruleId, ruleIndex = -1 } of results) expect(tool.driver.rules?.[ruleIndex].id).toBe(ruleId);
    const [open, accepted] = results.filter(({ ruleId }) => ruleId === 'EncryptionAtRest');
    expect(open.locations?.[0].logicalLocations?.[0].fullyQualifiedName).toBe('Shop/Open/Resource');
    expect(open.locations?.[0].physicalLocation?.artifactLocation?.uri).toMatch(/test\/assemblies\.ts$/);
    expect(open.suppressions).toBeUndefined();
    expect(accepted.suppressions).toEqual([
      { kind: 'inSource', status: 'accepted', justification: 'it carries nothing secret' },
    ]);
  });

  test('goes to a file, and nothing to stdout', async () => {
    const output = join(scratch, 'check.sarif');
    const { code, answer } = await groundplan('check', folder, '--format', 'sarif', '--output', output);
    expect([code, answer]).toEqual([1, '']);
    expect((JSON.parse(readFileSync(output, 'utf8')) as Log).runs).toHaveLength(1);
  });
});

test('--strict lets warnings fail it', async () => {
  const warned = assembly((stack) =>
    stack.node.addMetadata('aws:cdk:acknowledged-rules', { 'groundplan::FlowLogs': 'x' }),
  );
  expect((await groundplan('check', warned)).code).toBe(0);
  expect((await groundplan('check', warned, '--strict')).code).toBe(1);
  rmSync(warned, { recursive: true });
});

test('--required-tags speaks for an app that does not say it itself', async () => {
  const { code, answer } = await groundplan('check', folder, '--required-tags', 'Team');
  expect(answer).toMatch(/Shop\/Open\/Resource \(AWS::SNS::Topic\) lacks the tag Team\./);
  expect(code).toBe(1);
});

test.each([
  [
    'a folder that is no assembly',
    ['check', scratch],
    /is no cloud assembly: it has no manifest\.json\. Give the folder/,
  ],
  ['a format that there is not', ['check', folder, '--format', 'xml'], /Allowed choices are pretty, json, sarif/],
  [
    'a list of tags with a hole',
    ['check', folder, '--required-tags', 'a,,b'],
    /--required-tags must name tags.*got "a,,b"/,
  ],
  [
    'a file that cannot be written',
    ['check', clean, '--output', '/no/such/place'],
    /--output "\/no\/such\/place" cannot be written/,
  ],
])('%s is refused with what is allowed, and ends with 2', async (_what, args, message) => {
  const { code, said } = await groundplan(...args);
  expect(said).toMatch(message);
  expect(said).not.toMatch(/^\s+at /m);
  expect(code).toBe(2);
});
