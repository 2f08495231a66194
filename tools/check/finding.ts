import type { Subject } from './subject';

/** Something that a tool holds against a construct. */
export interface Finding {
  /** What stands before the rule in an acknowledgement: `checkov`. */
  readonly namespace: string;
  readonly rule: string;
  /** The construct path of the resource; of the stack where it concerns the whole template. */
  readonly path: string;
  readonly message: string;
  /** What to do about it, where the tool says it. */
  readonly fix?: string;
}

/** What a tool says itself; whose finding it is, is known. */
export type RawFinding = Omit<Finding, 'namespace'>;

/** Something that reads an app or its templates and finds things. */
export interface Tool {
  /** Its name in the table. */
  readonly title: string;
  /** What stands before its rules in an acknowledgement: CDK takes a plugin's name, with dashes for spaces. */
  readonly namespace: string;
  /** Whether it works in a process of its own while others work in this one. */
  readonly ownProcess?: boolean;
  /**
   * Everything that it finds, acknowledged or not.
   *
   * @throws where it could not run: that is never the same as finding nothing
   */
  run(subject: Subject): RawFinding[] | Promise<RawFinding[]>;
}

/** The id by which a finding is acknowledged. */
export function idOf({ namespace, rule }: Finding): string {
  return `${namespace}::${rule.replace(/ /g, '-')}`;
}
