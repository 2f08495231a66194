import { isIP } from 'node:net';

export type Family = 4 | 6;

/** Everywhere, as a source or a destination. */
export const EVERYWHERE: Readonly<Record<Family, string>> = { 4: '0.0.0.0/0', 6: '::/0' };

/** A block of addresses. */
export interface Block {
  readonly family: Family;
  readonly first: bigint;
  readonly last: bigint;
  /** As it was written. */
  readonly text: string;
}

/** Reads `10.0.0.0/16` or `2001:db8::/32`; undefined for anything else. */
export function blockOf(cidr: string): Block | undefined {
  const [address, size = ''] = cidr.trim().split('/');
  const family = isIP(address);
  if (family === 0) return undefined;
  const bits = family === 4 ? 32 : 128;
  const prefix = size === '' ? bits : Number(size);
  if (!Number.isInteger(prefix) || prefix < 0 || prefix > bits) return undefined;
  const host = BigInt(bits - prefix);
  const number = family === 4 ? numberOf4(address) : numberOf6(address);
  const first = (number >> host) << host;
  return { family: family as Family, first, last: first + (1n << host) - 1n, text: cidr.trim() };
}

export function contains(outer: Block, inner: Block): boolean {
  return outer.family === inner.family && outer.first <= inner.first && inner.last <= outer.last;
}

/** What two blocks have in common: of two that overlap, one lies within the other. */
export function common(a: Block, b: Block): Block | undefined {
  if (contains(a, b)) return b;
  return contains(b, a) ? a : undefined;
}

/**
 * What is not routed on the internet: https://www.iana.org/assignments/iana-ipv4-special-registry and
 * https://www.iana.org/assignments/iana-ipv6-special-registry, the entries that are not globally reachable.
 */
const NOT_PUBLIC: readonly Block[] = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
  ...['192.0.0.0/24', '192.0.2.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'],
  ...[
    '224.0.0.0/4',
    '240.0.0.0/4',
    '::/127',
    '::ffff:0:0/96',
    '100::/64',
    '2001:db8::/32',
    'fc00::/7',
    'fe80::/10',
    'ff00::/8',
  ],
].map((cidr) => blockOf(cidr) as Block);

/** Documentation blocks stand for public addresses in everybody's examples: they are public here. */
const DOCUMENTATION = new Set(
  ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '2001:db8::/32'].map((cidr) => key(blockOf(cidr) as Block)),
);

const PRIVATE = NOT_PUBLIC.filter((block) => !DOCUMENTATION.has(key(block)));

/** Whether a block holds an address of the internet. */
export function isPublic(block: Block): boolean {
  let next = block.first;
  // walk over the private blocks that cover the block without a gap
  for (;;) {
    const cover = PRIVATE.find(
      (hidden) => hidden.family === block.family && hidden.first <= next && next <= hidden.last,
    );
    if (!cover) return true;
    if (cover.last >= block.last) return false;
    next = cover.last + 1n;
  }
}

/** `Fn::Cidr` for a literal IPv4 block: the first `count` subnets with `bits` host bits. */
export function subnetsOfBlock(
  cidr: string | undefined,
  count: number | undefined,
  bits: number | undefined,
): string[] | undefined {
  const block = cidr === undefined ? undefined : blockOf(cidr);
  if (!block || block.family !== 4 || count === undefined || bits === undefined) return undefined;
  const size = 1n << BigInt(bits);
  return Array.from({ length: count }, (_, index) => block.first + size * BigInt(index))
    .filter((first) => first + size - 1n <= block.last)
    .map((first) => `${textOf4(first)}/${32 - bits}`);
}

function key({ family, first, last }: Block): string {
  return `${family}:${first}-${last}`;
}

function numberOf4(address: string): bigint {
  return address.split('.').reduce((sum, part) => (sum << 8n) + BigInt(part), 0n);
}

function textOf4(number: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (number >> shift) & 255n).join('.');
}

function numberOf6(address: string): bigint {
  const mapped = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(address);
  if (mapped) {
    const low = numberOf4(mapped[2]);
    return numberOf6(`${mapped[1]}${(low >> 16n).toString(16)}:${(low & 65535n).toString(16)}`);
  }
  const [head, tail] = address.split('::').map((side) => (side ? side.split(':') : []));
  const groups = tail ? [...head, ...Array<string>(8 - head.length - tail.length).fill('0'), ...tail] : head;
  return groups.reduce((sum, group) => (sum << 16n) + BigInt(`0x${group}`), 0n);
}
