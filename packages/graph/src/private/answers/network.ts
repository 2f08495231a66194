import type { NetworkAclEntry, Packet, SecurityGroupRule } from '../../open-port';
import { Acl, AclEntry, admitted } from '../network/acls';
import { blockOf } from '../network/addresses';
import { peerText } from '../network/peers';
import { portText } from '../network/ports';
import type { GroupRule } from '../network/security-groups';

export function ruleOf({ direction, ports, peer, description, writtenIn, doubts }: GroupRule): SecurityGroupRule {
  return { direction, ports: portText(ports), peer: peerText(peer), description, writtenIn, unknowns: [...doubts] };
}

export function aclEntryOf({ direction, number, allows, cidr, ports, doubts }: AclEntry): NetworkAclEntry {
  const action = allows ? 'allow' : 'deny';
  return { direction, ruleNumber: number, action, cidr, ports: portText(ports), unknowns: [...doubts] };
}

export function aclAdmits(acl: Acl, { direction, protocol, port, address }: Packet): boolean {
  const other = blockOf(address);
  if (!other)
    throw new Error(
      `Packet address "${address}" is no IP address: give one such as "10.0.0.1", or a block such as "10.0.0.0/16".`,
    );
  if (direction !== 'in' && direction !== 'out')
    throw new Error(`Packet direction "${direction}" must be "in" or "out".`);
  return admitted(acl, direction, other, { protocol, first: port, last: port }).length > 0;
}
