import type { Template } from '../assembly/template';
import { Value, literal, unknown } from './value';

/** The partitions by the regions in them. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/pseudo-parameter-reference.html */
const PARTITIONS: readonly (readonly [prefix: string, partition: string, suffix: string])[] = [
  ['cn-', 'aws-cn', 'amazonaws.com.cn'],
  ['us-gov-', 'aws-us-gov', 'amazonaws.com'],
  ['us-isob-', 'aws-iso-b', 'sc2s.sgov.gov'],
  ['us-iso-', 'aws-iso', 'c2s.ic.gov'],
  ['eusc-', 'aws-eusc', 'amazonaws.eu'],
];

/** What a name such as `AWS::Region` comes to; undefined for every other name. */
export function pseudoParameter(
  name: string,
  { region, account, stackName, stackPath, nestedBy }: Template,
): Value | undefined {
  const [, partition, suffix] = PARTITIONS.find(([prefix]) => region?.startsWith(prefix)) ?? [
    '',
    'aws',
    'amazonaws.com',
  ];
  const known: Record<string, string | undefined> = {
    'AWS::Region': region,
    'AWS::AccountId': account,
    'AWS::Partition': region && partition,
    'AWS::URLSuffix': region && suffix,
    // CloudFormation makes the names of nested stacks up
    'AWS::StackName': nestedBy ? undefined : stackName,
  };
  if (known[name] !== undefined) return literal(known[name]);
  if (!name.startsWith('AWS::')) return undefined;
  return unknown(`${name} of ${stackPath} is known when it is deployed`, `\${${name}}`);
}
