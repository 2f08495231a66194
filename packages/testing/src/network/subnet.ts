import type { Resource, Resources } from './resources';
import { referenceIn, textOf } from './text';

/** A subnet as its template describes it. */
export interface SubnetReading {
  readonly logicalId: string;
  /** The logical id of the VPC; empty for one that was imported. */
  readonly vpc: string;
  /** The name of the subnet group, from CDK's tag `aws-cdk:subnet-name`. */
  readonly tier: string;
  /** A name, or `zones[0]` where the deployment picks it. */
  readonly zone: string;
  readonly cidr: string;
  /** A block or a slice of the VPC's; empty when the subnet has none. */
  readonly ipv6: string;
  /** Whether what starts here is given a public address. */
  readonly mapsPublicIp: boolean;
}

/** All subnets of a template, in its order. */
export function readSubnets(resources: Resources): SubnetReading[] {
  return resources.ofType('AWS::EC2::Subnet').map(({ id, properties }) => ({
    logicalId: id,
    vpc: referenceIn(properties.VpcId) ?? textOf(properties.VpcId),
    tier: tag({ properties }, 'aws-cdk:subnet-name'),
    zone: textOf(properties.AvailabilityZone),
    cidr: textOf(properties.CidrBlock),
    ipv6: textOf(properties.Ipv6CidrBlock),
    mapsPublicIp: properties.MapPublicIpOnLaunch === true,
  }));
}

function tag({ properties }: Pick<Resource, 'properties'>, key: string): string {
  const tags = (properties.Tags ?? []) as { Key: string; Value: unknown }[];
  return textOf(tags.find(({ Key }) => Key === key)?.Value);
}
