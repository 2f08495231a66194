/** An IPv4 block as numbers. */
export interface Block {
  readonly address: number;
  readonly prefix: number;
}

/** Reads `10.0.0.0/16`; undefined when it is not an IPv4 block in CIDR notation. */
export function parseBlock(cidr: string): Block | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(cidr);
  if (!match) return undefined;
  const [a, b, c, d, prefix] = match.slice(1).map(Number);
  if ([a, b, c, d].some((octet) => octet > 255) || prefix > 32) return undefined;
  return { address: ((a << 24) | (b << 16) | (c << 8) | d) >>> 0, prefix };
}

export function formatBlock({ address, prefix }: Block): string {
  return `${[24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.')}/${prefix}`;
}

/** How many addresses a block holds. */
export function sizeOf(prefix: number): number {
  return 2 ** (32 - prefix);
}

/** The block that begins at the network address of this one: host bits cleared. */
export function networkOf({ address, prefix }: Block): Block {
  return { address: address - (address % sizeOf(prefix)), prefix };
}

export function overlap(a: Block, b: Block): boolean {
  return a.address < b.address + sizeOf(b.prefix) && b.address < a.address + sizeOf(a.prefix);
}
