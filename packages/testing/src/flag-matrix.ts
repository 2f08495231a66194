import recommended from 'aws-cdk-lib/recommended-feature-flags.json';

/** One setting of CDK's feature flags. */
export interface FlagSetting {
  readonly name: string;
  /** The context of the App. */
  readonly context: Readonly<Record<string, unknown>>;
}

/**
 * The two ends between which every consumer's `cdk.json` lies. A construct must hold its promises at both.
 *
 *     describe.each(flagMatrix)('with $name', ({ context }) => {
 *       const stack = new Stack(new App({ context }), 'stack');
 */
export const flagMatrix: FlagSetting[] = [
  { name: 'no flags', context: {} },
  { name: 'all recommended flags', context: recommended },
];
