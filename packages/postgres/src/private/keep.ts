import { CfnResource, RemovalPolicy } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

/**
 * Keeps everything that a database was made of when the database itself stays: EC2 would refuse to delete its security group and
 * RDS its parameter and subnet groups, the stack could never be gone, and without its role it would not be monitored any more.
 */
export function keepAll(scope: Construct): void {
  for (const child of scope.node.findAll())
    if (CfnResource.isCfnResource(child)) child.applyRemovalPolicy(RemovalPolicy.RETAIN);
}
