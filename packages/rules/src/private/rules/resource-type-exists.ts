import { nearestTo } from '../nearest';
import { isAwsType, resourceTypes } from '../resource-types';
import type { Rule } from '../rule';

export const resourceTypeExists: Rule = {
  id: 'ResourceTypeExists',
  demands: 'Every resource is of a type that AWS has.',
  because: 'CloudFormation refuses the whole stack for one misspelt type, after everything before it was made.',
  check: ({ graph }) =>
    graph
      .resources()
      .filter(({ type }) => type.startsWith('AWS::') && !isAwsType(type))
      .map((resource) => ({
        resource,
        location: 'Type',
        message: `${resource.path} is of the type "${resource.type}", which AWS does not have.`,
        fix: `Did you mean "${nearestTo(resource.type, resourceTypes())}"? Types of the registry that are not AWS's have another prefix.`,
      })),
};
