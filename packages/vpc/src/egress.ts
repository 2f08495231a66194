import {
  InstanceClass,
  InstanceSize,
  InstanceType,
  NatGatewayProvider,
  NatInstanceProviderV2,
  NatProvider,
  NatTrafficDirection,
  Peer,
  Port,
  RegionalNatGatewayProvider,
} from 'aws-cdk-lib/aws-ec2';
import { EndpointSet } from './endpoint-set';
import { acknowledgeNatInstance } from './private/acknowledgements';

/** What can be said of a NAT instance. */
export interface NatInstanceOptions {
  /**
   * The instance type. What it can carry is its network bandwidth: 5 Gbit/s in bursts for a t4g.nano.
   *
   * @default t4g.nano
   */
  readonly instanceType?: InstanceType;
}

/**
 * How the private tier reaches the internet. The public tier always does, the isolated tier never.
 *
 * Changing it later is safe: it changes the default route of the private subnets and adds or removes what stands behind
 * it; no subnet is replaced. Connections that are open at that moment are cut.
 */
export class Egress {
  /** Not at all, and AWS services other than S3 and DynamoDB are out of reach too. For what computes and stores only. */
  public static none(): Egress {
    return new Egress('none', () => undefined, 0);
  }

  /**
   * Not at all; AWS services are reached through interface endpoints (RU-083).
   *
   * @param sets the services that are needed, by default those of a Fargate task
   */
  public static endpointsOnly(...sets: EndpointSet[]): Egress {
    return new Egress('endpoints only', () => undefined, 0, sets.length > 0 ? sets : [EndpointSet.FARGATE]);
  }

  /** Through one NAT gateway in the first zone: when that zone fails, all private subnets lose the internet (CA-104). */
  public static single(): Egress {
    return new Egress('single NAT gateway', () => NatProvider.gateway(), 1);
  }

  /** Through one NAT gateway per zone: a zone that fails takes no other with it, and no traffic crosses zones (CA-122). */
  public static perAz(): Egress {
    return new Egress('one NAT gateway per zone', () => NatProvider.gateway(), Infinity);
  }

  /** Through one regional NAT gateway, which AWS spreads over the zones that have traffic. It needs no public subnet. */
  public static regional(): Egress {
    return new Egress('regional NAT gateway', () => NatProvider.regionalGateway(), 1);
  }

  /**
   * Through one small EC2 instance in the first zone: the cheapest, and yours to patch and to watch. It is replaced when
   * AWS publishes a newer Amazon Linux 2023 and the stack is deployed again.
   */
  public static instance(options: NatInstanceOptions = {}): Egress {
    const instanceType = options.instanceType ?? InstanceType.of(InstanceClass.T4G, InstanceSize.NANO);
    return new Egress(
      'NAT instance',
      () =>
        NatProvider.instanceV2({
          instanceType,
          associatePublicIpAddress: true, // the public subnets themselves hand out none
          defaultAllowedTraffic: NatTrafficDirection.OUTBOUND_ONLY,
        }),
      1,
    );
  }

  private constructor(
    /** What messages and reports call it. */
    public readonly description: string,
    /** @internal */
    public readonly _provider: () => NatProvider | undefined,
    /** @internal How many NAT gateways or instances at most. */
    public readonly _count: number,
    /** @internal The sets that this choice brings along. */
    public readonly _endpoints: EndpointSet[] = [],
  ) {}

  /** Whether the private tier reaches the internet. */
  public get reachesInternet(): boolean {
    return this._count > 0;
  }

  /** @internal Finishes what CDK leaves open on NAT instances: who may use them, and how they are hardened. */
  public _harden(cidr: string, provider?: NatProvider): void {
    if (!(provider instanceof NatInstanceProviderV2)) return;
    for (const port of [Port.allTcp(), Port.allUdp(), Port.allIcmp()])
      provider.connections.allowFrom(Peer.ipv4(cidr), port, 'The network');
    for (const { instance } of provider.gatewayInstances) {
      instance.metadataOptions = { httpTokens: 'required', httpPutResponseHopLimit: 1 };
      instance.monitoring = true;
      instance.blockDeviceMappings = [
        { deviceName: '/dev/xvda', ebs: { encrypted: true, volumeType: 'gp3', deleteOnTermination: true } },
      ];
      acknowledgeNatInstance(instance);
    }
  }

  /** @internal The ids of the NAT gateways, by zone. */
  public static _gatewaysOf(provider?: NatProvider): string[] {
    const isGateway = provider instanceof NatGatewayProvider || provider instanceof RegionalNatGatewayProvider;
    return isGateway ? provider.configuredGateways.map(({ gatewayId }) => gatewayId) : [];
  }
}
