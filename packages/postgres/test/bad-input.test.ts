import { Tier } from '@groundplan/core';
import { SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { DataProtectionPolicy } from 'aws-cdk-lib/aws-logs';
import { CfnParameter, Duration } from 'aws-cdk-lib/core';
import { MasterUser, PostgresDatabaseProps } from '../src';
import { PlainDatabase, database, ground } from './plain-database';

const refused =
  (props: Partial<PostgresDatabaseProps>, tier = Tier.DEVELOPMENT) =>
  () =>
    database(tier, props);
const message = (text: string) => new Error(`PlainDatabase "Data/Database": ${text}`);
const days = (count: number) => Duration.minutes(count * 1440);

describe('names', () => {
  const mustBe = 'a small letter, then up to 62 small letters, digits and "_", and no name of PostgreSQL itself';
  const bad = ['', '1st', '_a', 'Orders', 'my-app', 'a b', 'a'.repeat(64)];
  const reserved = ['postgres', 'template0', 'template1', 'rdsadmin', 'default', 'user', 'table', 'all'];

  test.each([...bad, ...reserved])('of the database: "%s" is refused', (databaseName) => {
    expect(refused({ databaseName })).toThrow(
      message(`databaseName must be ${mustBe}, got "${databaseName}"; name it after what it holds`),
    );
  });

  test.each(['a', 'orders_2', 'a'.repeat(63), 'users', 'postgres2'])(
    'of the database: "%s" is taken',
    (databaseName) => {
      expect(database(Tier.DEVELOPMENT, { databaseName }).databaseName).toBe(databaseName);
    },
  );

  const master =
    'a small letter, then small letters, digits and "_", and no name that PostgreSQL or RDS keeps for itself';
  test.each(['', 'A', '1a', 'admin', 'public', 'none', 'user', 'rdsadmin', 'rds_iam', 'pg_monitor', 'a'.repeat(64)])(
    'of the master user: "%s" is refused',
    (username) => {
      expect(refused({ master: MasterUser.managed({ username }) })).toThrow(
        message(`master.username must be ${master}, got "${username}"; leave it out for 'postgres'`),
      );
    },
  );

  test.each(['chief', 'administrator', 'pgadmin', 'a'.repeat(63)])('of the master user: "%s" is taken', (username) => {
    expect(refused({ master: MasterUser.managed({ username }) })).not.toThrow();
  });
});

describe('numbers', () => {
  test.each([13, 19, 16.5, NaN])('PostgreSQL %d', (majorVersion) => {
    expect(refused({ majorVersion })).toThrow(
      message(
        `majorVersion must be one of 14, 15, 16, 17, 18, got ${majorVersion}; name one that is still supported, best 17 or newer`,
      ),
    );
  });

  test.each([0, 36, 1.5])('backups of %d days', (count) => {
    expect(refused({ backup: { retention: days(count) } })).toThrow(
      message(
        `backup.retention must be 1 to 35 whole days, got ${count}; leave it out for the default of the tier; keep longer with AWS Backup`,
      ),
    );
  });

  test.each([0, 1001, 2.5])('a password that changes every %d days', (count) => {
    expect(refused({ master: MasterUser.managed({ rotateEvery: days(count) }) })).toThrow(
      message(`master.rotateEvery must be 1 to 1000 whole days, got ${count}; leave it out for 30 days`),
    );
  });

  test.each([1, 35])('backups of %d days are taken', (count) => {
    expect(refused({ backup: { retention: days(count) } })).not.toThrow();
  });

  test.each([1, 1000])('a password that changes every %d days is taken', (count) => {
    expect(refused({ master: MasterUser.managed({ rotateEvery: days(count) }) })).not.toThrow();
  });

  test('a version that only the deployment knows', () => {
    const { network, stack } = ground(Tier.DEVELOPMENT);
    const majorVersion = new CfnParameter(stack, 'Version', { type: 'Number' }).valueAsNumber;
    expect(() => new PlainDatabase(stack, 'Database', { vpc: network.vpc, majorVersion })).toThrow(
      message('majorVersion must be a literal, got a token that is known only at deployment; write the number'),
    );
  });
});

describe('the network', () => {
  const inVpc = (subnetType: SubnetType, zones: number) => () => {
    const { stack } = ground(Tier.DEVELOPMENT);
    const availabilityZones = ['eu-central-1a', 'eu-central-1b'].slice(0, zones);
    const subnetConfiguration = [{ name: 'only', subnetType }];
    const vpc = new Vpc(stack, 'Vpc', { availabilityZones, natGateways: 0, subnetConfiguration });
    return new PlainDatabase(stack, 'Database', { vpc });
  };

  test('without isolated subnets', () => {
    expect(inVpc(SubnetType.PUBLIC, 2)).toThrow(
      /^PlainDatabase "Data\/Database": vpc must be a network with isolated subnets, got There are no 'Isolated' subnet groups[^;]*; choose others with subnets, such as \{ subnetType: SubnetType\.PRIVATE_WITH_EGRESS \}$/,
    );
  });

  test('with one zone, and two are enough', () => {
    expect(inVpc(SubnetType.PRIVATE_ISOLATED, 1)).toThrow(
      message('vpc must be subnets of two zones at least, got 1; RDS takes no less: give the network a second zone'),
    );
    expect(inVpc(SubnetType.PRIVATE_ISOLATED, 2)).not.toThrow();
  });

  test('that the internet reaches', () => {
    expect(refused({ subnets: { subnetType: SubnetType.PUBLIC } })).toThrow(
      message(
        'subnets must be subnets that the internet does not reach, got public ones; leave it out for the isolated ones, and reach the database through a session of Systems Manager',
      ),
    );
  });

  test('where a selection finds nothing', () => {
    expect(refused({ subnets: { subnetGroupName: 'Nowhere' } })).toThrow(
      /subnets must be a selection that finds subnets, got [^;]*Nowhere/,
    );
  });
});

describe('parameters', () => {
  const all = { log_statement: 'all' };
  const redaction = new DataProtectionPolicy({ identifiers: [{ name: 'EmailAddress' } as never] });

  test('every statement in the log of production, with its values (C45)', () => {
    expect(refused({ parameters: all }, Tier.PRODUCTION)).toThrow(
      message(
        "parameters.log_statement must be 'ddl', 'mod' or 'none' in production, or the log redacted, got \"all\"; " +
          'every statement holds its values, personal data among them (C45); pass logs: { redaction: new DataProtectionPolicy(…) }',
      ),
    );
  });

  test('every statement where values are masked, or elsewhere', () => {
    expect(refused({ parameters: all, logs: { redaction } }, Tier.PRODUCTION)).not.toThrow();
    for (const tier of [Tier.SANDBOX, Tier.DEVELOPMENT, Tier.STAGING])
      expect(refused({ parameters: all }, tier)).not.toThrow();
  });

  test.each(['workMem', 'work mem', '', '1st', 'a-b'])('one that is called "%s"', (name) => {
    expect(refused({ parameters: { [name]: '1' } })).toThrow(
      message(
        `parameters.${name} must be named as PostgreSQL names it, in small letters, got "${name}"; look it up in the chapter "Server Configuration" of its manual`,
      ),
    );
  });

  test('no TLS', () => {
    expect(refused({ parameters: { 'rds.force_ssl': '0' } })).toThrow(
      message(
        'parameters["rds.force_ssl"] must be \'1\', or left out, got "0"; let the client speak TLS: sslmode=require',
      ),
    );
    expect(refused({ parameters: { 'rds.force_ssl': '1', work_mem: '4096' } })).not.toThrow();
  });
});

test('all mistakes come in one error, before anything is made', () => {
  const { network, stack } = ground(Tier.DEVELOPMENT);
  const props = {
    databaseName: '',
    majorVersion: 1,
    backup: { retention: days(0), window: 'x' },
    maintenanceWindow: 'y',
  };
  expect(() => new PlainDatabase(stack, 'Database', { vpc: network.vpc, ...props })).toThrow(
    /has 5 mistakes:(\n {2}- (databaseName|majorVersion|backup\.retention|backup\.window|maintenanceWindow) must be [^\n]*){5}$/,
  );
  expect(stack.node.findChild('Database').node.children).toEqual([]);
});
