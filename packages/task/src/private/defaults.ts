import { Tier } from '@groundplan/core';

/** Everything about a task that depends on the tier. The README's table is generated from it. */
export interface TaskDefaults {
  /** CPU units; 1024 are one vCPU (IP-028). */
  readonly cpu: number;
  /** MiB of memory. */
  readonly memoryMiB: number;
  /** How long logs are kept, in days (C27, CA-120…122). */
  readonly logRetentionDays: number;
  /** Whether the log group outlives the task. */
  readonly retainLogs: boolean;
  /** What Container Insights records: of clusters and services, or of tasks and containers too. */
  readonly insights: 'enabled' | 'enhanced';
}

export const DEFAULTS: { readonly [tier in Tier]: TaskDefaults } = {
  [Tier.SANDBOX]: {
    cpu: 256,
    memoryMiB: 512,
    logRetentionDays: 30,
    retainLogs: false,
    insights: 'enabled',
  },
  [Tier.DEVELOPMENT]: {
    cpu: 256,
    memoryMiB: 512,
    logRetentionDays: 30,
    retainLogs: false,
    insights: 'enabled',
  },
  [Tier.STAGING]: {
    cpu: 512,
    memoryMiB: 1024,
    logRetentionDays: 60,
    retainLogs: false,
    insights: 'enhanced',
  },
  [Tier.PRODUCTION]: {
    cpu: 512,
    memoryMiB: 1024,
    logRetentionDays: 90,
    retainLogs: true,
    insights: 'enhanced',
  },
};

/** What holds in every tier. */
export const FIXED = {
  /** The first user of the official Node.js image, and of most distributions; it has no rights anywhere. */
  user: '1000:1000',
  /** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html: at most 120 on Fargate. */
  stopTimeoutSeconds: 30,
  longestStopTimeoutSeconds: 120,
  tmpMiB: 64,
  /** What AWS measured to lose no lines at 2 MB/s: https://aws.amazon.com/blogs/containers/preventing-log-loss-with-non-blocking-mode-in-the-awslogs-container-log-driver/ */
  logBufferMiB: 25,
  /** How long a run may take. */
  timeoutMinutes: 60,
  /** How often and for how long EventBridge Scheduler tries to start a run. */
  startRetries: 10,
  startWithinMinutes: 60,
  /** As long as SQS keeps a message. */
  deadLetterDays: 14,
} as const;

/** From which value on somebody is told. */
export const ALARMS = {
  /** A run that takes longer than this share of its timeout will soon be cut off. */
  timeoutPercent: 80,
} as const;
