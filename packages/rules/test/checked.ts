import { TemplateGraph } from '@groundplan/graph';
import { App, AppProps, Stack, StackProps, Tags, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { Finding, RuleSet } from '../src';

export const TAGS = { Project: 'shop', Environment: 'dev', ManagedBy: 'cdk', Owner: 'team', CostCenter: '4711' };

/** A stack of an app, and what the rules hold against it. */
export class Checked {
  public readonly app: App;
  public readonly stack: Stack;

  /** @param build adds what is checked; all of it is tagged, so that only the rule in question speaks */
  constructor(
    build: (stack: Stack) => void,
    { tagged = true, ...props }: AppProps & StackProps & { tagged?: boolean } = {},
  ) {
    // with this flag, the recommended one, tags stand on the resources alone, where the rule has to find them
    this.app = new App({ context: { '@aws-cdk/core:explicitStackTags': true }, ...props });
    this.stack = new Stack(this.app, 'Shop', { env: { account: '111111111111', region: 'eu-central-1' }, ...props });
    if (tagged) for (const [key, value] of Object.entries(TAGS)) Tags.of(this.app).add(key, value);
    build(this.stack);
  }

  public findings(): Finding[] {
    return RuleSet.check(TemplateGraph.of(this.stack));
  }

  /** What one rule says and nobody acknowledged, as sentences. */
  public said(ruleId: string): string[] {
    return this.findings()
      .filter((finding) => finding.ruleId === ruleId && finding.acknowledgedBecause === undefined)
      .map(({ message }) => message);
  }
}

/** What one rule says about what `build` adds. */
export function said(ruleId: string, build: (stack: Stack) => void): string[] {
  return new Checked(build).said(ruleId);
}

export function acknowledge(construct: IConstruct, id: string, reason = 'because'): void {
  Validations.of(construct).acknowledge({ id, reason });
}
