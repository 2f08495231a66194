import { mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TemplateGraph } from '@groundplan/graph';
import { App, NestedStack, Stack, Stage, Tags, Validations } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { GroundplanRules, RuleSet, Severity } from '../src';
import { TAGS, acknowledge } from './checked';

function appWith(build: (stack: Stack) => void): App {
  const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'groundplan-rules-')) });
  build(new Stack(app, 'Shop'));
  return app;
}

/** A topic that is tagged and not encrypted: one finding of EncryptionAtRest. */
function openTopic(scope: Construct, id = 'Topic'): Topic {
  const topic = new Topic(scope, id);
  for (const [key, value] of Object.entries(TAGS)) Tags.of(topic).add(key, value);
  return topic;
}

/** What CDK itself wrote about a synth. */
interface ValidationReport {
  readonly pluginReports: {
    readonly pluginName: string;
    readonly conclusion: string;
    readonly violations: {
      readonly ruleName: string;
      readonly severity: string;
      readonly violatingConstructs: { readonly constructPath: string }[];
    }[];
    readonly suppressedViolations?: { readonly ruleName: string; readonly reason: string }[];
  }[];
}

function reportOf(app: App): ValidationReport['pluginReports'][number] | undefined {
  const { pluginReports } = JSON.parse(
    readFileSync(join(app.outdir, 'validation-report.json'), 'utf8'),
  ) as ValidationReport;
  return pluginReports.find(({ pluginName }) => pluginName === 'groundplan');
}

describe('a synth', () => {
  test('fails on a finding, and says rule, construct and what to do', () => {
    const app = appWith((stack) => openTopic(stack));
    GroundplanRules.addTo(app);
    expect(() => app.synth()).toThrow(
      /Shop\/Topic\/Resource .* keeps its data unencrypted[\s\S]*Set masterKey[\s\S]*'groundplan::EncryptionAtRest'/,
    );
  });

  test('passes when it is acknowledged, and CDK keeps the reason', () => {
    const app = appWith((stack) => acknowledge(openTopic(stack), 'groundplan::EncryptionAtRest', 'nothing secret'));
    GroundplanRules.addTo(app);
    expect(() => app.synth()).not.toThrow();
    expect(reportOf(app)?.suppressedViolations).toEqual([
      expect.objectContaining({ ruleName: 'EncryptionAtRest', reason: 'nothing secret' }),
    ]);
  });

  test('passes when nothing is found', () => {
    const app = appWith(() => undefined);
    GroundplanRules.addTo(app);
    expect(() => app.synth()).not.toThrow();
  });

  test('takes the plugin as any other, too', () => {
    const app = appWith((stack) => openTopic(stack));
    Validations.of(app).addPlugins(new GroundplanRules());
    expect(() => app.synth()).toThrow(/EncryptionAtRest/);
  });

  test('of one Stage speaks of that Stage', () => {
    const staged = (stageWithFinding: string) => {
      const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'groundplan-rules-')) });
      const [checked] = ['Checked', 'Other'].map((id) => new Stage(app, id));
      new Stack(checked, 'Empty');
      GroundplanRules.addTo(checked);
      openTopic(new Stack(app.node.findChild(stageWithFinding), 'Shop'));
      return () => app.synth();
    };
    expect(staged('Other')).not.toThrow();
    expect(staged('Checked')).toThrow(/Checked\/Shop\/Topic/);
  });

  test('finds what stands in a nested stack', () => {
    const app = appWith((stack) => openTopic(new NestedStack(stack, 'Nested')));
    GroundplanRules.addTo(app);
    expect(() => app.synth()).toThrow(/Shop\/Nested\/Topic\/Resource/);
  });

  test('leaves the assembly as it was', () => {
    const app = appWith((stack) => openTopic(stack));
    const { directory, stacks } = app.synth();
    const contents = () =>
      Object.fromEntries(readdirSync(directory).map((file) => [file, readFileSync(join(directory, file), 'utf8')]));
    const before = contents();
    const templatePaths = stacks.map(({ templateFullPath }) => templateFullPath);
    const report = new GroundplanRules().validate({ templatePaths, stackTemplates: [], appConstruct: app });
    expect(report.success).toBe(false);
    expect(contents()).toEqual(before);
  });
});

