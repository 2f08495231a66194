import { Environment, VitalSign } from '@groundplan/core';
import { Connections, ISecurityGroup, IVpc, Port, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnDBProxy, CfnDBProxyEndpoint, CfnDBProxyTargetGroup, Endpoint } from 'aws-cdk-lib/aws-rds';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { CfnResource, Fn, Lazy, Names, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { DatabaseUser } from './database-user';
import type { RdsProxyOptions } from './pooling';
import { acknowledgeLogs } from './private/acknowledgements';
import { closedGroup } from './private/closed-outbound';
import { DEFAULTS, FIXED } from './private/defaults';
import { proxySigns } from './private/proxy-signs';
import { userArn } from './private/user-arn';

/** What a proxy stands in front of. */
export interface RdsProxyProps extends RdsProxyOptions {
  /** The network. */
  readonly vpc: IVpc;
  /** The subnets of the database. */
  readonly subnets: SubnetSelection;
  /** How RDS calls the database: `cluster` or `instance`. */
  readonly kind: string;
  /** Its name. */
  readonly identifier: string;
  /** How IAM calls it: `cluster-…`, `db-…`. */
  readonly resourceId: string;
  /** What has to stand before the proxy finds a database. */
  readonly writers: CfnResource[];
  /**
   * Whether there are readers: then there is an endpoint for them.
   *
   * @default false
   */
  readonly readers?: boolean;
  /** The rules of the database's security group. */
  readonly database: Connections;
  /** The secret of the user that the database began with. */
  readonly secret: ISecret;
  /**
   * The key of the secrets.
   *
   * @default the one of Secrets Manager
   */
  readonly encryptionKey?: IKey;
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBProxy.html */
const LONGEST_NAME = 63;

/**
 * RDS Proxy in front of a database: it speaks TLS with both sides, knows the users by their secrets or by IAM, and only it, and
 * whoever migrates, reaches the database. `pooling: Pooling.rdsProxy()` makes one.
 */
export class RdsProxy extends Construct {
  /** Where clients connect. */
  public readonly endpoint: Endpoint;
  /** Where clients connect that only read: the readers where there are some. */
  public readonly readEndpoint: Endpoint;
  /** What reaches it. */
  public readonly securityGroup: ISecurityGroup;
  /** The rules of its security group. */
  public readonly connections: Connections;
  /** Who reads the secrets. */
  public readonly role: Role;
  /** How RDS and its metrics call it. */
  public readonly proxyName: string;
  /** Where it writes. */
  public readonly logGroup: LogGroup;
  private readonly proxy: CfnDBProxy;
  private readonly policy: ManagedPolicy;
  private readonly passwords: ISecret[];
  private readonly tokens: string[] = [];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: RdsProxyProps,
  ) {
    super(scope, id);
    const defaults = DEFAULTS[Environment.of(this).tier];

    // 1. who it is
    this.passwords = [props.secret];
    this.proxyName = nameOf(this);
    this.role = new Role(this, 'Role', {
      description: 'RDS Proxy, to read the secrets of users',
      assumedBy: new ServicePrincipal('rds.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    });
    this.policy = new ManagedPolicy(this, 'Policy', { roles: [this.role], statements: this.rightsTo(props.secret) });
    this.securityGroup = closedGroup(this, props.vpc, 'RDS Proxy');
    this.connections = new Connections({
      securityGroups: [this.securityGroup],
      defaultPort: Port.tcp(FIXED.port),
    });
    props.database.allowFrom(this.securityGroup, Port.tcp(FIXED.port), 'RDS Proxy');

    // 2. where it writes, before it does: RDS would make a log group without an end
    this.logGroup = new LogGroup(this, 'Logs', {
      logGroupName: `/aws/rds/proxy/${this.proxyName}`,
      retention: defaults.logDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    acknowledgeLogs(this.logGroup, {}, defaults.logDays);

    // 3. the proxy, and what it stands in front of
    const { subnetIds } = props.vpc.selectSubnets(props.subnets);
    const network = { vpcSubnetIds: subnetIds, vpcSecurityGroupIds: [this.securityGroup.securityGroupId] };
    this.proxy = new CfnDBProxy(this, 'Resource', {
      ...network,
      dbProxyName: this.proxyName,
      engineFamily: 'POSTGRESQL',
      roleArn: this.role.roleArn,
      requireTls: true,
      idleClientTimeout: props.idleClientTimeout?.toSeconds() ?? FIXED.idleClientSeconds,
      auth: Lazy.any({ produce: () => this.passwords.map(byPassword) }),
      // Whoever has no secret comes with a token of IAM, and so does the proxy to the database.
      defaultAuthScheme: Lazy.string({ produce: () => (this.tokens.length > 0 ? 'IAM_AUTH' : undefined) }),
    });
    this.proxy.node.addDependency(this.logGroup, this.policy);
    const target = new CfnDBProxyTargetGroup(this, 'TargetGroup', {
      dbProxyName: this.proxy.ref,
      targetGroupName: 'default', // the only name that RDS takes
      ...(props.kind === 'cluster'
        ? { dbClusterIdentifiers: [props.identifier] }
        : { dbInstanceIdentifiers: [props.identifier] }),
      connectionPoolConfigurationInfo: {
        connectionBorrowTimeout: props.borrowTimeout?.toSeconds() ?? FIXED.borrowSeconds,
        maxConnectionsPercent: props.maxConnectionsPercent ?? FIXED.poolPercent,
      },
    });
    target.node.addDependency(...props.writers);
    this.endpoint = new Endpoint(this.proxy.attrEndpoint, FIXED.port);
    this.readEndpoint = props.readers ? this.endpointOfReaders(network, target) : this.endpoint;
  }

  /** @internal Lets a user in. */
  public _admit({ username, secret }: DatabaseUser): void {
    if (secret) {
      this.passwords.push(secret);
      this.policy.addStatements(...this.rightsTo(secret));
    } else {
      this.tokens.push(username);
      const resources = [userArn(this, this.props.resourceId, username)];
      this.policy.addStatements(new PolicyStatement({ actions: ['rds-db:connect'], resources }));
    }
  }

  /** @internal Everybody, with a password or a token. */
  public _takes(): boolean {
    return true;
  }

  /** @internal What tells whether it is well. */
  public _signs(): VitalSign[] {
    return proxySigns(this.proxyName, DEFAULTS[Environment.of(this).tier]);
  }

  /** @internal The resource of IAM that a user of this proxy is. */
  public _userArn(username: string): string {
    return userArn(this, Fn.select(6, Fn.split(':', this.proxy.attrDbProxyArn)), username);
  }

  private endpointOfReaders(
    network: { vpcSubnetIds: string[]; vpcSecurityGroupIds: string[] },
    target: CfnResource,
  ): Endpoint {
    const scope = new Construct(this, 'Readers');
    const readers = new CfnDBProxyEndpoint(scope, 'Resource', {
      ...network,
      dbProxyName: this.proxy.ref,
      dbProxyEndpointName: nameOf(scope),
      targetRole: 'READ_ONLY',
    });
    readers.node.addDependency(target);
    return new Endpoint(readers.attrEndpoint, FIXED.port);
  }

  private rightsTo({ secretArn }: ISecret): PolicyStatement[] {
    const { encryptionKey } = this.props;
    const { region, urlSuffix } = Stack.of(this);
    const read = new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [secretArn] });
    if (!encryptionKey) return [read];
    const decrypt = new PolicyStatement({
      actions: ['kms:Decrypt'],
      resources: [encryptionKey.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `secretsmanager.${region}.${urlSuffix}` } },
    });
    return [read, decrypt];
  }
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-rds-dbproxy-authformat.html */
function byPassword({ secretArn }: ISecret): CfnDBProxy.AuthFormatProperty {
  return { authScheme: 'SECRETS', clientPasswordAuthType: 'POSTGRES_SCRAM_SHA_256', iamAuth: 'DISABLED', secretArn };
}

/** RDS makes no names for proxies and wants one, of letters, digits and single hyphens. */
function nameOf(scope: Construct): string {
  return Names.uniqueResourceName(scope, { maxLength: LONGEST_NAME, separator: '-' }).toLowerCase();
}
