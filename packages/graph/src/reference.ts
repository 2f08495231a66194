/** One resource naming another. */
export interface Reference {
  /** Construct path of the resource that names the other. */
  readonly source: string;
  /** Where in its properties: `NetworkConfiguration.AwsvpcConfiguration.Subnets`. */
  readonly property: string;
  /** Construct path of the resource that is named. */
  readonly target: string;
  /** The attribute, such as `Arn`; empty for what `Ref` gives. */
  readonly attribute: string;
}
