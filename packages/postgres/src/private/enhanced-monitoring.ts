import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Duration, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { DatabaseSettings } from '../database-settings';
import { acknowledgeMonitoring } from './acknowledgements';
import type { DatabaseDefaults } from './defaults';

/** What RDS is given to ask the operating system, and the role that writes down what it answers. */
export function enhancedMonitoring(
  scope: Construct,
  { monitoringSeconds }: DatabaseDefaults,
): Pick<DatabaseSettings, 'monitoringInterval' | 'monitoringRole'> {
  if (monitoringSeconds === 0) return {};
  const monitoringRole = new Role(scope, 'MonitoringRole', {
    description: 'RDS, to write down what the operating system of the database does',
    // Nobody else's databases: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Monitoring.OS.Enabling.html
    assumedBy: new ServicePrincipal('monitoring.rds.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
    managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('service-role/AmazonRDSEnhancedMonitoringRole')],
  });
  acknowledgeMonitoring(monitoringRole);
  return { monitoringInterval: Duration.seconds(monitoringSeconds), monitoringRole };
}
