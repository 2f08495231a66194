import { TemplateGraph } from '@groundplan/graph';
import { type ContractResource, contractOf, internetAccessByTier } from '@groundplan/testing';
import { Template } from 'aws-cdk-lib/assertions';
import { SubnetType } from 'aws-cdk-lib/aws-ec2';
import * as fc from 'fast-check';
import { Plan, made, plans } from './plans';

const RUNS = { numRuns: 25 };
const BACKUP_DAYS = { sandbox: 1, development: 7, staging: 14, production: 35 };

/** What a plan says that, once it stands, cannot change without another database. */
const FIXED_ONCE_IT_STANDS = ['DatabaseName', 'KmsKeyId'];

const isStateful = ({ type }: ContractResource) => ['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance'].includes(type);

function minutesOf(window: string): [string, number, number] {
  const [from, to] = window
    .toLowerCase()
    .split('-')
    .map((end) => end.split(':'));
  const clock = (parts: string[]) => Number(parts.at(-2)) * 60 + Number(parts.at(-1));
  return [from.length === 3 ? from[0] : '', clock(from), clock(to)];
}

test('whatever is legal: no route leads from the database to the internet or back, and nothing comes in but from its pool', () => {
  fc.assert(
    fc.property(plans, (plan) => {
      const { app, stack, database } = made(plan);
      const graph = TemplateGraph.of(app);
      expect(graph.pathsFromInternetTo(database.cluster)).toEqual([]);
      const incoming = graph.rulesOf(database.securityGroup).filter(({ direction }) => direction === 'in');
      const { proxy, pgBouncer } = database;
      const pool = proxy ? 'Proxy' : pgBouncer ? 'PgBouncer/Task' : undefined;
      expect(incoming.map(({ ports, peer }) => `${ports} ${peer}`)).toEqual(
        pool ? [`5432/tcp Data/Database/${pool}/SecurityGroup/Resource`] : [],
      );
      const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::RDS::DBSubnetGroup'));
      const isPrivate = plan.props.subnets?.subnetType === SubnetType.PRIVATE_WITH_EGRESS;
      const tier = isPrivate ? 'Private' : 'Isolated';
      expect(JSON.stringify(Properties.SubnetIds)).toMatch(new RegExp(`Vpc${tier}Subnet1`));
      expect(internetAccessByTier(graph).Isolated).toBe('none');
    }),
    RUNS,
  );
});

test('whatever is legal: encrypted, backed up for as long as the tier or somebody says, in windows that never meet', () => {
  fc.assert(
    fc.property(plans, (plan) => {
      const { stack } = made(plan);
      const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::RDS::DBCluster'));
      const { retention } = plan.props.backup!;
      expect(Properties.StorageEncrypted).toBe(true);
      expect(Properties.ManageMasterUserPassword).toBe(true);
      expect(Properties.BackupRetentionPeriod).toBe(retention?.toDays() ?? BACKUP_DAYS[plan.tier]);
      const [, backupFrom, backupTo] = minutesOf(Properties.PreferredBackupWindow);
      const [, from, to] = minutesOf(Properties.PreferredMaintenanceWindow);
      expect(backupTo <= from || to <= backupFrom).toBe(true);
    }),
    RUNS,
  );
});

/** What stands in both of two plans, with what would replace it. */
function statefulIn(plan: Plan): [string, ContractResource][] {
  return Object.entries(contractOf(made(plan).stack)).filter(([, resource]) => isStateful(resource));
}

test('whatever changes: no logical id of a database changes, and only what is said never to change replaces it', () => {
  fc.assert(
    fc.property(plans, plans, (before, { hasKey, props }) => {
      const after = { tier: before.tier, hasKey, props };
      const now = new Map(statefulIn(after));
      for (const [id, old] of statefulIn(before)) {
        const same = now.get(id);
        // a reader that nobody wants any more goes
        if (same === undefined) {
          expect(id).toMatch(/^DatabaseClusterReader\d/);
          continue;
        }
        expect(same.type).toBe(old.type);
        const changed = Object.keys({ ...old.createOnly, ...same.createOnly }).filter(
          (name) => JSON.stringify(old.createOnly?.[name]) !== JSON.stringify(same.createOnly?.[name]),
        );
        expect(changed.filter((name) => !FIXED_ONCE_IT_STANDS.includes(name))).toEqual([]);
        if (before.props.databaseName === props.databaseName) expect(changed).not.toContain('DatabaseName');
        if (before.hasKey === hasKey) expect(changed).not.toContain('KmsKeyId');
      }
    }),
    RUNS,
  );
});

test('a reader more changes nothing about those that stand', () => {
  fc.assert(
    fc.property(plans, fc.nat({ max: 3 }), (plan, readers) => {
      const withReaders = (count: number) => new Map(statefulIn({ ...plan, props: { ...plan.props, readers: count } }));
      const [before, after] = [withReaders(readers), withReaders(readers + 1)];
      for (const [id, old] of before) expect(after.get(id)).toEqual(old);
      expect(after.size).toBe(before.size + 1);
    }),
    RUNS,
  );
});
