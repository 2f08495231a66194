import { Tier } from '@groundplan/core';
import { Template } from 'aws-cdk-lib/assertions';
import * as fc from 'fast-check';
import { FargateTask, Image } from '../src';
import { groundIn, taskIn } from './environments';

const GIB = 1024;
/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size, in GB. */
const OFFERED: readonly [number, (gib: number) => boolean][] = [
  [256, (gib) => [0.5, 1, 2].includes(gib)],
  [512, (gib) => gib >= 1 && gib <= 4],
  [1024, (gib) => gib >= 2 && gib <= 8],
  [2048, (gib) => gib >= 4 && gib <= 16],
  [4096, (gib) => gib >= 8 && gib <= 30],
  [8192, (gib) => gib >= 16 && gib <= 60 && gib % 4 === 0],
  [16384, (gib) => gib >= 32 && gib <= 120 && gib % 8 === 0],
];
const CPUS = OFFERED.map(([cpu]) => cpu);
const LEGAL = OFFERED.flatMap(([cpu, offers]) =>
  [0.5, ...Array.from({ length: 128 }, (_, i) => i + 1)].filter(offers).map((gib) => ({ cpu, memoryMiB: gib * GIB })),
);
const isLegal = (cpu: number, memoryMiB: number) =>
  LEGAL.some((pair) => pair.cpu === cpu && pair.memoryMiB === memoryMiB);

/** What is said of a pair; nothing where it is taken. */
function refusal(cpu: number, memoryMiB: number): string | undefined {
  try {
    taskIn(Tier.PRODUCTION, { cpu, memoryMiB });
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

test('every pair that Fargate offers is taken as it is', () => {
  const ground = groundIn(Tier.PRODUCTION);
  expect(LEGAL).toHaveLength(3 + 4 + 7 + 13 + 23 + 12 + 12);
  for (const [i, pair] of LEGAL.entries())
    new FargateTask(ground.stack, `Pair${i}`, { vpc: ground.vpc, image: Image.placeholder(), ...pair });
  const definitions = Template.fromStack(ground.stack).findResources('AWS::ECS::TaskDefinition');
  expect(
    Object.values(definitions).map(({ Properties }) => ({
      cpu: Number(Properties.Cpu),
      memoryMiB: Number(Properties.Memory),
    })),
  ).toEqual(LEGAL);
});

test('every memory that Fargate does not offer with a CPU is refused, and the nearest that it does is named', () => {
  fc.assert(
    fc.property(fc.constantFrom(...CPUS), fc.integer({ min: -1, max: 130 * GIB }), (cpu, memoryMiB) => {
      fc.pre(!isLegal(cpu, memoryMiB));
      const message = refusal(cpu, memoryMiB)!;
      const named = Number(/the nearest is (\d+)/.exec(message)?.[1]);
      const distances = LEGAL.filter((pair) => pair.cpu === cpu).map((pair) => Math.abs(pair.memoryMiB - memoryMiB));
      expect(isLegal(cpu, named)).toBe(true);
      expect(Math.abs(named - memoryMiB)).toBe(Math.min(...distances));
      expect(message).toContain(`with cpu ${cpu}`);
      expect(message).toContain(`got ${memoryMiB}`);
      const other = /or take cpu (\d+)/.exec(message)?.[1];
      if (other === undefined) expect(LEGAL.some((pair) => pair.memoryMiB === memoryMiB)).toBe(false);
      else expect(isLegal(Number(other), memoryMiB)).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test('every number of CPU units that Fargate does not offer is refused, and the nearest that it does is named', () => {
  fc.assert(
    fc.property(fc.double({ min: -1, max: 20000, noNaN: true }), (cpu) => {
      fc.pre(!CPUS.includes(cpu));
      const message = refusal(cpu, 2 * GIB)!;
      const named = Number(/the nearest is (\d+)/.exec(message)?.[1]);
      expect(CPUS).toContain(named);
      expect(Math.abs(named - cpu)).toBe(Math.min(...CPUS.map((offered) => Math.abs(offered - cpu))));
    }),
    { numRuns: 60 },
  );
});

test.each<[number, number, string]>([
  [
    256,
    4096,
    'memoryMiB must be what Fargate offers with cpu 256: 512, 1024, 2048, got 4096; the nearest is 2048, or take cpu 512 with 4096',
  ],
  [
    4096,
    4096,
    'memoryMiB must be what Fargate offers with cpu 4096: 8192 to 30720 in steps of 1024, got 4096; the nearest is 8192, or take cpu 512 with 4096',
  ],
  [
    512,
    700,
    'memoryMiB must be what Fargate offers with cpu 512: 1024, 2048, 3072, 4096, got 700; the nearest is 1024',
  ],
  [
    300,
    512,
    'cpu must be one of 256, 512, 1024, 2048, 4096, 8192, 16384 (1024 units are one vCPU), got 300; the nearest is 256',
  ],
])('%d CPU units with %d MiB: what is offered instead', (cpu, memoryMiB, message) => {
  expect(refusal(cpu, memoryMiB)).toBe(`FargateTask "Jobs/Report": ${message}`);
});
