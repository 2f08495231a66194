// The same resources with the same properties, made with aws-cdk-lib alone.
const { Duration, RemovalPolicy, Size } = require('aws-cdk-lib/core');
const acm = require('aws-cdk-lib/aws-certificatemanager');
const cloudwatch = require('aws-cdk-lib/aws-cloudwatch');
const ec2 = require('aws-cdk-lib/aws-ec2');
const ecs = require('aws-cdk-lib/aws-ecs');
const elbv2 = require('aws-cdk-lib/aws-elasticloadbalancingv2');
const iam = require('aws-cdk-lib/aws-iam');
const logs = require('aws-cdk-lib/aws-logs');
const route53 = require('aws-cdk-lib/aws-route53');
const targets = require('aws-cdk-lib/aws-route53-targets');
const s3 = require('aws-cdk-lib/aws-s3');
const { inNetwork } = require('./ground.cjs');

module.exports = (app, Stack) => {
  const { stack, vpc, zone } = inNetwork(app, Stack);
  // begin
  const logGroup = new logs.LogGroup(stack, 'Logs', {
    retention: logs.RetentionDays.THREE_MONTHS,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  const taskRole = new iam.Role(stack, 'TaskRole', {
    assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
    }),
  });
  const executionRole = new iam.Role(stack, 'ExecutionRole', {
    assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com'),
  });
  new iam.ManagedPolicy(stack, 'ExecutionPolicy', {
    roles: [executionRole],
    statements: [
      new iam.PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
    ],
  });
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
  taskDefinition.addContainer('app', {
    image: ecs.ContainerImage.fromRegistry('public.ecr.aws/nginx/nginx:1.29.3'),
    environment: { PORT: '8080' },
    user: '1000:1000',
    readonlyRootFilesystem: true,
    memoryLimitMiB: 1024,
    stopTimeout: Duration.seconds(30),
    linuxParameters,
    portMappings: [{ containerPort: 8080 }],
    logging: ecs.LogDriver.awsLogs({
      logGroup,
      streamPrefix: 'Api',
      mode: ecs.AwsLogDriverMode.NON_BLOCKING,
      maxBufferSize: Size.mebibytes(25),
    }),
  });
  const execLogs = new logs.LogGroup(stack, 'ExecLogs', {
    retention: logs.RetentionDays.THREE_MONTHS,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  const cluster = new ecs.Cluster(stack, 'Cluster', {
    vpc,
    containerInsightsV2: ecs.ContainerInsights.ENHANCED,
    enableFargateCapacityProviders: true,
    executeCommandConfiguration: {
      logging: ecs.ExecuteCommandLogging.OVERRIDE,
      logConfiguration: { cloudWatchLogGroup: execLogs },
    },
  });
  const targetGroup = new elbv2.ApplicationTargetGroup(stack, 'TargetGroup', {
    vpc,
    port: 8080,
    protocol: elbv2.ApplicationProtocol.HTTP,
    targetType: elbv2.TargetType.IP,
    deregistrationDelay: Duration.seconds(30),
    healthCheck: {
      path: '/health',
      healthyHttpCodes: '200',
      interval: Duration.seconds(10),
      timeout: Duration.seconds(5),
      healthyThresholdCount: 2,
      unhealthyThresholdCount: 3,
    },
  });
  const balancerGroup = new ec2.SecurityGroup(stack, 'BalancerSecurityGroup', { vpc, allowAllOutbound: false });
  balancerGroup.addEgressRule(
    ec2.Peer.ipv4('127.0.0.1/32'),
    ec2.Port.allTraffic(),
    'Nothing but what stands beside it',
  );
  const loadBalancer = new elbv2.ApplicationLoadBalancer(stack, 'LoadBalancer', {
    vpc,
    internetFacing: true,
    vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC },
    securityGroup: balancerGroup,
    deletionProtection: true,
    dropInvalidHeaderFields: true,
    desyncMitigationMode: elbv2.DesyncMitigationMode.DEFENSIVE,
    idleTimeout: Duration.seconds(60),
  });
  loadBalancer.connections.allowFromAnyIpv4(ec2.Port.tcp(443), 'HTTPS from the internet');
  loadBalancer.connections.allowFromAnyIpv4(ec2.Port.tcp(80), 'HTTP from the internet, which is redirected');
  loadBalancer.addRedirect({ open: false });
  const listener = loadBalancer.addListener('Https', {
    port: 443,
    protocol: elbv2.ApplicationProtocol.HTTPS,
    certificates: [
      new acm.Certificate(stack, 'Certificate', {
        domainName: 'api.example.com',
        validation: acm.CertificateValidation.fromDns(zone),
      }),
    ],
    sslPolicy: elbv2.SslPolicy.TLS13_12_PQ,
    open: false,
    defaultAction: elbv2.ListenerAction.fixedResponse(404, { contentType: 'text/plain', messageBody: 'Not found' }),
  });
  new elbv2.ApplicationListenerRule(stack, 'Rule', {
    listener,
    priority: 50000,
    conditions: [elbv2.ListenerCondition.hostHeaders(['api.example.com'])],
    targetGroups: [targetGroup],
  });
  new route53.ARecord(stack, 'Alias', {
    zone,
    recordName: 'api.example.com.',
    target: route53.RecordTarget.fromAlias(new targets.LoadBalancerTarget(loadBalancer)),
  });
  const accessLogs = new s3.Bucket(stack, 'AccessLogs', {
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    encryption: s3.BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    versioned: true,
    lifecycleRules: [
      {
        expiration: Duration.days(90),
        noncurrentVersionExpiration: Duration.days(1),
        abortIncompleteMultipartUploadAfter: Duration.days(1),
      },
    ],
    removalPolicy: RemovalPolicy.RETAIN,
  });
  accessLogs.node.defaultChild.notificationConfiguration = {
    eventBridgeConfiguration: { eventBridgeEnabled: true },
  };
  accessLogs.addToResourcePolicy(
    new iam.PolicyStatement({
      principals: [new iam.ServicePrincipal('logdelivery.elasticloadbalancing.amazonaws.com')],
      actions: ['s3:PutObject'],
      resources: [accessLogs.arnForObjects(`AWSLogs/${stack.account}/*`)],
    }),
  );
  loadBalancer.setAttribute('access_logs.s3.enabled', 'true');
  loadBalancer.setAttribute('access_logs.s3.bucket', accessLogs.bucketName);
  loadBalancer.node.defaultChild.addResourceDependency(accessLogs.policy.node.defaultChild);
  const period = Duration.minutes(1);
  const common = {
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: 3,
    datapointsToAlarm: 2,
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
  };
  const errors = new cloudwatch.Alarm(stack, 'DeploymentErrors', {
    ...common,
    threshold: 5,
    metric: new cloudwatch.MathExpression({
      expression: 'IF(FILL(requests, 0) > 0, 100 * FILL(failed, 0) / requests, 0)',
      usingMetrics: {
        failed: targetGroup.metrics.httpCodeTarget(elbv2.HttpCodeTarget.TARGET_5XX_COUNT, { statistic: 'Sum', period }),
        requests: targetGroup.metrics.requestCount({ statistic: 'Sum', period }),
      },
      period,
    }),
  });
  const latency = new cloudwatch.Alarm(stack, 'DeploymentLatency', {
    ...common,
    threshold: 2,
    metric: targetGroup.metrics.targetResponseTime({ statistic: 'p95', period }),
  });
  const securityGroup = new ec2.SecurityGroup(stack, 'SecurityGroup', { vpc, allowAllOutbound: false });
  securityGroup.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443), 'HTTPS');
  const service = new ecs.FargateService(stack, 'Service', {
    cluster,
    taskDefinition,
    securityGroups: [securityGroup],
    vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
    assignPublicIp: false,
    platformVersion: ecs.FargatePlatformVersion.LATEST,
    capacityProviderStrategies: [{ capacityProvider: 'FARGATE', weight: 1 }],
    minHealthyPercent: 100,
    maxHealthyPercent: 200,
    circuitBreaker: { enable: true, rollback: true },
    deploymentAlarms: { alarmNames: [errors.alarmName, latency.alarmName] },
    availabilityZoneRebalancing: ecs.AvailabilityZoneRebalancing.ENABLED,
    healthCheckGracePeriod: Duration.seconds(60),
    propagateTags: ecs.PropagatedTagSource.SERVICE,
    enableECSManagedTags: true,
  });
  service.node.addDependency(executionRole);
  service.attachToApplicationTargetGroup(targetGroup);
  const scaling = service.autoScaleTaskCount({ minCapacity: 3, maxCapacity: 9 });
  const cooldowns = { scaleOutCooldown: Duration.seconds(60), scaleInCooldown: Duration.seconds(300) };
  scaling.scaleOnCpuUtilization('Cpu', { targetUtilizationPercent: 60, ...cooldowns });
  scaling.scaleOnMemoryUtilization('Memory', { targetUtilizationPercent: 70, ...cooldowns });
  // end
};
