import { CfnElement, Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { synthesized } from '../synthesized';
import type { TemplateJson } from '../template';
import { AclReading, readAcl } from './acl';
import { OpenPort, readPorts } from './ports';
import { InternetReach, readReach } from './reach';
import { Resources } from './resources';
import { RouteReading, readRoutes } from './route';
import { SubnetReading, readSubnets } from './subnet';

/** A subnet or a security group: by its reading, its logical id, or the construct that made it. */
export type Named = string | { readonly logicalId: string } | IConstruct;

/**
 * What a template says about its network, in the words of someone who asks who reaches whom.
 *
 *     const network = NetworkReading.of(stack);
 *     for (const subnet of network.subnetsOf('private')) expect(network.reachesInternet(subnet)).toBe('out');
 *
 * A first reading: one template, no references into other stacks.
 */
export class NetworkReading {
  /** Reads the template that a stack synthesizes to. */
  public static of(stack: Stack): NetworkReading {
    return new NetworkReading(synthesized(stack)[0].template);
  }

  /** Reads a template, such as `Template.fromStack(stack).toJSON()`. */
  public static ofTemplate(template: TemplateJson): NetworkReading {
    return new NetworkReading(template);
  }

  /** In the order of the template. */
  public readonly subnets: SubnetReading[];
  private readonly resources: Resources;

  private constructor(template: TemplateJson) {
    this.resources = new Resources(template);
    this.subnets = readSubnets(this.resources);
  }

  /** The subnets of a tier. Asking for one that is not there is an error: a loop over nothing would prove nothing. */
  public subnetsOf(tier: string): SubnetReading[] {
    const subnets = this.subnets.filter((subnet) => subnet.tier === tier);
    if (subnets.length) return subnets;
    const tiers = [...new Set(this.subnets.map((subnet) => subnet.tier))].join(', ');
    throw new Error(`There is no subnet in tier "${tier}"; the template has: ${tiers || 'no subnets at all'}.`);
  }

  /** Where a subnet sends traffic, gateway endpoints included. */
  public routesOf(subnet: Named): RouteReading[] {
    return readRoutes(this.resources, this.existing(subnet, 'AWS::EC2::Subnet'));
  }

  /** How far the routes of a subnet reach. */
  public reachesInternet(subnet: Named): InternetReach {
    return readReach(this.resources, this.existing(subnet, 'AWS::EC2::Subnet'));
  }

  /** The network ACL of a subnet. */
  public aclOf(subnet: Named): AclReading {
    return readAcl(this.resources, this.existing(subnet, 'AWS::EC2::Subnet'));
  }

  /** The rules of a security group, both directions. */
  public openPorts(securityGroup: Named): OpenPort[] {
    return readPorts(this.resources, this.existing(securityGroup, 'AWS::EC2::SecurityGroup'));
  }

  /** The logical ids of all resources of a type. */
  public idsOf(type: string): string[] {
    return this.resources.ofType(type).map(({ id }) => id);
  }

  private existing(named: Named, type: string): string {
    const id = idOf(named);
    const found = this.resources.byId(id);
    if (found?.type === type) return id;
    throw new Error(`${id} is ${found ? `a ${found.type}` : 'not in the template'}; expected a ${type}.`);
  }
}

function idOf(named: Named): string {
  if (typeof named === 'string') return named;
  if ('logicalId' in named && typeof named.logicalId === 'string' && !('node' in named)) return named.logicalId;
  const { node } = named as IConstruct;
  const element = [named as IConstruct, node.defaultChild].find(
    (candidate): candidate is CfnElement => candidate !== undefined && CfnElement.isCfnElement(candidate),
  );
  if (!element) throw new Error(`${node.path} is no resource of its own: ask for it by its logical id.`);
  return element.stack.resolve(element.logicalId) as string;
}
