import { isDeepStrictEqual } from 'node:util';
import type { Contract, ContractResource } from './contract';

/** What changed between two contracts, one sentence each. Empty when nothing did. */
export function contractChanges(golden: Contract, actual: Contract): string[] {
  const ids = [...new Set([...Object.keys(golden), ...Object.keys(actual)])].sort();
  return ids.flatMap((id) => {
    const [before, after] = [golden[id], actual[id]];
    if (!after) return [`- ${id} (${before.type}) vanished: it would be deleted, and its replacement created anew`];
    if (!before) return [`+ ${id} (${after.type}) is new`];
    if (before.type !== after.type)
      return [
        `~ ${id}: type ${before.type} → ${after.type}: CloudFormation refuses to change the type of a logical id`,
      ];
    return resourceChanges(id, before, after);
  });
}

function resourceChanges(id: string, before: ContractResource, after: ContractResource): string[] {
  const named = `~ ${id} (${after.type})`;
  const policies = (['deletionPolicy', 'updateReplacePolicy'] as const)
    .filter((policy) => before[policy] !== after[policy])
    .map((policy) => `${named} ${policy}: ${show(before[policy])} → ${show(after[policy])}`);
  const values = valueChanges(before.createOnly ?? {}, after.createOnly ?? {}).map(
    (change) => `${named} ${change}: the resource would be replaced`,
  );
  return [...policies, ...values];
}

/** What changed between two JSON values, by path. Objects are entered, arrays are compared whole. */
export function valueChanges(golden: unknown, actual: unknown, path = ''): string[] {
  if (isDeepStrictEqual(golden, actual)) return [];
  if (!isTable(golden) || !isTable(actual)) return [`${path || 'value'}: ${show(golden)} → ${show(actual)}`];
  const keys = [...new Set([...Object.keys(golden), ...Object.keys(actual)])].sort();
  return keys.flatMap((key) => valueChanges(golden[key], actual[key], path ? `${path}.${key}` : key));
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  return value === undefined ? '(not set)' : JSON.stringify(value);
}
