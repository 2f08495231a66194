/** How much a finding weighs. */
export enum Severity {
  /** Fails `cdk synth` and `groundplan check`. */
  ERROR = 'error',
  /** Is shown. */
  WARNING = 'warning',
}

/** Something that a rule holds against a resource. */
export interface Finding {
  /** Stable; acknowledged as `groundplan::<ruleId>`. */
  readonly ruleId: string;
  readonly severity: Severity;
  /** The construct path of the resource. */
  readonly path: string;
  /** Such as `AWS::EC2::VPC`; empty for what is no resource, such as an acknowledgement. */
  readonly resourceType: string;
  /** Empty for what is no resource. */
  readonly logicalId: string;
  /** The template's file, relative to the assembly. Empty for what is no resource. */
  readonly templateFile: string;
  /** Where in the resource: `Properties/Tags`. */
  readonly location: string;
  /** What is wrong, with the values that make it so. */
  readonly message: string;
  /** What to do about it. */
  readonly fix: string;
  /** The reason with which it was acknowledged. @default - nobody did: it is open */
  readonly acknowledgedBecause?: string;
}

/** A rule, for a table or a report. */
export interface RuleDescription {
  readonly ruleId: string;
  /** What the rule demands, as one sentence. */
  readonly demands: string;
  /** Why. */
  readonly because: string;
}
