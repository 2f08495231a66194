import type { InstanceType } from 'aws-cdk-lib/aws-ec2';

/** What an instance of two vCPUs has, in GiB, by the letter of its class; larger ones have as much more as their name says. */
const LARGE: Readonly<Record<string, number>> = { c: 4, m: 8, r: 16, t: 8, x: 32 };
const SMALLER: Readonly<Record<string, number>> = {
  't.micro': 1,
  't.small': 2,
  't.medium': 4,
  'm.medium': 4,
  'c.medium': 2,
};
/** RDS's default of max_connections, LEAST({DBInstanceClassMemory/9531392}, 5000). */
const BYTES_EACH = 9_531_392;
const MOST = 5000;
/** What the system and RDS keep for themselves: at most so much, so that one is told early and never too late. */
const KEPT_SHARE = 0.1;
const KEPT_GIB = 0.25;

/**
 * How many connections an instance takes at least, when no parameter says so. AWS documents the formula, and that of the memory that
 * a class has the system and RDS's own processes keep a part, but not how large that is:
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.MaxConnections
 */
export function instanceConnections(instanceType: InstanceType): number | undefined {
  const memory = memoryOf(instanceType.toString());
  if (memory === undefined) return undefined;
  return Math.min(Math.floor(((memory * (1 - KEPT_SHARE) - KEPT_GIB) * 2 ** 30) / BYTES_EACH), MOST);
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Summary.html */
function memoryOf(name: string): number | undefined {
  const [, letter, size] = /^([cmrtx])\d\w*\.(\w+)$/.exec(name) ?? [];
  if (letter === undefined) return undefined;
  if (size === 'large') return LARGE[letter];
  const [, times] = /^(\d*)xlarge$/.exec(size) ?? [];
  return times === undefined ? SMALLER[`${letter}.${size}`] : LARGE[letter] * 2 * Number(times || 1);
}
