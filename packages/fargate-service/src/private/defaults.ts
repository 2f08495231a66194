import { Severity, Tier } from '@groundplan/core';

/** Everything about a service that depends on the tier. The README's table is generated from it. */
export interface ServiceDefaults {
  /** The fewest tasks that run (C24). */
  readonly minTasks: number;
  /** The most tasks that run (C24). */
  readonly maxTasks: number;
  /** Whether tasks run on spare capacity, which AWS may take back with two minutes' notice. */
  readonly spot: boolean;
  /** How many tasks stay off spare capacity where there is some. */
  readonly onDemandBase: number;
  /** Whether people may open a shell in a task. */
  readonly exec: boolean;
  /** Whether a balancer has to be unlocked before it can be deleted. */
  readonly deletionProtection: boolean;
  /** How long a balancer's access logs are kept, in days; 0 is not at all (C27). */
  readonly accessLogDays: number;
  /** How long the logs of what stands around a service are kept, in days: API Gateway's, and those of hooks (C27). */
  readonly logDays: number;
  /** Who is told when users are affected. */
  readonly outageSeverity: Severity;
}

export const DEFAULTS: { readonly [tier in Tier]: ServiceDefaults } = {
  [Tier.SANDBOX]: {
    minTasks: 1,
    maxTasks: 2,
    spot: true,
    onDemandBase: 0,
    exec: true,
    deletionProtection: false,
    accessLogDays: 0,
    logDays: 30,
    outageSeverity: Severity.WARNING,
  },
  [Tier.DEVELOPMENT]: {
    minTasks: 1,
    maxTasks: 3,
    spot: true,
    onDemandBase: 0,
    exec: true,
    deletionProtection: false,
    accessLogDays: 0,
    logDays: 30,
    outageSeverity: Severity.WARNING,
  },
  [Tier.STAGING]: {
    minTasks: 2,
    maxTasks: 6,
    spot: true,
    onDemandBase: 1,
    exec: false,
    deletionProtection: false,
    accessLogDays: 60,
    logDays: 60,
    outageSeverity: Severity.WARNING,
  },
  [Tier.PRODUCTION]: {
    minTasks: 3,
    maxTasks: 9,
    spot: false,
    onDemandBase: 0,
    exec: false,
    deletionProtection: true,
    accessLogDays: 90,
    logDays: 90,
    outageSeverity: Severity.CRITICAL,
  },
};

/** What holds in every tier. */
export const FIXED = {
  port: 8080,
  /** IP-034, W. */
  healthPath: '/health',
  healthCodes: '200',
  /** BB-093. */
  gracePeriodSeconds: 60,
  /** A new task serves after two good answers, and a broken one goes after three bad ones: 20 and 30 seconds. */
  healthIntervalSeconds: 10,
  healthTimeoutSeconds: 5,
  healthyThreshold: 2,
  unhealthyThreshold: 3,
  /** As long as a balancer waits for an answer by default, halved: what takes longer belongs into a worker. */
  deregistrationDelaySeconds: 30,
  idleTimeoutSeconds: 60,
  /** A tenth of what all APIs of an account share, so that none takes it from the others: https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
  requestsPerSecond: 1000,
  requestBurst: 500,
  /** C23, CA-081, CA-086. */
  cpuPercent: 60,
  memoryPercent: 70,
  scaleOutSeconds: 60,
  scaleInSeconds: 300,
  /** CA-106. */
  minHealthyPercent: 100,
  maxHealthyPercent: 200,
} as const;

/** From which value on somebody is told. */
export const ALARMS = {
  /** C25: p95 above 2 s. */
  p95Seconds: 2,
  /** C25: 5xx above 5 % of the requests. */
  serverErrorPercent: 5,
  /** C25: the balancer's own 5xx, more than 5 in 5 minutes. */
  balancerErrors: 5,
  /** C26: for 5 minutes. */
  cpuPercent: 80,
  memoryPercent: 80,
} as const;

/** Everything about a repository that depends on the tier. */
export interface RepositoryDefaults {
  /** How many images are kept. */
  readonly keepImages: number;
  /** Whether it outlives its stack with all images. */
  readonly retain: boolean;
}

export const REPOSITORY: { readonly [tier in Tier]: RepositoryDefaults } = {
  [Tier.SANDBOX]: { keepImages: 20, retain: false },
  [Tier.DEVELOPMENT]: { keepImages: 20, retain: false },
  [Tier.STAGING]: { keepImages: 50, retain: true },
  [Tier.PRODUCTION]: { keepImages: 100, retain: true },
};
