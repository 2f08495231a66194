/** A rule that was acknowledged with `Validations.of(construct).acknowledge(…)`. */
export interface AcknowledgedRule {
  /** `<plugin>::<rule>`, such as `AwsSolutions::VPC3`. */
  readonly ruleId: string;
  readonly reason: string;
  /** Construct path on which it stands; it counts for everything below. */
  readonly path: string;
}

/** What was noted on a construct. */
export interface MetadataNote {
  /** Construct path. */
  readonly path: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- JSON of any shape, which jsii has no other word for
  readonly data: any;
}

/** A stack of the assembly. */
export interface StackInfo {
  /** Construct path: `Dev/Network`. */
  readonly path: string;
  /** The name in CloudFormation. */
  readonly stackName: string;
  /** @default - the stack takes the account of whoever deploys it */
  readonly account?: string;
  /** @default - the stack takes the region of whoever deploys it */
  readonly region?: string;
  /** Relative to the assembly. */
  readonly templateFile: string;
  /** What CloudFormation puts on every resource of the stack that can be tagged. */
  readonly tags: { [key: string]: string };
  /** Whether it is a resource of another stack. */
  readonly isNested: boolean;
}
