import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TemplateGraph } from '@groundplan/graph';
import { App, CfnParameter, CfnResource, Stack } from 'aws-cdk-lib';
import { Finding, RuleSet } from '../src';
import { databases } from './broken/databases';
import { entered } from './broken/entered';
import { misspelt, tagged } from './broken/named';
import { recorded } from './broken/recorded';
import { Resources } from './broken/resources';
import { served } from './broken/served';
import { storage } from './broken/storage';
import { TAGS, acknowledge } from './checked';

const GOLDEN = join(__dirname, 'findings.json');

/** What stands in each stack, and which rules are asked about it. */
const STACKS: Readonly<Record<string, readonly [resources: Resources, ...rules: string[]]>> = {
  Storage: [storage, 'EncryptionAtRest'],
  Databases: [databases, 'DatabaseIsolation'],
  Served: [served, 'HttpsOnly'],
  Recorded: [recorded, 'LogRetention', 'FlowLogs'],
  Entered: [entered, 'NoUndeclaredPublicIngress'],
  Tagged: [tagged, 'TagCompleteness'],
  Misspelt: [misspelt, 'ResourceTypeExists', 'UnknownRule', 'UnusedAcknowledgement'],
};

/** An app in which every kind of resource that a rule looks at is wrong in every way, beside some that are right. */
function brokenApp(): App {
  const app = new App({ context: { '@aws-cdk/core:explicitStackTags': true } });
  for (const [name, [resources]] of Object.entries(STACKS)) {
    const stack = new Stack(app, name, { tags: name === 'Tagged' ? undefined : TAGS });
    for (const id of ['Open', 'AlsoOpen']) new CfnParameter(stack, id);
    for (const [id, [type, properties]] of Object.entries(resources))
      new CfnResource(stack, id, { type, properties: { ...properties } });
  }
  acknowledge(app.node.findChild('Misspelt'), 'groundplan::FlowLogs');
  acknowledge(app.node.findChild('Misspelt'), 'groundplan::ResourceTypeExist');
  return app;
}

/** One line a finding, so that a person can read what changed. */
function lineOf({ severity, ruleId, location, message, fix }: Finding): string {
  return `${severity} ${ruleId} at ${location}: ${message} -> ${fix}`;
}

/** What the rules say of it; once, and within a test: what runs beside them counts for none of them. */
let found: Finding[] | undefined;
function findings(): Finding[] {
  return (found ??= RuleSet.check(TemplateGraph.of(brokenApp())).filter(({ path, ruleId }) => {
    const [, ...rules] = STACKS[path.split('/')[0]];
    return rules.includes(ruleId);
  }));
}

test('what the rules demand and say is what people search for and tools compare (UPDATE_CONTRACT=1 writes it)', () => {
  const said: Record<string, string[]> = {};
  for (const finding of findings()) (said[finding.path] ??= []).push(lineOf(finding));
  const now = { rules: RuleSet.descriptions(), findings: said };
  if (process.env.UPDATE_CONTRACT === '1' && !process.env.CI)
    writeFileSync(GOLDEN, `${JSON.stringify(now, undefined, 2)}\n`);
  expect(now).toEqual(JSON.parse(readFileSync(GOLDEN, 'utf8')));
});

test('nothing is held against what is as it should be', () => {
  expect(
    findings()
      .filter(({ path }) => path.includes('/Sound'))
      .map(lineOf),
  ).toEqual([]);
});
