import { Environment, IMonitored, Mistakes, VitalSign } from '@groundplan/core';
import { ContainerSecret, Image, OneOffTask } from '@groundplan/task';
import { ISecurityGroup, Port, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { ContainerDefinition } from 'aws-cdk-lib/aws-ecs';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { CustomResource, Duration } from 'aws-cdk-lib/core';
import { Construct, Dependable, IConstruct, IDependable } from 'constructs';
import { join } from 'path';
import type { DatabaseUser } from './database-user';
import { awaitRun } from './private/await-run';
import { checkMigrations } from './private/check-migrations';
import { DEFAULTS, FIXED } from './private/defaults';
import { imageOf } from './private/images';
import { flywayVariables, passwordVariable, usersContainer } from './private/migration-containers';
import { allowSnapshots, snapshotFirst } from './private/snapshot-first';
import { FLYWAY, SqlFolder } from './private/sql-folder';
import type { PostgresDatabase } from './postgres-database';

/** Beside the sources, and beside the one file that they are packed into. */
const ASSETS = join(__dirname, '../assets');

/** How a database is migrated. */
export interface MigrateOptions {
  /**
   * The folder of versioned SQL, as Flyway names it: `V1__create_entries.sql`, `V2__…`, `R__views.sql`. Relative to the working directory of
   * the app.
   *
   * @default none: only roles and users are made
   */
  readonly directory?: string;
  /**
   * What is updated only after the migrations have succeeded: a service, or any construct. Where they fail, the deployment fails and
   * goes back before it was touched.
   *
   * @default nothing waits
   */
  readonly before?: IDependable;
  /**
   * An image with Flyway and the SQL baked in, where the pipeline builds one.
   *
   * @default built from `directory` on top of Flyway's official image
   */
  readonly image?: Image;
  /**
   * How long a run may take, with its snapshot, up to 55 minutes: CloudFormation waits no longer than an hour.
   *
   * @default 30 minutes
   */
  readonly timeout?: Duration;
  /**
   * Whether a snapshot is taken first, except when the database has just been made. It stays until somebody deletes it.
   *
   * @default by tier: only in production (BB-005)
   */
  readonly snapshotFirst?: boolean;
  /**
   * The subnets that the task runs in.
   *
   * @default the private ones: it fetches its image and writes its log
   */
  readonly subnets?: SubnetSelection;
}

/** What a database tells its migrations. */
export interface MigrationsProps extends MigrateOptions {
  /** What is migrated. */
  readonly database: PostgresDatabase;
}

/**
 * Versioned SQL that runs inside the network at every deployment that changes it, and the users of a database. `database.migrate`
 * makes one.
 *
 * A task of two containers does it: the first waits for the database, wakes it, and makes roles and users; the second is Flyway.
 * CloudFormation waits for the end through one small function.
 */
export class Migrations extends Construct implements IMonitored {
  /** What runs. */
  public readonly task: OneOffTask;
  /** Starting it migrates once more, which changes nothing where nothing is new. */
  public readonly stateMachine: StateMachine;
  /** What Flyway and the users' container write. */
  public readonly logGroup: LogGroup;
  /** What CloudFormation waits for. */
  public readonly resource: CustomResource;

  constructor(scope: Construct, id: string, props: MigrationsProps) {
    super(scope, id);

    // 1. validate
    const { database, directory, timeout = Duration.minutes(30), snapshotFirst: asked } = props;
    const defaults = DEFAULTS[Environment.of(this).tier];
    const mistakes = new Mistakes(this, 'Migrations');
    checkMigrations(props, timeout, mistakes);
    mistakes.throwIfAny();
    const folder = directory === undefined ? undefined : new SqlFolder(directory);
    const target = database._migrated;
    const { users, standing } = target;

    // 2. what runs: roles and users first, then Flyway
    const snapshot = (asked ?? defaults.snapshotBeforeMigrations) ? snapshotFirst(this, standing) : undefined;
    const make = (image: Image) =>
      new OneOffTask(this, 'Task', {
        vpc: database.vpc,
        subnets: props.subnets,
        image,
        container: {
          command: [folder || props.image ? 'migrate' : 'info'],
          init: usersContainer(target, imageOf('database-users', ASSETS)),
        },
        environment: flywayVariables(target),
        secrets: { FLYWAY_PASSWORD: ContainerSecret.fromSecret(target.secret, 'password') },
        cpu: 512,
        memoryMiB: 1024,
        timeout,
        preparation: snapshot?.states,
      });
    this.task = folder
      ? folder.built((context) => make(Image.fromAsset(context)))
      : make(props.image ?? Image.fromRegistry(FLYWAY));
    if (snapshot) allowSnapshots(this.task.stateMachine, snapshot);
    this.stateMachine = this.task.stateMachine;
    this.logGroup = this.task.logGroup;
    const rule = openedBy(database.securityGroup, () =>
      database.connections.allowFrom(this.task, Port.tcp(FIXED.port), 'Migrations'),
    );
    for (const user of users) this._bring(user);

    // 3. what CloudFormation waits for
    this.resource = awaitRun(this, {
      stateMachine: this.stateMachine,
      logGroup: this.logGroup,
      logDays: defaults.logDays,
      program: join(ASSETS, 'await-run/index.js'),
      timeout,
      // Another image, other users: another revision of the task definition, and another run.
      properties: { Content: folder?.hash ?? '', TaskDefinition: this.task.taskDefinition.taskDefinitionArn },
    });
    this.resource.node.addDependency(this.task, ...rule, ...standing.writers);
    if (props.before) this.runBefore(props.before);
  }

  /** Has something wait until the migrations have succeeded. */
  public runBefore(later: IDependable): void {
    for (const root of Dependable.of(later).dependencyRoots) root.node.addDependency(this.resource);
  }

  /** What tells whether migrations run well. Listing them creates nothing. */
  public vitalSigns(): VitalSign[] {
    return this.task.vitalSigns();
  }

  /** @internal Brings a user to the server, with its password. */
  public _bring({ username, secret }: DatabaseUser): void {
    if (secret) this.init.addSecret(passwordVariable(username), ContainerSecret.fromSecret(secret, 'password').secret);
  }

  private get init(): ContainerDefinition {
    return this.task.taskDefinition.findContainer('init')!;
  }
}

/** The rules that something opens. Of the others some belong to what waits for the migrations. */
function openedBy(group: ISecurityGroup, open: () => void): IConstruct[] {
  const before = new Set(group.node.children);
  open();
  return group.node.children.filter((child) => !before.has(child));
}
