/** The longest that each is, in any partition: `aws-us-gov`, `ap-southeast-7`, twelve digits, `amazonaws.com.cn`. */
const PSEUDO_PARAMETERS: Readonly<Record<string, number>> = {
  'AWS::Partition': 10,
  'AWS::Region': 14,
  'AWS::AccountId': 12,
  'AWS::URLSuffix': 16,
};
/** An ARN with a name that CloudFormation gave: longer than those of queues, topics, tables, buckets and secrets. */
const REFERENCE = 200;

/**
 * How many characters a statement has at most when it is deployed. IAM does not count white space.
 *
 * @param value JSON of a template, with its intrinsic functions
 */
export function sizeOf(value: unknown): number {
  if (Array.isArray(value)) return listed(value.map(sizeOf));
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null).length;
  const [[name, argument] = ['', undefined], ...others] = Object.entries(value);
  if (others.length === 0 && (name === 'Ref' || name.startsWith('Fn::'))) return 2 + lengthOf(name, argument);
  return listed(Object.entries(value).map(([key, item]) => JSON.stringify(key).length + ':'.length + sizeOf(item)));
}

function lengthOf(intrinsic: string, argument: unknown): number {
  if (intrinsic === 'Ref') return PSEUDO_PARAMETERS[argument as string] ?? REFERENCE;
  if (intrinsic !== 'Fn::Join') return REFERENCE;
  const [separator, parts] = argument as [string, unknown[]];
  if (!Array.isArray(parts)) return REFERENCE;
  return total(parts.map((part) => sizeOf(part) - 2)) + separator.length * (parts.length - 1);
}

/** With brackets around and commas between. */
function listed(sizes: number[]): number {
  return 2 + total(sizes) + Math.max(sizes.length - 1, 0);
}

function total(numbers: number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
