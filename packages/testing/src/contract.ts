import { createOnlyValues } from './create-only';
import { Scope, synthesized } from './synthesized';
import type { ResourceJson } from './template';

/** What a deployed copy of a stack relies on: logical id → what would replace or delete the resource when it changed. */
export type Contract = Readonly<Record<string, ContractResource>>;

/** What must not change about one resource. */
export interface ContractResource {
  readonly type: string;
  readonly deletionPolicy?: string;
  readonly updateReplacePolicy?: string;
  /** Values whose change replaces the resource, by property path; intrinsic functions as they stand in the template. */
  readonly createOnly?: Readonly<Record<string, unknown>>;
}

/**
 * The contract of a stack (with its nested stacks), or of every stack of an App or a Stage.
 *
 * Keys are logical ids; below an App or a Stage, and in nested stacks, they carry the stack's path before them
 * (`data/Main0A1B2C3D`).
 */
export function contractOf(scope: Scope): Contract {
  const contract: Record<string, ContractResource> = {};
  for (const { place, template } of synthesized(scope)) {
    for (const [logicalId, resource] of Object.entries(template.Resources ?? {}))
      contract[place ? `${place}/${logicalId}` : logicalId] = contractResource(resource);
  }
  return contract;
}

/** What is a new revision whenever it changes, and means to be: the one that runs stays until the new one does. */
const REVISIONS = ['AWS::ECS::TaskDefinition'];

function contractResource(resource: ResourceJson): ContractResource {
  const createOnly = REVISIONS.includes(resource.Type) ? {} : createOnlyValues(resource.Type, resource.Properties);
  return {
    type: resource.Type,
    ...(resource.DeletionPolicy && { deletionPolicy: resource.DeletionPolicy }),
    ...(resource.UpdateReplacePolicy && { updateReplacePolicy: resource.UpdateReplacePolicy }),
    ...(Object.keys(createOnly).length > 0 && { createOnly }),
  };
}
