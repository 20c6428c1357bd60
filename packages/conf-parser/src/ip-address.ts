// IP addresses in text: what inet_pton(3) takes, no more (no octal, no short forms, no zone). Kept as text in
// canonical form; the bytes are the wire package's business.

export interface IpAddress {
  readonly family: 4 | 6;
  /** IPv4 as written; IPv6 in RFC 5952 form. */
  readonly text: string;
  /** Four or eight groups. */
  readonly groups: readonly number[];
}

export function parseIpAddress(text: string): IpAddress | undefined {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text);
}

export function parseIpv4(text: string): IpAddress | undefined {
  const groups = ipv4Groups(text);
  return groups === undefined ? undefined : { family: 4, text, groups };
}

/** inet_pton(3): four numbers up to 255, without leading zeros. */
function ipv4Groups(text: string): number[] | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  const groups: number[] = [];
  for (const part of parts) {
    const group = decimalByte(part);
    if (group === undefined) return undefined;
    groups.push(group);
  }
  return groups;
}

function decimalByte(text: string): number | undefined {
  if (text.length === 0 || text.length > 3 || (text.length > 1 && text.charCodeAt(0) === ZERO)) return undefined;
  let value = 0;
  for (let at = 0; at < text.length; at += 1) {
    const digit = text.charCodeAt(at) - ZERO;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  return value <= 255 ? value : undefined;
}

export function parseIpv6(text: string): IpAddress | undefined {
  const groups = ipv6Groups(text);
  return groups === undefined ? undefined : { family: 6, text: formatIpv6(groups), groups };
}

/** 224.0.0.0/4 or ff00::/8. */
export function isMulticast(address: IpAddress): boolean {
  const first = address.groups[0] ?? 0;
  return address.family === 4 ? first >= 224 && first <= 239 : first >> 8 === 0xff;
}

/** fe80::/10. */
export function isLinkLocal(address: IpAddress): boolean {
  return address.family === 6 && ((address.groups[0] ?? 0) & 0xffc0) === 0xfe80;
}

/** IPv4 with the bits beyond the prefix all set or all clear: keepalived's `brd +` and `brd -`. */
export function broadcastOf(address: IpAddress, prefix: number, hostBits: 0 | 1): string {
  const value = address.groups.reduce((sum, group) => sum * 256 + group, 0);
  const size = 2 ** (32 - prefix);
  const network = Math.floor(value / size) * size;
  const broadcast = network + (hostBits === 1 ? size - 1 : 0);
  return [24, 16, 8, 0].map((shift) => Math.floor(broadcast / 2 ** shift) % 256).join('.');
}

function ipv6Groups(text: string): number[] | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = sideGroups(halves[0] ?? '', halves.length === 1);
  const tail = halves[1] === undefined ? [] : sideGroups(halves[1], true);
  if (head === undefined || tail === undefined) return undefined;
  if (halves.length === 1) return head.length === 8 ? head : undefined;
  const missing = 8 - head.length - tail.length;
  return missing < 1 ? undefined : [...head, ...Array.from({ length: missing }, () => 0), ...tail];
}

/** The groups on one side of `::`; an IPv4 address may be the last of the whole. */
function sideGroups(side: string, last: boolean): number[] | undefined {
  if (side === '') return [];
  const groups: number[] = [];
  const parts = side.split(':');
  for (const [index, part] of parts.entries()) {
    const embedded = last && index === parts.length - 1 && part.includes('.') ? parseIpv4(part) : undefined;
    if (embedded !== undefined) {
      const [a = 0, b = 0, c = 0, d = 0] = embedded.groups;
      groups.push(a * 256 + b, c * 256 + d);
    } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return groups;
}

// RFC 5952 §4: lower case, no leading zeros, the longest run of zero groups (two at least, the first of equals) as `::`.
function formatIpv6(groups: readonly number[]): string {
  let bestStart = -1;
  let bestLength = 1;
  for (let start = 0; start < 8; start += 1) {
    let length = 0;
    while (start + length < 8 && groups[start + length] === 0) length += 1;
    if (length > bestLength) {
      bestStart = start;
      bestLength = length;
    }
  }
  // RFC 5952 §5: IPv4-mapped addresses show their IPv4 part.
  if (bestStart === 0 && bestLength === 5 && groups[5] === 0xffff) {
    const [high = 0, low = 0] = groups.slice(6);
    return `::ffff:${[high >> 8, high & 0xff, low >> 8, low & 0xff].join('.')}`;
  }
  if (bestStart === -1) return hexGroups(groups);
  return `${hexGroups(groups.slice(0, bestStart))}::${hexGroups(groups.slice(bestStart + bestLength))}`;
}

function hexGroups(groups: readonly number[]): string {
  return groups.map((group) => group.toString(16)).join(':');
}

const ZERO = 0x30;
