import { Environment, IMonitored, Mistakes, VitalSign } from '@groundplan/core';
import {
  GatewayVpcEndpoint,
  GatewayVpcEndpointAwsService,
  ISubnet,
  InterfaceVpcEndpoint,
  IpProtocol,
  NatInstanceProviderV2,
  NatProvider,
  NetworkAcl,
  RegionalNatGatewayProvider,
  SecurityGroup,
  SubnetSelection,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { LogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { Fn } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { Egress } from './egress';
import { EndpointSet } from './endpoint-set';
import { FlowLogs } from './flow-logs';
import { NetworkAcls } from './network-acls';
import { acknowledgeNetwork } from './private/acknowledgements';
import { presetAcl } from './private/acl-presets';
import { Layout, TIERS, checkNetwork, zonesFor } from './private/check-network';
import { DEFAULTS, FIXED, NetworkDefaults } from './private/defaults';
import { NamedEndpoint, interfaceEndpoints, servicesOf } from './private/interface-endpoints';
import { recordToCloudWatch, recordToS3 } from './private/record-flows';
import { SlotAddresses } from './private/slot-addresses';
import { strandedServices } from './private/stranded-services';
import { endpointSigns, natGatewaySigns, natInstanceSigns, rejectedFlowsSign } from './private/vital-signs';

/** A tier beside public, private and isolated. It takes one of the spare ones. */
export interface AdditionalTier {
  /** A PascalCase noun, such as `Cache`. It becomes part of logical ids. */
  readonly name: string;
  /** What its subnets reach: as the public, the private or the isolated tier. */
  readonly subnetType: SubnetType;
}

/** What a network is. Every prop may be left out. */
export interface NetworkProps {
  /**
   * The IPv4 block of the network, a /16 to a /28 (RU-084, IP-007). It never changes once the network stands.
   *
   * @default '10.0.0.0/16'; give each environment a block of its own, so that they can be connected one day
   */
  readonly cidr?: string;
  /**
   * In how many availability zones the network stands, 1 to `zoneSlots`. More can be added later; the first ones stay.
   *
   * @default by tier: 2, and 3 in production
   */
  readonly zones?: number;
  /**
   * How many zones the address plan has room for, 1 to 6. It never changes once the network stands.
   *
   * @default 4
   */
  readonly zoneSlots?: number;
  /**
   * How many tiers beyond the three the address plan has room for, 0 to 12.
   *
   * @default 2
   */
  readonly spareTiers?: number;
  /**
   * Tiers that take spare ones, in the order in which they were added: append to it, never reorder it.
   *
   * @default none
   */
  readonly additionalTiers?: AdditionalTier[];
  /**
   * The size of every subnet, /16 to /28. It never changes once the network stands.
   *
   * @default 24, which is 251 addresses
   */
  readonly subnetMask?: number;
  /**
   * How the private tier reaches the internet.
   *
   * @default by tier: `Egress.single()`, and `Egress.perAz()` in production
   */
  readonly egress?: Egress;
  /**
   * AWS services that the network reaches through interface endpoints, beside those that `egress` brings along.
   *
   * @default none: S3 and DynamoDB by gateway, the others through the internet
   */
  readonly endpoints?: EndpointSet[];
  /**
   * In how many zones each interface endpoint has an address, 1 to `zones`; each is charged by the hour. From the other zones it
   * is reached across zones, which is charged by the GB and gone with the zone.
   *
   * @default by tier: 1, and every zone in staging and production
   */
  readonly endpointZones?: number;
  /**
   * Where the record of all traffic goes.
   *
   * @default `FlowLogs.toCloudWatch()`, kept for 30 days, 60 in staging, 90 in production
   */
  readonly flowLogs?: FlowLogs;
  /**
   * Which network ACLs stand in front of the subnets.
   *
   * @default `NetworkAcls.AWS_DEFAULT`: security groups decide alone
   */
  readonly networkAcls?: NetworkAcls;
  /**
   * IPv6 beside IPv4, from a block that Amazon gives. The private tier reaches the internet over IPv6 through an
   * egress-only gateway.
   *
   * @default false, IPv4 only
   */
  readonly dualStack?: boolean;
  /**
   * Take the rules out of the VPC's default security group. CloudFormation cannot: CDK brings a Lambda function that does.
   *
   * @default false: nothing of groundplan uses that group, and it is left as AWS makes it
   */
  readonly closeDefaultSecurityGroup?: boolean;
}

/**
 * A network of three tiers over several zones, whose growth never renumbers: public (reaches the internet and is
 * reached), private (reaches out, is not reached) and isolated (neither).
 *
 * @example
 * import { Network } from '@groundplan/vpc';
 * import { App, Stack } from 'aws-cdk-lib';
 *
 * new Network(new Stack(new App(), 'Network'), 'Network', { cidr: '10.1.0.0/16' });
 */
export class Network extends Construct implements IMonitored {
  /** The VPC underneath. Other constructs take it: none of them asks for a `Network`. */
  public readonly vpc: Vpc;
  /** The IPv4 block. */
  public readonly cidr: string;
  /** How the private tier reaches the internet. */
  public readonly egress: Egress;
  /** The gateway endpoint of S3. */
  public readonly s3Endpoint: GatewayVpcEndpoint;
  /** The gateway endpoint of DynamoDB. */
  public readonly dynamoDbEndpoint: GatewayVpcEndpoint;
  /** The interface endpoints, in the order of their sets. */
  public readonly interfaceEndpoints: InterfaceVpcEndpoint[];
  /** The security group of the interface endpoints, where there are any. */
  public readonly endpointSecurityGroup?: SecurityGroup;
  /** The log group of the flow logs, where they go to CloudWatch. */
  public readonly flowLogGroup?: LogGroup;
  /** The bucket of the flow logs, where they go to S3. */
  public readonly flowLogBucket?: IBucket;
  private readonly defaults: NetworkDefaults;
  private readonly acls = new Map<string, NetworkAcl>();
  private readonly endpoints: NamedEndpoint[];
  private readonly natProvider?: NatProvider;
  private readonly rejectedFlows?: MetricFilter;

  constructor(scope: Construct, id: string, props: NetworkProps = {}) {
    super(scope, id);

    // 1. validate
    this.defaults = DEFAULTS[Environment.of(this).tier];
    const layout: Layout = {
      cidr: props.cidr ?? FIXED.cidr,
      zones: props.zones ?? this.defaults.zones,
      zoneSlots: props.zoneSlots ?? FIXED.zoneSlots,
      spareTiers: props.spareTiers ?? FIXED.spareTiers,
      subnetMask: props.subnetMask ?? FIXED.subnetMask,
    };
    const mistakes = new Mistakes(this, 'Network');
    checkNetwork(this, props, layout, mistakes);
    const zones = zonesFor(this, layout.zones, mistakes);
    mistakes.throwIfAny();

    // 2. the VPC and its subnets
    this.cidr = layout.cidr;
    this.egress = props.egress ?? Egress[this.defaults.egress]();
    this.natProvider = this.egress._provider();
    const tiers = [
      { name: TIERS[0], subnetType: SubnetType.PUBLIC },
      { name: TIERS[1], subnetType: SubnetType.PRIVATE_WITH_EGRESS },
      { name: TIERS[2], subnetType: SubnetType.PRIVATE_ISOLATED },
      ...(props.additionalTiers ?? []),
    ];
    const addresses = new SlotAddresses(layout.cidr, layout.zoneSlots, layout.subnetMask);
    this.vpc = new Vpc(this, 'Vpc', {
      ipAddresses: addresses,
      ipv6Addresses: props.dualStack ? addresses : undefined,
      ipProtocol: props.dualStack ? IpProtocol.DUAL_STACK : IpProtocol.IPV4_ONLY,
      availabilityZones: zones ?? firstZones(layout.zones),
      enableDnsHostnames: true,
      enableDnsSupport: true,
      natGateways: Math.min(this.egress._count, layout.zones),
      natGatewayProvider: this.natProvider,
      // A regional gateway stands in no subnet, and CDK warns when it is given one.
      natGatewaySubnets: this.natProvider instanceof RegionalNatGatewayProvider ? undefined : this.subnets(TIERS[0]),
      restrictDefaultSecurityGroup: props.closeDefaultSecurityGroup ?? false,
      subnetConfiguration: tiers.map((tier) => ({
        ...tier,
        mapPublicIpOnLaunch: tier.subnetType === SubnetType.PUBLIC ? false : undefined,
        // A balancer takes IPv6 addresses of its own; nothing else in a public subnet is to get one unasked.
        ipv6AssignAddressOnCreation: props.dualStack ? tier.subnetType !== SubnetType.PUBLIC : undefined,
      })),
    });
    this.egress._harden(layout.cidr, this.natProvider);

    // 3. fences
    if (props.networkAcls?._byTier)
      for (const tier of tiers) {
        const fenced = { ...tier, cidr: layout.cidr, ipv6Block: addresses.ipv6Block };
        this.acls.set(tier.name, presetAcl(this, this.vpc, fenced));
      }

    // 4. endpoints. Gateways stand in the routes of every tier that is not isolated.
    const open = tiers.filter(({ subnetType }) => subnetType !== SubnetType.PRIVATE_ISOLATED);
    const routed = open.map(({ name }) => ({ subnetGroupName: name }));
    const gateway = (name: string, service: GatewayVpcEndpointAwsService) =>
      new GatewayVpcEndpoint(this, name, { vpc: this.vpc, service, subnets: routed });
    this.s3Endpoint = gateway('S3Endpoint', GatewayVpcEndpointAwsService.S3);
    this.dynamoDbEndpoint = gateway('DynamoDbEndpoint', GatewayVpcEndpointAwsService.DYNAMODB);
    const services = servicesOf([...this.egress._endpoints, ...(props.endpoints ?? [])]);
    if (services.length > 0) {
      const inZones = props.endpointZones ?? (this.defaults.endpointsInAllZones ? layout.zones : 1);
      const subnets = this.vpc.selectSubnets(this.subnets(TIERS[1])).subnets.slice(0, inZones);
      const made = interfaceEndpoints(this, this.vpc, services, { cidr: layout.cidr, subnets });
      this.endpointSecurityGroup = made.securityGroup;
      this.endpoints = made.endpoints;
    } else this.endpoints = [];
    this.interfaceEndpoints = this.endpoints.map(({ endpoint }) => endpoint);

    // 5. records
    const { _cloudWatch: cloudWatch, _s3: s3 } = props.flowLogs ?? FlowLogs.toCloudWatch();
    if (cloudWatch) {
      const record = recordToCloudWatch(this, this.vpc, cloudWatch, this.defaults);
      this.flowLogGroup = record.logGroup;
      this.rejectedFlows = record.rejected;
    }
    if (s3) this.flowLogBucket = recordToS3(this, this.vpc, s3, this.defaults);

    // 6. what rules find and cannot be otherwise, and what can only be seen when all else stands
    acknowledgeNetwork(this.vpc, props);
    if (!this.egress.reachesInternet)
      this.node.addValidation({
        validate: () =>
          strandedServices(
            this.node.root,
            this.inward(),
            services.map((service) => service.shortName),
          ),
      });
  }

  /**
   * The subnets of a tier, as every `vpcSubnets` prop takes them.
   *
   * @param tier `Public`, `Private`, `Isolated` or the name of an additional one
   */
  public subnets(tier: string): SubnetSelection {
    return { subnetGroupName: tier };
  }

  /**
   * The network ACL of a tier, to add entries to: those made here are numbered from 100 in steps of 10.
   *
   * @param tier `Public`, `Private`, `Isolated` or the name of an additional one
   * @throws when the tier has none
   */
  public aclOf(tier: string): NetworkAcl {
    const acl = this.acls.get(tier);
    if (acl) return acl;
    const known = [...this.acls.keys()].join(', ') || 'none; use networkAcls: NetworkAcls.BY_TIER';
    throw new Error(
      `Network "${this.node.path}": tier must be one with a network ACL (${known}), got "${tier}"; name one of them`,
    );
  }

  /** What tells whether the network is well: NAT, rejected flows, endpoints. Listing them creates nothing. */
  public vitalSigns(): VitalSign[] {
    const instances = this.natProvider instanceof NatInstanceProviderV2 ? this.natProvider.gatewayInstances : [];
    return [
      ...natGatewaySigns(Egress._gatewaysOf(this.natProvider), this.defaults),
      ...natInstanceSigns(instances.map(({ instanceId }) => instanceId)),
      ...(this.rejectedFlows ? [rejectedFlowsSign(this.rejectedFlows)] : []),
      ...endpointSigns(this.vpc.vpcId, this.endpoints),
    ];
  }

  /** The subnets that are not reached from outside. */
  private inward(): ISubnet[] {
    return [...this.vpc.privateSubnets, ...this.vpc.isolatedSubnets];
  }
}

/** The first zones of whichever account this is deployed to, known only then. */
function firstZones(count: number): string[] {
  return Array.from({ length: count }, (_, i) => Fn.select(i, Fn.getAzs()));
}
