import { CfnService } from 'aws-cdk-lib/aws-ecs';
import { ISubnet } from 'aws-cdk-lib/aws-ec2';
import { Stack } from 'aws-cdk-lib/core';
import { IConstruct } from 'constructs';
import { EndpointSet } from '../endpoint-set';

/**
 * The ECS services that stand in these subnets and could never start there: no way to the internet, and no interface
 * endpoint for the registry, the logs or the secrets. Found at synthesis instead of after an hour of CannotPullContainer.
 */
export function strandedServices(root: IConstruct, subnets: ISubnet[], reachable: string[]): string[] {
  const missing = EndpointSet.FARGATE.services
    .map(({ shortName }) => shortName)
    .filter((name) => !reachable.includes(name));
  if (missing.length === 0) return [];
  return root.node
    .findAll()
    .filter((construct) => CfnService.isCfnService(construct) && standsIn(construct, subnets))
    .map(
      (service) =>
        `Service "${service.node.path}" could not start: its subnets reach neither the internet nor ${missing.join(', ')}; ` +
        'use Egress.endpointsOnly(EndpointSet.FARGATE, …), or an egress with a NAT gateway, or place it in another network',
    );
}

function standsIn(service: CfnService, subnets: ISubnet[]): boolean {
  const placement = JSON.stringify(Stack.of(service).resolve(service.networkConfiguration) ?? {});
  // A reference from another stack is an export or an output, and each of them carries the subnet's logical id.
  return subnets.some((subnet) => placement.includes(Stack.of(subnet).getLogicalId(subnet.node.defaultChild as never)));
}
