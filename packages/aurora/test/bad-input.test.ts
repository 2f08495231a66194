import { Tier } from '@groundplan/core';
import { MasterUser } from '@groundplan/postgres';
import { InstanceClass, InstanceSize, InstanceType, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { CfnParameter, Duration, Stack } from 'aws-cdk-lib/core';
import { AuroraCapacity, AuroraClusterProps, ServerlessOptions } from '../src';
import { clusterIn, clusterOn, groundIn } from './clusters';

/** What is said of a cluster whose props are wrong. */
function refused(props: Partial<AuroraClusterProps>, tier = Tier.DEVELOPMENT): () => unknown {
  return () => clusterIn(tier, props);
}
const message = (text: string) => new Error(`AuroraCluster "Data/Database": ${text}`);
const { minutes, hours, days } = Duration;

describe('a mistake is refused with the prop, the value, what is allowed and what to do', () => {
  const steps = (least: number, got: number, nearest: number) =>
    `must be ${least} to 256 in steps of 0.5, got ${got}; the nearest is ${nearest}`;
  const sleeps = '5 minutes to 24 hours, in whole seconds';
  const unpaused = 'a cluster falls asleep at 0 only: pass minAcu: 0, or leave autoPause out';

  test.each<[string, ServerlessOptions, string]>([
    ['less than nothing', { minAcu: -1 }, `minAcu ${steps(0, -1, 0)}`],
    ['a third of a unit', { minAcu: 1.3 }, `minAcu ${steps(0, 1.3, 1.5)}`],
    ['a quarter at the top', { maxAcu: 2.25 }, `maxAcu ${steps(1, 2.25, 2.5)}`],
    ['half a unit at the top', { maxAcu: 0.5 }, `maxAcu ${steps(1, 0.5, 1)}`],
    ['more than AWS has', { maxAcu: 256.5 }, `maxAcu ${steps(1, 256.5, 256)}`],
    [
      'more at least than at most',
      { minAcu: 8, maxAcu: 4 },
      'minAcu must be at most maxAcu, 4, got 8; lower it, or raise maxAcu',
    ],
    [
      'a pause where it does not sleep',
      { minAcu: 0.5, autoPause: minutes(5) },
      `autoPause must be left out, where minAcu is more than 0, got it and minAcu 0.5; ${unpaused}`,
    ],
    [
      'a pause too soon',
      { minAcu: 0, autoPause: minutes(4) },
      `autoPause must be ${sleeps}, got 240 seconds; leave it out for 5 minutes`,
    ],
    [
      'a pause too late',
      { minAcu: 0, autoPause: hours(25) },
      `autoPause must be ${sleeps}, got 90000 seconds; leave it out for 5 minutes`,
    ],
    [
      'a pause in parts of a second',
      { minAcu: 0, autoPause: Duration.millis(300_500) },
      `autoPause must be ${sleeps}, got 300.5 seconds; leave it out for 5 minutes`,
    ],
  ])('capacity: %s', (_, options, text) => {
    expect(refused({ capacity: AuroraCapacity.serverless(options) })).toThrow(message(`capacity.${text}`));
  });

  test('capacity: a pause asked for in production, where the tier says 1', () => {
    const capacity = AuroraCapacity.serverless({ autoPause: minutes(5) });
    expect(refused({ capacity }, Tier.PRODUCTION)).toThrow(
      message(`capacity.autoPause must be left out, where minAcu is more than 0, got it and minAcu 1; ${unpaused}`),
    );
  });

  test.each([-1, 16, 1.5, NaN])('readers: %d', (readers) => {
    expect(refused({ readers })).toThrow(
      message(
        `readers must be a whole number from 0 to 15, got ${readers}; Aurora takes no more; cache what many read`,
      ),
    );
  });

  const named = 'a small letter, then up to 62 small letters, digits and "_", and no name of PostgreSQL itself';
  test.each(['', '1st', 'Orders', 'my-app', 'a'.repeat(64), 'postgres', 'template1', 'rdsadmin'])(
    'databaseName: "%s"',
    (databaseName) => {
      expect(refused({ databaseName })).toThrow(
        message(`databaseName must be ${named}, got "${databaseName}"; name it after what it holds`),
      );
    },
  );

  test.each([13, 19, 17.2])('majorVersion: %d', (majorVersion) => {
    expect(refused({ majorVersion })).toThrow(
      message(
        `majorVersion must be one of 14, 15, 16, 17, 18, got ${majorVersion}; name one that is still supported, best 17 or newer`,
      ),
    );
  });

  const master =
    'a small letter, then small letters, digits and "_", and no name that PostgreSQL or RDS keeps for itself';
  test.each(['', 'Admin', 'admin', 'rdsadmin', 'rds_superuser', 'pg_monitor', 'user', 'public'])(
    'master: "%s"',
    (username) => {
      expect(refused({ master: MasterUser.managed({ username }) })).toThrow(
        message(`master.username must be ${master}, got "${username}"; leave it out for 'postgres'`),
      );
    },
  );

  test.each([0, 0.5, 1001])('master: a password that changes every %d days', (every) => {
    expect(refused({ master: MasterUser.managed({ rotateEvery: Duration.minutes(every * 1440) }) })).toThrow(
      message(`master.rotateEvery must be 1 to 1000 whole days, got ${every}; leave it out for 30 days`),
    );
  });

  test.each([0, 36, 1.5])('backup: kept for %d days', (kept) => {
    expect(refused({ backup: { retention: minutes(kept * 1440) } })).toThrow(
      message(
        `backup.retention must be 1 to 35 whole days, got ${kept}; leave it out for the default of the tier; keep longer with AWS Backup`,
      ),
    );
  });

  test('windows at the same time', () => {
    expect(refused({ backup: { window: '04:30-05:30' } })).toThrow(
      message(
        'maintenanceWindow must be at another time than backup.window, 04:30-05:30, got "sun:04:00-sun:05:00"; move one of them: RDS refuses windows that overlap',
      ),
    );
  });

  test.each(['3:00-4:00', '03:00-03:20', '24:00-25:00', 'night'])('backup.window: %s', (window) => {
    expect(refused({ backup: { window } })).toThrow(
      message(`backup.window must be hh:mm-hh:mm in UTC, 30 minutes or more, got "${window}"; write '03:00-04:00'`),
    );
  });

  test.each(['sunday', 'sun:04:00-sun:04:10', 'sun:04:00-tue:04:00', 'so:04:00-so:05:00'])(
    'maintenanceWindow: %s',
    (maintenanceWindow) => {
      expect(refused({ maintenanceWindow })).toThrow(
        message(
          `maintenanceWindow must be ddd:hh:mm-ddd:hh:mm in UTC, 30 minutes to 24 hours, got "${maintenanceWindow}"; write 'sun:04:00-sun:05:00'`,
        ),
      );
    },
  );

  test('every statement in the log of production, and nothing masked (C45)', () => {
    const text =
      "parameters.log_statement must be 'ddl', 'mod' or 'none' in production, or the log redacted, got \"all\"; " +
      'every statement holds its values, personal data among them (C45); pass logs: { redaction: new DataProtectionPolicy(…) }';
    expect(refused({ parameters: { log_statement: 'all' } }, Tier.PRODUCTION)).toThrow(message(text));
    expect(refused({ parameters: { log_statement: 'all' } }, Tier.STAGING)).not.toThrow();
  });

  test('a parameter that PostgreSQL does not name so', () => {
    expect(refused({ parameters: { workMem: '4' } })).toThrow(
      message(
        'parameters.workMem must be named as PostgreSQL names it, in small letters, got "workMem"; look it up in the chapter "Server Configuration" of its manual',
      ),
    );
  });

  test('talking in the clear', () => {
    expect(refused({ parameters: { 'rds.force_ssl': '0' } })).toThrow(
      message(
        'parameters["rds.force_ssl"] must be \'1\', or left out, got "0"; let the client speak TLS: sslmode=require',
      ),
    );
  });
});

describe('the network', () => {
  const vpcIn = (stack: Stack, subnetType: SubnetType, zones = 2) =>
    new Vpc(stack, 'Other', {
      natGateways: 0,
      availabilityZones: ['eu-central-1a', 'eu-central-1b'].slice(0, zones),
      subnetConfiguration: [{ name: 'only', subnetType }],
    });

  test('without isolated subnets', () => {
    const ground = groundIn(Tier.DEVELOPMENT);
    const vpc = vpcIn(ground.stack, SubnetType.PUBLIC);
    expect(() => clusterOn(ground, { vpc })).toThrow(
      /^AuroraCluster "Data\/Database": vpc must be a network with isolated subnets, got There are no 'Isolated' subnet groups in this VPC[^;]*; choose others with subnets, such as \{ subnetType: SubnetType\.PRIVATE_WITH_EGRESS \}$/,
    );
  });

  test('with one zone', () => {
    const ground = groundIn(Tier.DEVELOPMENT);
    const vpc = vpcIn(ground.stack, SubnetType.PRIVATE_ISOLATED, 1);
    expect(() => clusterOn(ground, { vpc })).toThrow(
      message('vpc must be subnets of two zones at least, got 1; RDS takes no less: give the network a second zone'),
    );
  });

  test('with public subnets', () => {
    expect(refused({ subnets: { subnetType: SubnetType.PUBLIC } })).toThrow(
      message(
        'subnets must be subnets that the internet does not reach, got public ones; leave it out for the isolated ones, and reach the database through a session of Systems Manager',
      ),
    );
  });

  test('with a selection that finds nothing', () => {
    expect(refused({ subnets: { subnetGroupName: 'Nowhere' } })).toThrow(
      /subnets must be a selection that finds subnets, got [^;]*Nowhere[^;]*; choose others with subnets/,
    );
  });
});

describe('what only the deployment knows', () => {
  test('may not decide what is made', () => {
    const ground = groundIn(Tier.DEVELOPMENT);
    const number = new CfnParameter(ground.stack, 'Number', { type: 'Number' }).valueAsNumber;
    const literal = 'must be a literal, got a token that is known only at deployment; write the number';
    expect(() => clusterOn(ground, { readers: number, majorVersion: number })).toThrow(
      `AuroraCluster "Data/Database" has 2 mistakes:
  - readers ${literal}: it decides what is made
  - majorVersion ${literal}`,
    );
  });
});

test('all mistakes come at once', () => {
  const attempt = refused({
    databaseName: 'My App',
    majorVersion: 9,
    readers: 99,
    capacity: AuroraCapacity.serverless({ minAcu: 4.2, maxAcu: 2, autoPause: minutes(1) }),
    backup: { retention: days(0), window: '04:00-05:00' },
    parameters: { 'rds.force_ssl': '0' },
    master: MasterUser.managed({ username: 'admin' }),
  });
  let text = '';
  try {
    attempt();
  } catch (error) {
    text = (error as Error).message;
  }
  const [head, ...lines] = text.split('\n');
  expect(head).toBe('AuroraCluster "Data/Database" has 11 mistakes:');
  expect(lines.map((line) => /^ {2}- (\S+) must be /.exec(line)?.[1]).sort()).toEqual([
    'backup.retention',
    'capacity.autoPause',
    'capacity.autoPause',
    'capacity.minAcu',
    'capacity.minAcu',
    'databaseName',
    'maintenanceWindow',
    'majorVersion',
    'master.username',
    'parameters["rds.force_ssl"]',
    'readers',
  ]);
});

test('instances of one size have no limits that could be wrong', () => {
  const capacity = AuroraCapacity.provisioned(InstanceType.of(InstanceClass.T4G, InstanceSize.MEDIUM));
  expect(refused({ capacity })).not.toThrow();
});
