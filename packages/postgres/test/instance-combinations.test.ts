import { Tier } from '@groundplan/core';
import { TemplateGraph } from '@groundplan/graph';
import { ContractResource, contractOf } from '@groundplan/testing';
import { App, Stack } from 'aws-cdk-lib/core';
import { Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import * as fc from 'fast-check';
import type { IConstruct } from 'constructs';
import type { PostgresDatabase, PostgresDatabaseProps } from '../src';
import { Plan, clusterPlans, instancePlans, madeCluster, madeInstance, peersOf } from './plans';
import { CLUSTER, INSTANCE, Made, allOf } from './standing';

const RUNS = { numRuns: 20 };
const BACKUP_DAYS: Record<Tier, number> = { sandbox: 1, development: 7, staging: 14, production: 35 };

/** What a plan says that, once it stands, cannot change without another database: then CloudFormation refuses (015). */
const FIXED_ONCE_IT_STANDS = ['DBName', 'DatabaseName', 'KmsKeyId', 'DBSubnetGroupName', 'MasterUsername'];

interface Standing {
  readonly app: App;
  readonly stack: Stack;
  readonly database: PostgresDatabase;
}

/** Both kinds, with what may be written of each. */
interface Kind {
  readonly plans: fc.Arbitrary<Plan<PostgresDatabaseProps>>;
  readonly made: (plan: Plan<PostgresDatabaseProps>) => Standing;
  /** The databases of a stack, without the copies. */
  readonly resources: (stack: Stack) => Made[];
  readonly underneath: (database: PostgresDatabase) => IConstruct;
}

const KINDS: Readonly<Record<string, Kind>> = {
  'an instance': {
    plans: instancePlans,
    made: madeInstance,
    resources: (stack) => allOf(stack, INSTANCE).filter(({ id }) => id.startsWith('DatabaseInstance')),
    underneath: ({ node }) => node.findChild('Instance'),
  },
  'a Multi-AZ cluster': {
    plans: clusterPlans,
    made: madeCluster,
    resources: (stack) => allOf(stack, CLUSTER),
    underneath: ({ node }) => node.findChild('Cluster'),
  },
};

function minutesOf(window: string): [number, number] {
  const clock = (parts: string[]) => Number(parts.at(-2)) * 60 + Number(parts.at(-1));
  const [from, to] = window.split('-').map((end) => clock(end.split(':')));
  return [from, to];
}

const statefulIn = (stack: Stack): [string, ContractResource][] =>
  Object.entries(contractOf(stack)).filter(([, { type }]) => [CLUSTER, INSTANCE].includes(type));

describe.each(Object.keys(KINDS))('whatever is legal of %s', (name) => {
  const { plans, made, resources, underneath } = KINDS[name];

  test('no route leads to the internet or back, nothing comes in, and of named groups only on 5432', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const { app, stack, database } = made(plan);
        const client = new SecurityGroup(stack, 'Client', { vpc: database.vpc });
        database.connections.allowDefaultPortFrom(client);
        const graph = TemplateGraph.of(app);
        expect(graph.pathsFromInternetTo(underneath(database))).toEqual([]);
        const incoming = graph.rulesOf(database.securityGroup).filter(({ direction }) => direction === 'in');
        const named = ['Client', ...peersOf(plan.props.pooling).map((pool) => `Database/${pool}`)];
        expect(incoming.map(({ ports, peer }) => `${ports} ${peer}`).sort()).toEqual(
          named.map((group) => `5432/tcp Data/${group}/Resource`).sort(),
        );
      }),
      RUNS,
    );
  });

  test('encrypted, private, backed up for as long as the tier or somebody says, in windows that never meet', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const [{ Properties }] = resources(made(plan).stack);
        const days = plan.props.backup?.retention?.toDays();
        expect(Properties).toMatchObject({ StorageEncrypted: true, PubliclyAccessible: false });
        expect(Properties.BackupRetentionPeriod).toBe(days ?? BACKUP_DAYS[plan.tier]);
        const [backupFrom, backupTo] = minutesOf(Properties.PreferredBackupWindow as string);
        const [from, to] = minutesOf(Properties.PreferredMaintenanceWindow as string);
        expect(backupTo <= from || to <= backupFrom).toBe(true);
      }),
      RUNS,
    );
  });

  test('no logical id and no name changes with a prop, and only what is said never to change would replace it', () => {
    fc.assert(
      fc.property(plans, plans, (before, { hasKey, props }) => {
        const [old, now] = [before, { tier: before.tier, hasKey, props }].map((plan) => made(plan).stack);
        expect(resources(now).map(({ id }) => id)).toEqual(resources(old).map(({ id }) => id));
        const after = new Map(statefulIn(now));
        for (const [id, resource] of statefulIn(old)) {
          const same = after.get(id);
          // a copy that nobody wants any more goes
          if (same === undefined) {
            expect(id).toMatch(/^DatabaseReplica\d/);
            continue;
          }
          expect(same.type).toBe(resource.type);
          const changed = Object.keys({ ...resource.createOnly, ...same.createOnly }).filter(
            (key) => JSON.stringify(resource.createOnly?.[key]) !== JSON.stringify(same.createOnly?.[key]),
          );
          expect(changed.filter((key) => !FIXED_ONCE_IT_STANDS.includes(key))).toEqual([]);
          if (before.hasKey === hasKey) expect(changed).not.toContain('KmsKeyId');
        }
      }),
      RUNS,
    );
  });

  test('listing the signs makes nothing', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const { stack, database } = made(plan);
        const count = () => stack.node.findAll().length;
        const before = count();
        expect(new Set(database.vitalSigns().map(({ id }) => id)).size).toBe(database.vitalSigns().length);
        expect(count()).toBe(before);
      }),
      RUNS,
    );
  });
});

test('a copy more changes nothing about what stands', () => {
  fc.assert(
    fc.property(instancePlans, fc.integer({ min: 1, max: 3 }), (plan, readReplicas) => {
      fc.pre((plan.props.readReplicas ?? 0) > 0);
      const withCopies = (count: number) =>
        new Map(statefulIn(madeInstance({ ...plan, props: { ...plan.props, readReplicas: count } }).stack));
      const [before, after] = [withCopies(readReplicas), withCopies(readReplicas + 1)];
      for (const [id, old] of before) expect(after.get(id)).toEqual(old);
      expect(after.size).toBe(before.size + 1);
    }),
    { numRuns: 10 },
  );
});

test('the graph would see a way in from the internet', () => {
  fc.assert(
    fc.property(instancePlans, (plan) => {
      const { app, database } = madeInstance(plan);
      database.connections.allowFrom(Peer.anyIpv4(), Port.tcp(5432));
      const rules = TemplateGraph.of(app).rulesOf(database.securityGroup);
      expect(rules.map(({ peer }) => peer)).toContain('0.0.0.0/0');
    }),
    { numRuns: 2 },
  );
});
