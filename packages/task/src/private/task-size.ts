import { Environment, Mistakes } from '@groundplan/core';
import type { IConstruct } from 'constructs';
import type { TaskProps } from '../fargate-task';
import { DEFAULTS } from './defaults';

const GIB = 1024;

function range(from: number, to: number, step: number): number[] {
  return Array.from({ length: (to - from) / step + 1 }, (_, i) => from + i * step);
}

/**
 * The memories in MiB that Fargate offers with each CPU, for Linux.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size
 */
export const SIZES: ReadonlyMap<number, readonly number[]> = new Map([
  [256, [512, GIB, 2 * GIB]],
  [512, range(GIB, 4 * GIB, GIB)],
  [1024, range(2 * GIB, 8 * GIB, GIB)],
  [2048, range(4 * GIB, 16 * GIB, GIB)],
  [4096, range(8 * GIB, 30 * GIB, GIB)],
  [8192, range(16 * GIB, 60 * GIB, 4 * GIB)],
  [16384, range(32 * GIB, 120 * GIB, 8 * GIB)],
]);

/** CPU units and MiB of memory that a task gets: as it says, else by tier. */
export function sizeOf(scope: IConstruct, props: TaskProps): { readonly cpu: number; readonly memoryMiB: number } {
  const defaults = DEFAULTS[Environment.of(scope).tier];
  return { cpu: props.cpu ?? defaults.cpu, memoryMiB: props.memoryMiB ?? defaults.memoryMiB };
}

/** Notes a pair that Fargate does not offer, and names the nearest that it does. */
export function checkSize(cpu: number, memoryMiB: number, mistakes: Mistakes): void {
  const offered = [...SIZES.keys()];
  const memories = SIZES.get(cpu);
  if (!memories)
    return mistakes.add({
      prop: 'cpu',
      mustBe: `one of ${offered.join(', ')} (1024 units are one vCPU)`,
      got: `${cpu}`,
      remedy: `the nearest is ${nearest(offered, cpu)}`,
    });
  if (memories.includes(memoryMiB)) return;
  const otherCpu = offered.find((units) => SIZES.get(units)!.includes(memoryMiB));
  mistakes.add({
    prop: 'memoryMiB',
    mustBe: `what Fargate offers with cpu ${cpu}: ${described(memories)}`,
    got: `${memoryMiB}`,
    remedy:
      `the nearest is ${nearest(memories, memoryMiB)}` +
      (otherCpu ? `, or take cpu ${otherCpu} with ${memoryMiB}` : ''),
  });
}

function described(memories: readonly number[]): string {
  if (memories.length <= 4) return memories.join(', ');
  return `${memories[0]} to ${memories[memories.length - 1]} in steps of ${memories[1] - memories[0]}`;
}

function nearest(values: readonly number[], wanted: number): number {
  return values.reduce((best, value) => (Math.abs(value - wanted) < Math.abs(best - wanted) ? value : best));
}
