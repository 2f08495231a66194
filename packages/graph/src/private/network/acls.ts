import type { TemplateResource } from '../assembly/template';
import { alternatives, booleanOf, numberOf, stringOf, textOf, unknownIn } from '../evaluation/value';
import type { Model } from '../model';
import { Block, EVERYWHERE, Family, blockOf, common, contains } from './addresses';
import { isOfVpc } from './peers';
import { ALL_PORTS, Ports, commonPorts, portsOf, without } from './ports';
import type { Direction } from './security-groups';

/** One entry of a network ACL. */
export interface AclEntry {
  readonly direction: Direction;
  readonly number: number;
  readonly allows: boolean;
  readonly family: Family;
  readonly cidr: string;
  /** Whether the block is the IPv6 block of a VPC itself: AWS assigns it, so that nobody of the internet stands in it. */
  readonly isOwnBlock: boolean;
  readonly ports: Ports;
  /** Why the entry may not be there, or may be another one. */
  readonly doubts: readonly string[];
}

export interface Acl {
  /** The VPC's default one, as it was made: it admits everything. */
  readonly isDefault: boolean;
  /** By number: the first entry that matches decides, and without one a packet is dropped. */
  readonly entries: readonly AclEntry[];
}

/** A part of what was asked for that an ACL lets through. */
export interface Admitted {
  readonly ports: Ports;
  readonly block: Block;
  readonly doubts: readonly string[];
}

const ENTRY = 'AWS::EC2::NetworkAclEntry';

/** The ACL that a subnet is associated with. */
export function readAcl(model: Model, subnet: TemplateResource): Acl {
  const associations = model.naming(subnet, 'AWS::EC2::SubnetNetworkAclAssociation', 'SubnetId');
  if (associations.length === 0) return defaultAcl(model, subnet);
  const [{ resource, doubts }] = associations;
  const [named] = model.named(resource, 'NetworkAclId', 'AWS::EC2::NetworkAcl');
  const open = [...doubts, ...(named?.doubts ?? [])];
  if (!named || open.length > 0) {
    const acl = named?.resource.path ?? textOf(model.property(resource, 'NetworkAclId'));
    return { isDefault: false, entries: anything(named ? open : [`the entries of ${acl} are not in this assembly`]) };
  }
  return { isDefault: false, entries: entriesOf(model, named.resource, '') };
}

/** It starts with one entry that allows everything, and may be given others. */
function defaultAcl(model: Model, subnet: TemplateResource): Acl {
  const vpc = model.referred(subnet, 'VpcId');
  const added = vpc ? entriesOf(model, vpc, 'DefaultNetworkAcl') : [];
  const isDefault = added.length === 0;
  return { isDefault, entries: isDefault ? [] : [...added, ...anything([])].sort(inOrder) };
}

function entriesOf(model: Model, acl: TemplateResource, attribute: string): AclEntry[] {
  const isThis = (entry: TemplateResource) => {
    const id = model.property(entry, 'NetworkAclId');
    return attribute === '' || (id?.kind === 'reference' && id.attribute === attribute);
  };
  return model
    .naming(acl, ENTRY, 'NetworkAclId')
    .filter(({ resource }) => isThis(resource))
    .flatMap(({ resource, doubts }) => entryOf(model, resource, doubts))
    .sort(inOrder);
}

function inOrder(a: AclEntry, b: AclEntry): number {
  return a.direction.localeCompare(b.direction) || a.number - b.number;
}

function anything(doubts: readonly string[]): AclEntry[] {
  return (['in', 'out'] as const).flatMap((direction) =>
    ([4, 6] as const).map((family) => ({
      direction,
      number: 100,
      allows: true,
      family,
      cidr: EVERYWHERE[family],
      isOwnBlock: false,
      ports: ALL_PORTS,
      doubts,
    })),
  );
}

/** The entries that a resource may be: one, where no condition decides. */
function entryOf(model: Model, entry: TemplateResource, why: readonly string[]): AclEntry[] {
  const property = (name: string) => model.property(entry, name);
  const { ports, doubts } = portsOf(property('Protocol'), property('PortRange.From'), property('PortRange.To'));
  const egress = property('Egress');
  const number = property('RuleNumber');
  const open = [egress, number].flatMap((value) => unknownIn(value)?.why ?? []);
  const directions: Direction[] = unknownIn(egress) ? ['in', 'out'] : [booleanOf(egress) ? 'out' : 'in'];
  const actions = alternatives(property('RuleAction')).flatMap(({ value, doubts: unsure }) =>
    (value.kind === 'unknown' ? [true, false] : [stringOf(value) === 'allow']).map((allows) => ({ allows, unsure })),
  );
  const family: Family = property('CidrBlock') ? 4 : 6;
  return alternatives(property(family === 4 ? 'CidrBlock' : 'Ipv6CidrBlock')).flatMap((cidr) =>
    directions.flatMap((direction) =>
      actions.map(({ allows, unsure }) => ({
        direction,
        number: numberOf(number) ?? 0,
        allows,
        family,
        cidr: textOf(cidr.value),
        isOwnBlock: family === 6 && isOfVpc(cidr.value),
        ports,
        doubts: [...new Set([...why, ...doubts, ...open, ...unsure, ...cidr.doubts])],
      })),
    ),
  );
}

/**
 * The parts of `wanted` that get through, to or from at least one address of the other side: an entry for a part of the
 * block lets that part through when it allows, and leaves the rest when it denies.
 */
export function admitted(acl: Acl, direction: Direction, other: Block, wanted: Ports): Admitted[] {
  if (acl.isDefault) return [{ ports: wanted, block: other, doubts: [] }];
  let left: { readonly ports: Ports; readonly doubts: readonly string[] }[] = [{ ports: wanted, doubts: [] }];
  const open: Admitted[] = [];
  for (const entry of acl.entries) {
    if (entry.direction !== direction || entry.family !== other.family || entry.isOwnBlock) continue;
    const block = blockOf(entry.cidr);
    const part = block ? common(block, other) : other;
    if (!part) continue;
    const doubts = block ? entry.doubts : [...entry.doubts, `"${entry.cidr}" is known when it is deployed`];
    if (entry.allows)
      for (const rest of left) {
        const ports = commonPorts(rest.ports, entry.ports);
        if (ports) open.push({ ports, block: part, doubts: [...new Set([...rest.doubts, ...doubts])] });
      }
    if (doubts.length > 0) left = entry.allows ? left : doubted(left, entry.ports, doubts);
    else if (block && contains(block, other))
      left = left.flatMap(({ ports, doubts: earlier }) =>
        without(ports, entry.ports).map((rest) => ({ ports: rest, doubts: earlier })),
      );
  }
  return open;
}

/** What an entry denies that may not be there: it is open, in doubt. */
function doubted(
  left: readonly { readonly ports: Ports; readonly doubts: readonly string[] }[],
  denied: Ports,
  why: readonly string[],
) {
  return left.flatMap(({ ports, doubts }) => {
    const hit = commonPorts(ports, denied);
    const rest = without(ports, denied).map((part) => ({ ports: part, doubts }));
    return hit ? [{ ports: hit, doubts: [...doubts, ...why] }, ...rest] : rest;
  });
}
