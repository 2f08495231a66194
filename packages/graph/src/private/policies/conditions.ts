import { Value, itemsOf, stringOf, textOf, unknownIn } from '../evaluation/value';
import { blockOf } from '../network/addresses';

/** One line of a statement's conditions. */
export interface Condition {
  /** Without `ForAnyValue:` and `IfExists`, in lower case: `stringequals`. */
  readonly operator: string;
  readonly key: string;
  readonly values: readonly Value[];
  /** It also holds for requests that lack the key: `…IfExists`, `ForAllValues:…`. */
  readonly holdsWithoutKey: boolean;
}

export function conditionsIn(condition: Value | undefined): Condition[] {
  if (condition?.kind !== 'mapping') return [];
  return [...condition.entries].flatMap(([operator, keys]) =>
    keys.kind === 'mapping'
      ? [...keys.entries].map(([key, values]) => ({
          operator: operator
            .replace(/^For(Any|All)Values?:/, '')
            .replace(/IfExists$/, '')
            .toLowerCase(),
          key,
          values: itemsOf(values),
          holdsWithoutKey: operator.endsWith('IfExists') || operator.startsWith('ForAllValues'),
        }))
      : [],
  );
}

/** Keys whose fixed value names somebody: a statement with one is not public. https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status */
const NAMES_SOMEBODY = new Set(
  [
    ...['aws:SourceArn', 'aws:SourceAccount', 'aws:SourceOrgID', 'aws:SourceOrgPaths', 'aws:SourceOwner'],
    ...['aws:PrincipalOrgID', 'aws:PrincipalOrgPaths', 'aws:PrincipalAccount', 'aws:PrincipalArn', 'aws:userid'],
    ...['aws:SourceVpc', 'aws:SourceVpce', 'aws:SourceVpcArn', 'aws:VpcSourceIp', 'aws:ViaAWSService'],
    ...['aws:PrincipalIsAWSService', 's3:DataAccessPointArn', 's3:DataAccessPointAccount', 'kms:CallerAccount'],
    ...['kms:ViaService', 'elasticfilesystem:AccessPointArn', 'elasticfilesystem:AccessedViaMountTarget'],
  ].map((key) => key.toLowerCase()),
);

const EQUAL = new Set(['stringequals', 'stringequalsignorecase', 'stringlike', 'arnequals', 'arnlike', 'bool']);
const NOT_EQUAL = new Set([
  ...['stringnotequals', 'stringnotequalsignorecase', 'stringnotlike', 'arnnotequals', 'arnnotlike'],
]);

/** Whether a condition admits only somebody in particular. */
export function namesSomebody({ operator, key, values, holdsWithoutKey }: Condition): boolean {
  if (!NAMES_SOMEBODY.has(key.toLowerCase()) || !EQUAL.has(operator) || holdsWithoutKey) return false;
  if (operator === 'bool') return values.every((value) => stringOf(value) === 'true');
  return values.length > 0 && values.every((value) => isFixed(textOf(value)));
}

/** `*` is everybody, and so is an ARN without an account and with an open name. */
function isFixed(text: string): boolean {
  if (!/[*?]/.test(text)) return true;
  const [prefix, , , , account = '', ...name] = text.split(':');
  if (prefix !== 'arn') return false;
  return account === '' ? /^[^*?]{3,}/.test(name.join(':')) : !/[*?]/.test(account);
}

/** What is not known of the values that would name somebody; the deployer's own account is one, whatever it is. */
export function doubtIn({ key, values }: Condition): string[] {
  if (!NAMES_SOMEBODY.has(key.toLowerCase())) return [];
  return values.flatMap((value) => {
    const open = unknownIn(value);
    return open && !open.text.startsWith('${AWS::') ? [open.why] : [];
  });
}

/** The blocks that a request has to come from; undefined where a statement does not say. */
export function sourceBlocks(conditions: readonly Condition[], operator = 'ipaddress'): readonly Value[] | undefined {
  const found = conditions.filter(
    (condition) => condition.operator === operator && condition.key.toLowerCase() === 'aws:sourceip',
  );
  return found.length > 0 ? found.flatMap(({ values }) => values) : undefined;
}

/** S3 calls a block that is wider than this public. */
export function isWide(cidr: string): boolean {
  const block = blockOf(cidr);
  if (!block) return true;
  return block.last - block.first >= (block.family === 4 ? 1n << 24n : 1n << 96n);
}

/** Whether a request from somewhere on the internet, over TLS and signed by nobody in particular, meets a condition. */
export function meetsStranger({ operator, key, values }: Condition): boolean {
  const name = key.toLowerCase();
  if (name === 'aws:sourceip') return operator === 'notipaddress';
  if (!NAMES_SOMEBODY.has(name)) return false;
  if (operator === 'bool') return values.some((value) => stringOf(value) === 'false');
  return NOT_EQUAL.has(operator);
}
