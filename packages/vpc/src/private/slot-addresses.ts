import {
  AllocateCidrRequest,
  AllocateIpv6CidrRequest,
  AllocateVpcIpv6CidrRequest,
  CfnVPCCidrBlock,
  CreateIpv6CidrBlocksRequest,
  IIpAddresses,
  IIpv6Addresses,
  Ipv6Addresses,
  SubnetIpamOptions,
  VpcIpamOptions,
} from 'aws-cdk-lib/aws-ec2';
import { Fn } from 'aws-cdk-lib/core';
import { formatBlock, parseBlock, sizeOf } from './cidr';

/** A /56 holds 256 blocks of /64. Always asked for in full: the count stands in the template of every subnet. */
const IPV6_BLOCKS = 256;

/**
 * Gives every subnet the address of its slot: tier × zoneSlots + zone. A slot that nobody uses stays free, so a new
 * zone or a new tier takes a free one and moves nobody. (`ec2.IpAddresses` counts the subnets that there are, which is
 * how adding a zone renumbers: aws-cdk #6683.)
 */
export class SlotAddresses implements IIpAddresses, IIpv6Addresses {
  public readonly amazonProvided = true;
  /** What has to stand before anything can ask for the network's IPv6 block. */
  public ipv6Block?: CfnVPCCidrBlock;
  private readonly base: number;
  private slots: number[] = [];

  constructor(
    private readonly cidr: string,
    private readonly zoneSlots: number,
    private readonly subnetMask: number,
  ) {
    this.base = parseBlock(cidr)!.address;
  }

  public allocateVpcCidr(): VpcIpamOptions {
    return { cidrBlock: this.cidr };
  }

  public allocateSubnetsCidr({ requestedSubnets }: AllocateCidrRequest): SubnetIpamOptions {
    const tiers = [...new Set(requestedSubnets.map(({ configuration }) => configuration.name))];
    const zonesOf = new Map<string, number>();
    this.slots = requestedSubnets.map(({ configuration: { name } }) => {
      const zone = zonesOf.get(name) ?? 0;
      zonesOf.set(name, zone + 1);
      return tiers.indexOf(name) * this.zoneSlots + zone;
    });
    return {
      allocatedSubnets: this.slots.map((slot) => ({
        cidr: formatBlock({ address: this.base + slot * sizeOf(this.subnetMask), prefix: this.subnetMask }),
      })),
    };
  }

  public allocateVpcIpv6Cidr(input: AllocateVpcIpv6CidrRequest): CfnVPCCidrBlock {
    this.ipv6Block = Ipv6Addresses.amazonProvided().allocateVpcIpv6Cidr(input);
    return this.ipv6Block;
  }

  public createIpv6CidrBlocks({ ipv6SelectedCidr }: CreateIpv6CidrBlocksRequest): string[] {
    const blocks = Fn.cidr(ipv6SelectedCidr, IPV6_BLOCKS, '64');
    return this.slots.map((slot) => Fn.select(slot, blocks));
  }

  public allocateSubnetsIpv6Cidr({ allocatedSubnets, ipv6Cidrs }: AllocateIpv6CidrRequest): SubnetIpamOptions {
    return { allocatedSubnets: allocatedSubnets.map(({ cidr }, i) => ({ cidr, ipv6Cidr: ipv6Cidrs[i] })) };
  }
}
