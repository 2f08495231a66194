import { Stack, Validations } from 'aws-cdk-lib';
import { check, everyTool } from '../../check/check';
import { Finding, idOf } from '../../check/finding';
import { render } from '../../check/render';
import { Report, exitCodeOf } from '../../check/report';
import { FOUND, aBadStack, acknowledgeAll, anApp, subjectOf } from './apps';

const REASON = 'it is accepted here, and an alternative is named';

/** One app for all of it, because every tool takes its seconds to start. */
let report: Report;
beforeAll(async () => {
  const app = anApp();
  aBadStack(app, 'Open');
  const accepted = aBadStack(app, 'Accepted');
  acknowledgeAll(accepted, REASON);
  Validations.of(Stack.of(accepted.logGroup)).acknowledge({ id: 'checkov::CKV_AWS_158', reason: 'further away' });
  const { logGroup } = accepted;
  for (const id of ['checkov::CKV_AWS_1580', 'chekov::CKV_AWS_158', 'AwsSolutions-L1', '@aws-cdk/aws-logs:a-warning'])
    Validations.of(logGroup).acknowledge({ id, reason: 'matches nothing' });
  Validations.of(app).acknowledge({ id: 'checkov::CKV_AWS_158', reason: 'above every stack' });
  report = await check('an app', subjectOf(app));
}, 240_000);

const at = (list: readonly Finding[], id: string, path: string) =>
  list.filter((finding) => idOf(finding) === id && finding.path === path);
const path = (stack: string, construct: string) => `${stack}/${construct}`;
const NAMES = { subnet: 'Subnet', logGroup: 'Logs', handler: 'Handler' };

test('there is a rule of every tool to prove it with', () => {
  expect(new Set(FOUND.map(({ id }) => id.split('::')[0]))).toEqual(
    new Set(everyTool().map(({ namespace }) => namespace)),
  );
});

test('every tool ran', () => {
  expect(report.tools.filter(({ error }) => error !== undefined)).toEqual([]);
});

describe.each(FOUND)('$id', ({ id, at: construct }) => {
  test('is open where it is found, whatever the metadata of the resource says', () => {
    expect(at(report.open, id, path('Open', NAMES[construct])).length).toBeGreaterThan(0);
    expect(at(report.acknowledged, id, path('Open', NAMES[construct]))).toEqual([]);
  });

  test('is acknowledged, with its reason, where somebody acknowledged it', () => {
    const where = path('Accepted', NAMES[construct]);
    expect(at(report.open, id, where)).toEqual([]);
    expect(at(report.acknowledged, id, where)).toContainEqual(
      expect.objectContaining({ reason: REASON, acknowledgedAt: where, message: expect.stringMatching(/\S/) }),
    );
  });
});

test('what is open fails the check', () => {
  expect(exitCodeOf(report)).toBe(1);
});

test('each tool counts what it found, and nothing is lost between open and acknowledged', () => {
  for (const { found, acknowledged, open } of report.tools) {
    expect(open).toBeGreaterThan(0);
    expect(acknowledged).toBeGreaterThan(0);
    expect(acknowledged + open).toBe(found);
  }
});

test('acknowledgements that match nothing are reported: misspelt, without a tool, overruled, above every stack', () => {
  expect(report.unused.map(({ id, path: where }) => `${where} ${id}`).sort()).toEqual([
    ' checkov::CKV_AWS_158',
    'Accepted checkov::CKV_AWS_158',
    'Accepted/Logs Annotation::AwsSolutions-L1',
    'Accepted/Logs checkov::CKV_AWS_1580',
    'Accepted/Logs chekov::CKV_AWS_158',
  ]);
});

describe('what is printed', () => {
  test('is one table, a line for each tool', () => {
    const table = render(report);
    for (const { title, found, acknowledged, open } of report.tools)
      expect(table).toMatch(new RegExp(`│ ${title} +│ +${found} │ +${acknowledged} │ +${open} │`));
  });

  test('names tool, rule, construct, what is wrong, what to do, and how to acknowledge', () => {
    expect(render(report)).toMatch(
      / {2}Open\/Logs\n(.*\n)* {4}cdk-validator-cfnguard::cloudwatch_log_group_encrypted_check\n {6}\[CT\.CLOUDWATCH\.PR\.3\].*\n {6}→ Set 'KmsKeyId'/,
    );
    expect(render(report)).toContain('Validations.of(construct).acknowledge(');
  });

  test('says what was acknowledged on request only', () => {
    expect(render(report)).not.toContain(REASON);
    expect(render(report, { acknowledged: true })).toContain(REASON);
  });

  test('always says which acknowledgements match nothing', () => {
    expect(render(report)).toMatch(/match nothing \(5\).*\n {2}the App\n {4}checkov::CKV_AWS_158/);
  });
});
