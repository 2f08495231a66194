// The same resources with the same properties, made with aws-cdk-lib alone.
const { readFileSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { ArnFormat, CustomResource, Duration, FileSystem, RemovalPolicy, Size, Tags } = require('aws-cdk-lib/core');
const ec2 = require('aws-cdk-lib/aws-ec2');
const { Platform } = require('aws-cdk-lib/aws-ecr-assets');
const ecs = require('aws-cdk-lib/aws-ecs');
const events = require('aws-cdk-lib/aws-events');
const targets = require('aws-cdk-lib/aws-events-targets');
const iam = require('aws-cdk-lib/aws-iam');
const kms = require('aws-cdk-lib/aws-kms');
const lambda = require('aws-cdk-lib/aws-lambda');
const logs = require('aws-cdk-lib/aws-logs');
const rds = require('aws-cdk-lib/aws-rds');
const secretsmanager = require('aws-cdk-lib/aws-secretsmanager');
const sfn = require('aws-cdk-lib/aws-stepfunctions');
const { inNetwork } = require('./ground.cjs');

module.exports = (app, Stack) => {
  const { stack, vpc } = inNetwork(app, Stack);
  // begin
  const isolated = { subnetType: ec2.SubnetType.PRIVATE_ISOLATED };
  const ofThisAccount = { conditions: { StringEquals: { 'aws:SourceAccount': stack.account } } };
  const kept = { retention: logs.RetentionDays.THREE_MONTHS, removalPolicy: RemovalPolicy.RETAIN };
  const dropped = { retention: logs.RetentionDays.THREE_MONTHS, removalPolicy: RemovalPolicy.DESTROY };
  const closedGroup = (id) => {
    const group = new ec2.SecurityGroup(stack, id, { vpc, allowAllOutbound: false });
    group.addEgressRule(ec2.Peer.ipv4('127.0.0.1/32'), ec2.Port.allTraffic(), 'Nothing but what stands beside it');
    return group;
  };

  // the cluster
  const securityGroup = closedGroup('SecurityGroup');
  securityGroup.applyRemovalPolicy(RemovalPolicy.RETAIN);
  const key = new kms.Key(stack, 'Key', { enableKeyRotation: true, removalPolicy: RemovalPolicy.RETAIN });
  key.addToResourcePolicy(
    new iam.PolicyStatement({
      sid: 'GrantsForServicesOfAwsAlone',
      effect: iam.Effect.DENY,
      principals: [new iam.AnyPrincipal()],
      actions: ['kms:CreateGrant'],
      resources: ['*'],
      conditions: { BoolIfExists: { 'kms:GrantIsForAWSResource': 'false', 'aws:PrincipalIsAWSService': 'false' } },
    }),
  );
  // by its ARN: else whoever reads a secret is written into the key's policy
  const keyOfSecrets = kms.Key.fromKeyArn(stack, 'KeyOfSecrets', key.keyArn);
  const subnetGroup = new rds.SubnetGroup(stack, 'SubnetGroup', {
    vpc,
    vpcSubnets: isolated,
    description: 'Isolated subnets',
    removalPolicy: RemovalPolicy.RETAIN,
  });
  const monitoringRole = new iam.Role(stack, 'MonitoringRole', {
    assumedBy: new iam.ServicePrincipal('monitoring.rds.amazonaws.com', ofThisAccount),
    managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('service-role/AmazonRDSEnhancedMonitoringRole')],
  });
  monitoringRole.applyRemovalPolicy(RemovalPolicy.RETAIN);
  const engine = rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_17_9 });
  const parameterGroup = new rds.ParameterGroup(stack, 'Parameters', {
    engine,
    parameters: {
      'rds.force_ssl': '1',
      shared_preload_libraries: 'pg_stat_statements',
      log_statement: 'ddl',
      log_min_duration_statement: '1000',
      log_lock_waits: '1',
      idle_in_transaction_session_timeout: '60000',
      statement_timeout: '300000',
    },
    removalPolicy: RemovalPolicy.RETAIN,
  });
  const insights = {
    enablePerformanceInsights: true,
    performanceInsightRetention: rds.PerformanceInsightRetention.MONTHS_15,
    performanceInsightEncryptionKey: key,
  };
  const instance = { ...insights, publiclyAccessible: false, caCertificate: rds.CaCertificate.RDS_CA_RSA2048_G1 };
  const cluster = new rds.DatabaseCluster(stack, 'Cluster', {
    ...insights,
    engine,
    vpc,
    vpcSubnets: isolated,
    subnetGroup,
    securityGroups: [securityGroup],
    credentials: rds.Credentials.fromUsername('postgres', { encryptionKey: keyOfSecrets }),
    manageMasterUserPassword: true,
    iamAuthentication: true,
    defaultDatabaseName: 'app',
    parameterGroup,
    cloudwatchLogsExports: ['postgresql'],
    backup: { retention: Duration.days(35), preferredWindow: '03:00-04:00' },
    preferredMaintenanceWindow: 'sun:04:00-sun:05:00',
    autoMinorVersionUpgrade: true,
    engineLifecycleSupport: rds.EngineLifecycleSupport.OPEN_SOURCE_RDS_EXTENDED_SUPPORT_DISABLED,
    storageEncrypted: true,
    storageEncryptionKey: key,
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
    copyTagsToSnapshot: true,
    databaseInsightsMode: rds.DatabaseInsightsMode.ADVANCED,
    monitoringInterval: Duration.seconds(60),
    monitoringRole,
    serverlessV2MinCapacity: 1,
    serverlessV2MaxCapacity: 16,
    writer: rds.ClusterInstance.serverlessV2('Writer', instance),
    readers: [rds.ClusterInstance.serverlessV2('Reader1', { ...instance, scaleWithWriter: true })],
  });
  Tags.of(cluster.node.defaultChild).add('groundplan:backup', 'production');
  const instances = ['Writer', 'Reader1'].map((id) => cluster.node.findChild(id).node.defaultChild);
  const logGroup = new logs.LogGroup(stack, 'Logs', {
    ...kept,
    logGroupName: `/aws/rds/cluster/${cluster.clusterIdentifier}/postgresql`,
  });
  for (const resource of instances) resource.node.addDependency(logGroup);
  new logs.MetricFilter(stack, 'FailedConnections', {
    logGroup,
    filterPattern: logs.FilterPattern.anyTerm(
      'password authentication failed for user',
      'PAM authentication failed for user',
      'no pg_hba.conf entry for host',
      'pg_hba.conf rejects connection',
      'remaining connection slots are reserved',
      'sorry, too many clients already',
      'too many connections for role',
      'too many connections for database',
    ),
    metricNamespace: `groundplan/Database/${cluster.clusterIdentifier}`,
    metricName: 'FailedConnections',
    metricValue: '1',
    defaultValue: 0,
  });

  // the rotation, which RDS does
  const rotation = new secretsmanager.CfnRotationSchedule(stack, 'Rotation', {
    secretId: cluster.secret.secretArn,
    rotationRules: { automaticallyAfterDays: 30 },
    rotateImmediatelyOnUpdate: false,
  });
  rotation.applyRemovalPolicy(RemovalPolicy.RETAIN);
  rotation.node.addDependency(...instances);

  // the user
  const userSecret = new secretsmanager.Secret(stack, 'UserSecret', {
    encryptionKey: keyOfSecrets,
    removalPolicy: RemovalPolicy.RETAIN,
    generateSecretString: {
      secretStringTemplate: JSON.stringify({ username: 'app' }),
      generateStringKey: 'password',
      passwordLength: 32,
      excludePunctuation: true,
    },
  });
  const secrets = [cluster.secret, userSecret];
  const decryptSecrets = new iam.PolicyStatement({
    actions: ['kms:Decrypt'],
    resources: [key.keyArn],
    conditions: { StringEquals: { 'kms:ViaService': `secretsmanager.${stack.region}.${stack.urlSuffix}` } },
  });

  // the proxy
  const proxyRole = new iam.Role(stack, 'ProxyRole', {
    assumedBy: new iam.ServicePrincipal('rds.amazonaws.com', ofThisAccount),
  });
  const proxyPolicy = new iam.ManagedPolicy(stack, 'ProxyPolicy', {
    roles: [proxyRole],
    statements: [
      new iam.PolicyStatement({
        actions: ['secretsmanager:GetSecretValue'],
        resources: secrets.map(({ secretArn }) => secretArn),
      }),
      decryptSecrets,
    ],
  });
  const proxyGroup = closedGroup('ProxySecurityGroup');
  const proxyLogs = new logs.LogGroup(stack, 'ProxyLogs', { ...dropped, logGroupName: '/aws/rds/proxy/shop-prod' });
  // not the L2: its rule names the port as an attribute of the cluster, which rules cannot look into
  securityGroup.connections.allowFrom(proxyGroup, ec2.Port.tcp(5432), 'RDS Proxy');
  const behind = {
    vpcSubnetIds: vpc.selectSubnets(isolated).subnetIds,
    vpcSecurityGroupIds: [proxyGroup.securityGroupId],
  };
  const proxy = new rds.CfnDBProxy(stack, 'Proxy', {
    ...behind,
    dbProxyName: 'shop-prod',
    engineFamily: 'POSTGRESQL',
    roleArn: proxyRole.roleArn,
    requireTls: true,
    idleClientTimeout: 1800,
    auth: secrets.map(({ secretArn }) => ({
      authScheme: 'SECRETS',
      clientPasswordAuthType: 'POSTGRES_SCRAM_SHA_256',
      iamAuth: 'DISABLED',
      secretArn,
    })),
  });
  proxy.node.addDependency(proxyLogs, proxyPolicy);
  const proxyTargets = new rds.CfnDBProxyTargetGroup(stack, 'ProxyTargets', {
    dbProxyName: proxy.ref,
    targetGroupName: 'default',
    dbClusterIdentifiers: [cluster.clusterIdentifier],
    connectionPoolConfigurationInfo: { connectionBorrowTimeout: 30, maxConnectionsPercent: 90 },
  });
  proxyTargets.node.addDependency(...instances);
  const proxyReaders = new rds.CfnDBProxyEndpoint(stack, 'ProxyReaders', {
    ...behind,
    dbProxyName: proxy.ref,
    dbProxyEndpointName: 'shop-prod-readers',
    targetRole: 'READ_ONLY',
  });
  proxyReaders.node.addDependency(proxyTargets);

  // what migrates: a task of two containers
  const tasks = (conditions) => new iam.ServicePrincipal('ecs-tasks.amazonaws.com', conditions);
  const taskRole = new iam.Role(stack, 'TaskRole', { assumedBy: tasks(ofThisAccount) });
  const executionRole = new iam.Role(stack, 'ExecutionRole', { assumedBy: tasks() });
  const taskLogs = new logs.LogGroup(stack, 'TaskLogs', kept);
  const repository = `cdk-hnb659fds-container-assets-${stack.account}-${stack.region}`;
  const executionPolicy = new iam.ManagedPolicy(stack, 'ExecutionPolicy', {
    roles: [executionRole],
    statements: [
      new iam.PolicyStatement({
        actions: ['ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage'],
        resources: [stack.formatArn({ service: 'ecr', resource: 'repository', resourceName: repository })],
      }),
      new iam.PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [taskLogs.logGroupArn],
      }),
      decryptSecrets,
      new iam.PolicyStatement({
        actions: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
        resources: secrets.map(({ secretArn }) => secretArn),
      }),
    ],
  });
  const executionUnscoped = new iam.ManagedPolicy(stack, 'ExecutionUnscoped', {
    roles: [executionRole],
    statements: [new iam.PolicyStatement({ actions: ['ecr:GetAuthorizationToken'], resources: ['*'] })],
  });
  const taskGroup = new ec2.SecurityGroup(stack, 'TaskSecurityGroup', { vpc, allowAllOutbound: false });
  taskGroup.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443), 'HTTPS');
  securityGroup.connections.allowFrom(taskGroup, ec2.Port.tcp(5432), 'Migrations');
  const taskDefinition = new ecs.FargateTaskDefinition(stack, 'TaskDefinition', {
    cpu: 512,
    memoryLimitMiB: 1024,
    taskRole,
    executionRole: executionRole.withoutPolicyUpdates(),
    runtimePlatform: {
      cpuArchitecture: ecs.CpuArchitecture.ARM64,
      operatingSystemFamily: ecs.OperatingSystemFamily.LINUX,
    },
  });
  const linuxParameters = new ecs.LinuxParameters(stack, 'Linux', { initProcessEnabled: true });
  linuxParameters.dropCapabilities(ecs.Capability.ALL);
  linuxParameters.addTmpfs({ containerPath: '/tmp', size: 64 });
  const { hostname, port } = cluster.clusterEndpoint;
  const masterPassword = ecs.Secret.fromSecretsManager(cluster.secret, 'password');
  const sql = join(__dirname, 'flyway/sql');
  const flyway = taskDefinition.addContainer('app', {
    image: ecs.ContainerImage.fromAsset(join(__dirname, 'flyway'), { platform: Platform.LINUX_ARM64 }),
    command: ['migrate'],
    environment: {
      FLYWAY_URL: `jdbc:postgresql://${hostname}:${port}/app?sslmode=require`,
      FLYWAY_USER: 'postgres',
      FLYWAY_LOCATIONS: 'filesystem:/flyway/sql',
      FLYWAY_INIT_SQL: 'SET ROLE "app_owner"; SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0',
      FLYWAY_LOCK_RETRY_COUNT: '-1',
      FLYWAY_POSTGRESQL_TRANSACTIONAL_LOCK: 'false',
      FLYWAY_VALIDATE_MIGRATION_NAMING: 'true',
      FLYWAY_CONNECT_RETRIES: '5',
      REDGATE_DISABLE_TELEMETRY: 'true',
    },
    secrets: { FLYWAY_PASSWORD: masterPassword },
    user: '1000:1000',
    readonlyRootFilesystem: true,
    memoryLimitMiB: 896,
    stopTimeout: Duration.seconds(30),
    linuxParameters,
    logging: ecs.LogDriver.awsLogs({
      logGroup: taskLogs,
      streamPrefix: 'Task',
      mode: ecs.AwsLogDriverMode.NON_BLOCKING,
      maxBufferSize: Size.mebibytes(25),
    }),
  });
  // The program that makes roles and users is not written a second time, and its lines are not counted: the one of the package
  // stands in for it, so that both sides fingerprint the same bytes.
  const images = join(dirname(require.resolve('@groundplan/postgres/package.json')), 'assets/images');
  const init = taskDefinition.addContainer('init', {
    image: ecs.ContainerImage.fromAsset(images, {
      file: 'database-users.Dockerfile',
      exclude: ['pgbouncer.*'],
      platform: Platform.LINUX_ARM64,
    }),
    essential: false,
    environment: {
      PGHOST: hostname,
      PGPORT: `${port}`,
      PGDATABASE: 'app',
      PGUSER: 'postgres',
      WAIT_SECONDS: '600',
      DATABASE_USERS: JSON.stringify({
        roles: { owner: 'app_owner', readWrite: 'app_read_write', readOnly: 'app_read_only' },
        users: [{ name: 'app', right: 'readWrite', passwordVariable: 'PASSWORD_OF_APP' }],
      }),
    },
    secrets: {
      PGPASSWORD: masterPassword,
      PASSWORD_OF_APP: ecs.Secret.fromSecretsManager(userSecret, 'password'),
    },
    user: '1000:1000',
    readonlyRootFilesystem: true,
    memoryLimitMiB: 128,
    logging: ecs.LogDriver.awsLogs({ logGroup: taskLogs, streamPrefix: 'init' }),
  });
  flyway.addContainerDependencies({ container: init, condition: ecs.ContainerDependencyCondition.SUCCESS });
  const execLogs = new logs.LogGroup(stack, 'ExecLogs', kept);
  const taskCluster = new ecs.Cluster(stack, 'TaskCluster', {
    vpc,
    containerInsightsV2: ecs.ContainerInsights.ENHANCED,
    enableFargateCapacityProviders: true,
    executeCommandConfiguration: {
      logging: ecs.ExecuteCommandLogging.OVERRIDE,
      logConfiguration: { cloudWatchLogGroup: execLogs },
    },
  });

  // what runs it: a snapshot first, then the task, to its end
  const machineRole = new iam.Role(stack, 'StateMachineRole', {
    assumedBy: new iam.ServicePrincipal('states.amazonaws.com', ofThisAccount),
  });
  const ofThisCluster = { ArnEquals: { 'ecs:cluster': taskCluster.clusterArn } };
  const anyTask = stack.formatArn({ service: 'ecs', resource: 'task', resourceName: '*' });
  const ofRds = (resource, resourceName) =>
    stack.formatArn({ service: 'rds', resource, resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  const machinePolicy = new iam.ManagedPolicy(stack, 'StateMachinePolicy', {
    roles: [machineRole],
    statements: [
      new iam.PolicyStatement({
        actions: ['ecs:RunTask'],
        resources: [taskDefinition.taskDefinitionArn],
        conditions: ofThisCluster,
      }),
      new iam.PolicyStatement({
        actions: ['ecs:StopTask', 'ecs:DescribeTasks'],
        resources: [anyTask],
        conditions: ofThisCluster,
      }),
      new iam.PolicyStatement({
        actions: ['ecs:TagResource'],
        resources: [anyTask],
        conditions: { StringEquals: { 'ecs:CreateAction': 'RunTask' } },
      }),
      new iam.PolicyStatement({
        actions: ['iam:PassRole'],
        resources: [taskRole.roleArn, executionRole.roleArn],
        conditions: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
      }),
      new iam.PolicyStatement({
        actions: ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
        resources: [
          stack.formatArn({
            service: 'events',
            resource: 'rule',
            resourceName: 'StepFunctionsGetEventsForECSTaskRule',
          }),
        ],
      }),
      new iam.PolicyStatement({
        actions: ['rds:CreateDBClusterSnapshot', 'rds:AddTagsToResource', 'rds:DescribeDBClusterSnapshots'],
        resources: [ofRds('cluster', cluster.clusterIdentifier), ofRds('cluster-snapshot', 'before-migration-*')],
      }),
    ],
  });
  const machineUnscoped = new iam.ManagedPolicy(stack, 'StateMachineUnscoped', {
    roles: [machineRole],
    statements: [
      new iam.PolicyStatement({
        actions: [
          'logs:CreateLogDelivery',
          'logs:GetLogDelivery',
          'logs:UpdateLogDelivery',
          'logs:DeleteLogDelivery',
          'logs:ListLogDeliveries',
          'logs:PutResourcePolicy',
          'logs:DescribeResourcePolicies',
          'logs:DescribeLogGroups',
          'xray:PutTraceSegments',
          'xray:PutTelemetryRecords',
          'xray:GetSamplingRules',
          'xray:GetSamplingTargets',
        ],
        resources: ['*'],
      }),
    ],
  });
  const named = { 'DbClusterSnapshotIdentifier.$': "States.Format('before-migration-{}', $$.Execution.Name)" };
  const task = (id, resource, resourceName, stateJson) =>
    new sfn.CustomState(stack, id, {
      stateJson: {
        Type: 'Task',
        Resource: stack.formatArn({
          service: 'states',
          region: '',
          account: '',
          resource,
          resourceName,
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
        ...stateJson,
      },
    });
  const take = task('TakeSnapshot', 'aws-sdk', 'rds:createDBClusterSnapshot', {
    Parameters: { DbClusterIdentifier: cluster.clusterIdentifier, ...named },
    ResultPath: '$.Snapshot',
  });
  const look = task('LookAtSnapshot', 'aws-sdk', 'rds:describeDBClusterSnapshots', {
    Parameters: named,
    ResultPath: '$.Snapshot',
  });
  const wait = new sfn.Wait(stack, 'WaitForSnapshot', { time: sfn.WaitTime.duration(Duration.seconds(15)) });
  const status = '$.Snapshot.DbClusterSnapshots[0].Status';
  const ready = new sfn.Pass(stack, 'Ready');
  const noSnapshot = new sfn.Fail(stack, 'NoSnapshot', {
    error: 'NoSnapshot',
    cause: 'The snapshot before the migration failed, so nothing was migrated.',
  });
  const canBeRestored = new sfn.Choice(stack, 'CanBeRestored')
    .when(sfn.Condition.stringEquals(status, 'available'), ready)
    .when(sfn.Condition.stringEquals(status, 'failed'), noSnapshot)
    .otherwise(wait);
  const run = task('Run', 'ecs', 'runTask.sync', {
    Parameters: {
      Cluster: taskCluster.clusterArn,
      TaskDefinition: taskDefinition.taskDefinitionArn,
      LaunchType: 'FARGATE',
      PlatformVersion: 'LATEST',
      PropagateTags: 'TASK_DEFINITION',
      NetworkConfiguration: {
        AwsvpcConfiguration: {
          Subnets: vpc.selectSubnets({ subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS }).subnetIds,
          SecurityGroups: [taskGroup.securityGroupId],
          AssignPublicIp: 'DISABLED',
        },
      },
    },
    Retry: [
      {
        ErrorEquals: ['ECS.AmazonECSException', 'ECS.ThrottlingException', 'AmazonECS.Unknown'],
        IntervalSeconds: 15,
        BackoffRate: 2,
        MaxDelaySeconds: 120,
        MaxAttempts: 6,
        JitterStrategy: 'FULL',
      },
    ],
  });
  const definition = new sfn.Choice(stack, 'HoldsData')
    .when(sfn.Condition.stringEquals('$.RequestType', 'Create'), ready)
    .otherwise(take.next(wait).next(look).next(canBeRestored))
    .afterwards()
    .next(run);
  const stateMachine = new sfn.StateMachine(stack, 'StateMachine', {
    stateMachineType: sfn.StateMachineType.STANDARD,
    definitionBody: sfn.DefinitionBody.fromChainable(definition),
    role: machineRole.withoutPolicyUpdates(),
    timeout: Duration.minutes(30),
    tracingEnabled: true,
    logs: {
      destination: new logs.LogGroup(stack, 'ExecutionLogs', kept),
      level: sfn.LogLevel.ALL,
      includeExecutionData: true,
    },
  });
  stateMachine.node.addDependency(machinePolicy, machineUnscoped);

  // what CloudFormation waits for
  const awaitLogs = new logs.LogGroup(stack, 'AwaitLogs', dropped);
  const awaitRole = new iam.Role(stack, 'AwaitRole', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
  const awaitPolicy = new iam.ManagedPolicy(stack, 'AwaitPolicy', {
    roles: [awaitRole],
    statements: [
      new iam.PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [awaitLogs.logGroupArn],
      }),
      new iam.PolicyStatement({ actions: ['states:StartExecution'], resources: [stateMachine.stateMachineArn] }),
      new iam.PolicyStatement({
        actions: ['states:DescribeExecution'],
        resources: [
          stack.formatArn({
            service: 'states',
            resource: 'execution',
            resourceName: `${stateMachine.stateMachineName}:*`,
            arnFormat: ArnFormat.COLON_RESOURCE_NAME,
          }),
        ],
      }),
    ],
  });
  const handler = new lambda.Function(stack, 'Await', {
    description: 'Starts the migrations for CloudFormation, and answers when they have ended',
    runtime: lambda.Runtime.NODEJS_24_X,
    architecture: lambda.Architecture.ARM_64,
    memorySize: 256,
    timeout: Duration.seconds(60),
    handler: 'index.handler',
    code: lambda.Code.fromInline(readFileSync(join(__dirname, 'await-run/index.js'), 'utf8')),
    role: awaitRole,
    logGroup: awaitLogs,
    environment: { LOG_GROUP: taskLogs.logGroupName },
  });
  const ended = new events.Rule(stack, 'Ended', {
    description: 'The migrations have ended',
    eventPattern: {
      source: ['aws.states'],
      detailType: ['Step Functions Execution Status Change'],
      detail: {
        stateMachineArn: [stateMachine.stateMachineArn],
        status: ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'],
      },
    },
    targets: [new targets.LambdaFunction(handler)],
  });
  const migrated = new CustomResource(stack, 'Migrated', {
    serviceToken: handler.functionArn,
    resourceType: 'Custom::DatabaseMigration',
    serviceTimeout: Duration.minutes(34),
    properties: {
      StateMachine: stateMachine.stateMachineArn,
      Content: FileSystem.fingerprint(sql),
      TaskDefinition: taskDefinition.taskDefinitionArn,
    },
  });
  migrated.node.addDependency(awaitPolicy, ended, executionPolicy, executionUnscoped, taskCluster, stateMachine);
  migrated.node.addDependency(securityGroup, taskGroup, ...instances);
  // end
};
