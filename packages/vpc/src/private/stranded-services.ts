import { CfnService } from 'aws-cdk-lib/aws-ecs';
import { ISubnet } from 'aws-cdk-lib/aws-ec2';
import {
  DefaultTokenResolver,
  IPostProcessor,
  IResolvable,
  IResolveContext,
  Reference,
  StringConcat,
  Tokenization,
} from 'aws-cdk-lib/core';
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
  const referred = constructsIn(service.networkConfiguration, service);
  return subnets.some((subnet) => referred.has(subnet.node.defaultChild as IConstruct));
}

/**
 * The constructs that a value refers to. By reference, and not by logical id: two stacks of one app may well have the
 * same ids, and a reference into another stack is rendered as an import.
 */
function constructsIn(value: unknown, scope: IConstruct): Set<IConstruct> {
  const found = new Set<IConstruct>();
  class Collecting extends DefaultTokenResolver {
    public resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): unknown {
      if (Reference.isReference(token)) found.add(token.target);
      return super.resolveToken(token, context, postProcessor);
    }
  }
  Tokenization.resolve(value, { scope, resolver: new Collecting(new StringConcat()), preparing: false });
  return found;
}
