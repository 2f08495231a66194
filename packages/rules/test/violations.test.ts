import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TemplateGraph } from '@groundplan/graph';
import { App, CfnResource, PolicyValidationPluginReport, Stack, Stage } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { GroundplanRules, RuleSet, Severity } from '../src';
import { TAGS, acknowledge } from './checked';

/** What the plugin hands to CDK about an app or a Stage, of which it was given all templates. */
function reportOn(stage: Stage): PolicyValidationPluginReport {
  const templatePaths = stage.synth().stacks.map(({ templateFullPath }) => templateFullPath);
  return new GroundplanRules().validate({ templatePaths, stackTemplates: [], appConstruct: stage });
}

function stackIn(scope: IConstruct): Stack {
  return new Stack(scope as Stage, 'Shop', { tags: TAGS });
}

function newApp(): App {
  return new App({
    outdir: mkdtempSync(join(tmpdir(), 'groundplan-rules-')),
    context: { '@aws-cdk/core:explicitStackTags': true },
  });
}

test('the plugin has a name, and names its rules', () => {
  const { name, ruleIds } = new GroundplanRules();
  expect(name).toBe('groundplan');
  expect(ruleIds).toEqual(RuleSet.descriptions().map(({ ruleId }) => ruleId));
  expect(ruleIds).toContain('FlowLogs');
});

test('a violation says rule, severity, what, what to do, and where in which template', () => {
  const app = newApp();
  new CfnResource(stackIn(app), 'Topic', { type: 'AWS::SNS::Topic' });
  expect(reportOn(app)).toEqual({
    success: false,
    violations: [
      {
        ruleName: 'EncryptionAtRest',
        severity: 'error',
        description: 'Shop/Topic (AWS::SNS::Topic) keeps its data unencrypted: KmsMasterKeyId does not say otherwise.',
        fix: expect.stringMatching(/^Set masterKey/),
        violatingResources: [
          {
            resourceLogicalId: 'Topic',
            templatePath: join(app.outdir, 'Shop.template.json'),
            locations: ['Properties/KmsMasterKeyId'],
          },
        ],
      },
    ],
  });
});

test('a finding names the resource of its template, and one about an acknowledgement names none', () => {
  const app = newApp();
  const stack = stackIn(app);
  new CfnResource(stack, 'Topic', { type: 'AWS::SNS::Topic' });
  acknowledge(stack, 'groundplan::FlowLogs');
  const findings = RuleSet.check(TemplateGraph.of(stack));
  expect(
    findings.map(({ path, resourceType, logicalId, templateFile }) => [path, resourceType, logicalId, templateFile]),
  ).toEqual([
    ['Shop/Topic', 'AWS::SNS::Topic', 'Topic', 'Shop.template.json'],
    ['Shop', '', '', ''],
  ]);
});

test('an error fails the synth, whatever warnings stand beside it', () => {
  const app = newApp();
  const stack = stackIn(app);
  new CfnResource(stack, 'Topic', { type: 'AWS::SNS::Topic' });
  acknowledge(stack, 'groundplan::FlowLogs');
  const { success, violations } = reportOn(app);
  expect(violations.map(({ severity }) => severity)).toEqual(['error', 'warning']);
  expect(success).toBe(false);
});

test('a warning is passed on and fails nothing', () => {
  const app = newApp();
  acknowledge(stackIn(app), 'groundplan::FlowLogs');
  const { success, violations } = reportOn(app);
  expect(success).toBe(true);
  expect(violations).toEqual([
    expect.objectContaining({
      ruleName: 'UnusedAcknowledgement',
      severity: Severity.WARNING,
      violatingResources: [{ constructPath: 'Shop', locations: [] }],
    }),
  ]);
});

test('an acknowledgement above every stack is an error of its own, one on a stack or of another plugin is none', () => {
  const app = newApp();
  const stage = new Stage(app, 'Prod');
  const stack = stackIn(stage);
  new CfnResource(stack, 'Topic', { type: 'AWS::SNS::Topic' });
  acknowledge(app, 'groundplan::FlowLogs');
  acknowledge(app, 'AwsSolutions::AwsSolutions-VPC7');
  app.node.addMetadata('some:note', { 'groundplan::FlowLogs': 'is no acknowledgement' });
  acknowledge(stage, 'groundplan::EncryptionAtRest');
  acknowledge(stack, 'groundplan::EncryptionAtRest');
  const said = (scope: Stage) =>
    reportOn(scope)
      .violations.filter(({ ruleName }) => ruleName === 'MisplacedAcknowledgement')
      .map(({ description, fix, severity, violatingResources }) => [description, fix, severity, violatingResources]);
  const fix = 'Acknowledge it on the construct that the finding names, or on its stack.';
  const onTheStage = [
    '"groundplan::EncryptionAtRest" is acknowledged on "Prod", above every stack: the assembly does not carry it.',
    fix,
    'error',
    [{ constructPath: 'Prod', locations: [] }],
  ];
  expect(said(stage)).toEqual([onTheStage]);
  expect(said(app)).toEqual([
    [
      '"groundplan::FlowLogs" is acknowledged on the App, above every stack: the assembly does not carry it.',
      fix,
      'error',
      [{ constructPath: '', locations: [] }],
    ],
    onTheStage,
  ]);
});
