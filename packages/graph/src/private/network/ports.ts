import { Value, numberOf, stringOf, textOf, unknownIn } from '../evaluation/value';

/** A range of ports of one protocol. */
export interface Ports {
  /** `tcp`, `udp`, `icmp`, `icmpv6`, a protocol number, or `all`. */
  readonly protocol: string;
  /** 0 to 65535; for `all` and ICMP the whole range, since they have no ports. */
  readonly first: number;
  readonly last: number;
}

const LAST = 65535;

export const ALL_PORTS: Ports = { protocol: 'all', first: 0, last: LAST };

/** What a client may have chosen for the answers. https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html#nacl-ephemeral-ports */
export function ephemeral({ protocol }: Ports): Ports {
  return protocol === 'tcp' || protocol === 'udp' || protocol === 'all'
    ? { protocol, first: 1024, last: LAST }
    : { protocol, first: 0, last: LAST };
}

/** The part of what arrives that is answered: of all protocols those that the answers may have. */
export function answeredBy(arriving: Ports, answers: Ports): Ports {
  return arriving.protocol === 'all' ? { ...arriving, protocol: answers.protocol } : arriving;
}

export function tcp(port: number): Ports {
  return { protocol: 'tcp', first: port, last: port };
}

const NUMBERS: Readonly<Record<string, string>> = { '-1': 'all', '1': 'icmp', '6': 'tcp', '17': 'udp', '58': 'icmpv6' };

/** The ports of a rule, and what is not known about them: then they count as wide as they may be. */
export interface RulePorts {
  readonly ports: Ports;
  readonly doubts: readonly string[];
}

/** The ports of a rule of a security group or an ACL, from the properties that say them. */
export function portsOf(protocol: Value | undefined, from: Value | undefined, to: Value | undefined): RulePorts {
  const open = [protocol, from, to].flatMap((value) =>
    value === undefined || stringOf(value) !== undefined
      ? []
      : [unknownIn(value)?.why ?? `the port ${textOf(value)} is known when it is deployed`],
  );
  const doubts = [...new Set(open)];
  const said = (stringOf(protocol) ?? '-1').toLowerCase();
  const name = NUMBERS[said] ?? said;
  if (name !== 'tcp' && name !== 'udp') return { ports: { protocol: name, first: 0, last: LAST }, doubts };
  const first = Math.max(numberOf(from) ?? 0, 0);
  // -1 stands for all of them, and so does a rule that names none
  const isOpen = to === undefined ? numberOf(from) === undefined : (numberOf(to) ?? -1) === -1;
  const last = isOpen ? LAST : (numberOf(to) ?? first);
  return { ports: { protocol: name, first, last }, doubts };
}

/** What two ranges have in common. */
export function commonPorts(a: Ports, b: Ports): Ports | undefined {
  if (a.protocol !== b.protocol && a.protocol !== 'all' && b.protocol !== 'all') return undefined;
  const protocol = a.protocol === 'all' ? b.protocol : a.protocol;
  const [first, last] = [Math.max(a.first, b.first), Math.min(a.last, b.last)];
  return first <= last ? { protocol, first, last } : undefined;
}

/** The protocols that a range of all protocols falls into when a part of one is taken out; rarer ones are left out. */
const COMMON_PROTOCOLS: readonly string[] = ['tcp', 'udp', 'icmp', 'icmpv6'];

/** What is left of a range without another one. */
export function without(range: Ports, taken: Ports): Ports[] {
  if (range.protocol === 'all' && taken.protocol !== 'all')
    return COMMON_PROTOCOLS.flatMap((protocol) => without({ ...range, protocol }, taken));
  const shared = commonPorts(range, taken);
  if (!shared) return [range];
  const parts = [
    { ...range, last: shared.first - 1 },
    { ...range, first: shared.last + 1 },
  ];
  return parts.filter(({ first, last }) => first <= last);
}

/** `443/tcp`, `1024-65535/udp`, `icmp`, `all`. */
export function portText({ protocol, first, last }: Ports): string {
  if (first === 0 && last === LAST) return protocol === 'tcp' || protocol === 'udp' ? `all/${protocol}` : protocol;
  const range = first === last ? `${first}` : `${first}-${last}`;
  return protocol === 'all' ? range : `${range}/${protocol}`;
}