describe('an acknowledgement', () => {
  const findingsOf = (build: (stack: Stack) => void) => {
    const app = appWith(build);
    return RuleSet.check(TemplateGraph.of(app.node.findChild('Shop'))).filter(
      ({ acknowledgedBecause }) => acknowledgedBecause === undefined,
    );
  };

  test.each([
    ['a rule that does not exist', 'groundplan::EncryptionAtRset', 'groundplan::EncryptionAtRest'],
    ['another spelling of our name', 'Groundplan::EncryptionAtRest', 'groundplan::EncryptionAtRest'],
    ['a rule without our name before it', 'EncryptionAtRest', 'groundplan::EncryptionAtRest'],
  ])('of %s is an error that names the one that was meant', (_what, id, meant) => {
    const findings = findingsOf((stack) => acknowledge(openTopic(stack), id));
    expect(findings).toContainEqual(
      expect.objectContaining({
        ruleId: 'UnknownRule',
        severity: Severity.ERROR,
        path: 'Shop/Topic',
        fix: `Did you mean "${meant}"?`,
      }),
    );
    expect(findings.map(({ ruleId }) => ruleId)).toContain('EncryptionAtRest');
  });

  test('that matches nothing is a warning', () => {
    const findings = findingsOf((stack) => acknowledge(stack, 'groundplan::FlowLogs'));
    expect(findings).toEqual([
      expect.objectContaining({
        ruleId: 'UnusedAcknowledgement',
        severity: Severity.WARNING,
        message: 'Shop acknowledges "groundplan::FlowLogs", and nothing at or below it is found.',
      }),
    ]);
  });

  test('of another plugin is none of our business', () => {
    expect(findingsOf((stack) => acknowledge(stack, 'AwsSolutions::AwsSolutions-VPC7'))).toEqual([]);
    expect(findingsOf((stack) => acknowledge(stack, 'OfSomebody::FlowLogs'))).toEqual([]);
  });

  test('that stands nearest gives the reason, and one above it has nothing left to say', () => {
    const app = appWith((stack) => {
      acknowledge(stack, 'groundplan::EncryptionAtRest', 'everything here');
      acknowledge(openTopic(stack), 'groundplan::EncryptionAtRest', 'this one');
    });
    const said = RuleSet.check(TemplateGraph.of(app.node.findChild('Shop')));
    expect(said.map(({ ruleId, path, acknowledgedBecause }) => [ruleId, path, acknowledgedBecause])).toEqual([
      ['EncryptionAtRest', 'Shop/Topic/Resource', 'this one'],
      ['UnusedAcknowledgement', 'Shop', undefined],
    ]);
  });

  test('of an annotation that CDK made is none of our business', () => {
    expect(findingsOf((stack) => acknowledge(stack, '@aws-cdk/core:something'))).toEqual([]);
  });

  test('counts below it and not beside it', () => {
    const findings = findingsOf((stack) => {
      acknowledge(openTopic(stack, 'One'), 'groundplan::EncryptionAtRest');
      openTopic(stack, 'OneMore');
    });
    expect(findings.map(({ path }) => path)).toEqual(['Shop/OneMore/Resource']);
  });

  test('on the App reaches no assembly: the synth says so', () => {
    const app = appWith((stack) => openTopic(stack));
    acknowledge(app, 'groundplan::EncryptionAtRest');
    GroundplanRules.addTo(app);
    expect(() => app.synth()).toThrow(/on the App, above every stack[\s\S]*'groundplan::MisplacedAcknowledgement'/);
  });
});

test('the synth and a reader of its folder say the same', () => {
  const app = appWith((stack) => {
    openTopic(stack, 'Open');
    acknowledge(openTopic(stack, 'Accepted'), 'groundplan::EncryptionAtRest');
    new Topic(stack, 'Untagged', { masterKey: undefined });
  });
  GroundplanRules.addTo(app, { requiredTags: ['Owner'] });
  expect(() => app.synth()).toThrow();
  const bySynth = reportOf(app)?.violations.flatMap(({ ruleName, violatingConstructs }) =>
    violatingConstructs.map(({ constructPath }) => `${ruleName} ${constructPath}`),
  );
  const byFolder = RuleSet.check(TemplateGraph.fromAssembly(app.outdir))
    .filter(({ acknowledgedBecause }) => acknowledgedBecause === undefined)
    .map(({ ruleId, path }) => `${ruleId} ${path}`);
  expect(bySynth?.sort()).toEqual(byFolder.sort());
  expect(byFolder).toContain('TagCompleteness Shop/Untagged/Resource');
});

test.each([
  [[], 'requiredTags must name tags, got []; leave it out for the five standard tags.'],
  [['Owner', ' '], 'requiredTags must name tags, got ["Owner"," "]; leave it out for the five standard tags.'],
  [['Team', 'Owner', 'Owner'], 'requiredTags names "Owner" twice; name it once.'],
])('required tags %j are refused', (requiredTags, message) => {
  expect(() => GroundplanRules.addTo(new App(), { requiredTags })).toThrow(new Error(`RuleSettings: ${message}`));
});
