import { Environment, Mistakes, Tier } from '@groundplan/core';
import { IVpc, SelectedSubnets, SubnetType } from 'aws-cdk-lib/aws-ec2';
import { Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { MasterUser } from '../master-user';
import type { PostgresDatabaseProps } from '../postgres-database-props';
import { checkPooling } from './check-pooling';
import { FIXED } from './defaults';
import { checkWindows } from './windows';

/** Names that PostgreSQL or RDS keeps for itself: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html */
const RESERVED_DATABASES = ['postgres', 'template0', 'template1', 'rdsadmin', 'default', 'user', 'table', 'all'];
const NAME = /^[a-z][a-z0-9_]{0,62}$/;
const MAJORS = [14, 15, 16, 17, 18];
const LONGEST_BACKUP = 35;

/** Notes every mistake in what all kinds of databases say, and creates nothing. */
export function checkDatabase(scope: Construct, props: PostgresDatabaseProps, mistakes: Mistakes): void {
  checkSubnets(props, mistakes);
  const { databaseName = FIXED.databaseName, majorVersion = FIXED.majorVersion, backup = {}, master } = props;
  if (!Token.isUnresolved(databaseName) && (!NAME.test(databaseName) || RESERVED_DATABASES.includes(databaseName)))
    mistakes.add({
      prop: 'databaseName',
      mustBe: 'a small letter, then up to 62 small letters, digits and "_", and no name of PostgreSQL itself',
      got: `"${databaseName}"`,
      remedy: 'name it after what it holds',
    });
  if (mistakes.requireLiteral('majorVersion', majorVersion, 'write the number') && !MAJORS.includes(majorVersion))
    mistakes.add({
      prop: 'majorVersion',
      mustBe: `one of ${MAJORS.join(', ')}`,
      got: `${majorVersion}`,
      remedy: 'name one that is still supported, best 17 or newer',
    });
  if (master) checkMaster(master, props.vpc, mistakes);
  const days = backup.retention?.toDays({ integral: false });
  if (
    days !== undefined &&
    !Token.isUnresolved(days) &&
    !(Number.isInteger(days) && days >= 1 && days <= LONGEST_BACKUP)
  )
    mistakes.add({
      prop: 'backup.retention',
      mustBe: `1 to ${LONGEST_BACKUP} whole days`,
      got: `${days}`,
      remedy: 'leave it out for the default of the tier; keep longer with AWS Backup',
    });
  checkWindows(backup.window ?? FIXED.backupWindow, props.maintenanceWindow ?? FIXED.maintenanceWindow, mistakes);
  checkParameters(scope, props, mistakes);
  checkPooling(scope, props, mistakes);
}

function checkSubnets({ vpc, subnets }: PostgresDatabaseProps, mistakes: Mistakes): void {
  const prop = subnets ? 'subnets' : 'vpc';
  let selected: SelectedSubnets;
  try {
    selected = vpc.selectSubnets(subnets ?? { subnetType: SubnetType.PRIVATE_ISOLATED });
  } catch (error) {
    mistakes.add({
      prop,
      mustBe: subnets ? 'a selection that finds subnets' : 'a network with isolated subnets',
      got: (error as Error).message,
      remedy: 'choose others with subnets, such as { subnetType: SubnetType.PRIVATE_WITH_EGRESS }',
    });
    return;
  }
  const zones = new Set(selected.availabilityZones).size;
  if (!selected.isPendingLookup && zones < 2)
    mistakes.add({
      prop,
      mustBe: 'subnets of two zones at least',
      got: `${zones}`,
      remedy: 'RDS takes no less: give the network a second zone',
    });
  if (selected.hasPublic)
    mistakes.add({
      prop,
      mustBe: 'subnets that the internet does not reach',
      got: 'public ones',
      remedy: 'leave it out for the isolated ones, and reach the database through a session of Systems Manager',
    });
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html */
function checkMaster(master: MasterUser, vpc: IVpc, mistakes: Mistakes): void {
  const { _username: username, _rotateEvery: every } = master;
  if (!Token.isUnresolved(username) && (!NAME.test(username) || /^(rds|pg_)|^(admin|public|none|user)$/.test(username)))
    mistakes.add({
      prop: 'master.username',
      mustBe: 'a small letter, then small letters, digits and "_", and no name that PostgreSQL or RDS keeps for itself',
      got: `"${username}"`,
      remedy: "leave it out for 'postgres'",
    });
  const days = every?.toDays({ integral: false });
  if (days !== undefined && !(Number.isInteger(days) && days >= 1 && days <= 1000))
    mistakes.add({
      prop: 'master.rotateEvery',
      mustBe: '1 to 1000 whole days',
      got: `${days}`,
      remedy: 'leave it out for 30 days',
    });
  if (master._isManaged || !every) return;
  const subnets = master._rotationSubnets ?? { subnetType: SubnetType.PRIVATE_WITH_EGRESS };
  try {
    vpc.selectSubnets(subnets);
  } catch (error) {
    mistakes.add({
      prop: 'master.rotationSubnets',
      mustBe: 'subnets from which Secrets Manager is reached',
      got: (error as Error).message,
      remedy: 'name some with an interface endpoint of Secrets Manager, or give the network egress',
    });
  }
}

function checkParameters(scope: Construct, { parameters = {}, logs }: PostgresDatabaseProps, mistakes: Mistakes): void {
  if (parameters.log_statement === 'all' && !logs?.redaction && Environment.of(scope).tier === Tier.PRODUCTION)
    mistakes.add({
      prop: 'parameters.log_statement',
      mustBe: "'ddl', 'mod' or 'none' in production, or the log redacted",
      got: '"all"',
      remedy:
        'every statement holds its values, personal data among them (C45); pass logs: { redaction: new DataProtectionPolicy(…) }',
    });
  for (const [name, value] of Object.entries(parameters)) {
    if (!/^[a-z][a-z0-9_.]*$/.test(name))
      mistakes.add({
        prop: `parameters.${name}`,
        mustBe: 'named as PostgreSQL names it, in small letters',
        got: `"${name}"`,
        remedy: 'look it up in the chapter "Server Configuration" of its manual',
      });
    if (name === 'rds.force_ssl' && value === '0')
      mistakes.add({
        prop: 'parameters["rds.force_ssl"]',
        mustBe: "'1', or left out",
        got: '"0"',
        remedy: 'let the client speak TLS: sslmode=require',
      });
  }
}
