import { RESOURCE_TYPES } from './resource-types.generated';

let known: ReadonlyMap<string, string> | undefined;

/** The property that carries the tags of a type; undefined for what cannot be tagged. */
export function tagPropertyOf(type: string): string | undefined {
  return types().get(type) || undefined;
}

/** Whether AWS has a resource type. */
export function isAwsType(type: string): boolean {
  // nested stacks, wait conditions and custom resources belong to CloudFormation itself
  return types().has(type) || type.startsWith('AWS::CloudFormation::') || type === 'AWS::CDK::Metadata';
}

export function resourceTypes(): string[] {
  return [...types().keys()];
}

/** Type -> tag property; empty where there is none. */
function types(): ReadonlyMap<string, string> {
  return (known ??= new Map(
    Object.entries(RESOURCE_TYPES).flatMap(([service, names]) =>
      names.split(' ').map((name) => {
        const [resource, property = ''] = name.split('+');
        return [`AWS::${service}::${resource}`, property || (name.endsWith('+') ? 'Tags' : '')];
      }),
    ),
  ));
}
