// Routing tables, scopes, protocols and traffic classes by number or by one of the names every machine has (ip-route(8);
// rt_tables, rt_scopes, rt_protos, rt_dsfield).
// COMPAT: names that only this machine's files know are refused here, and accepted by keepalived.

/** Decimal, hexadecimal or octal, as strtoul(3) with base 0 takes them. */
export function isNumber(text: string, max: number): boolean {
  return /^(?:0[xX][0-9a-fA-F]{1,8}|\d{1,10})$/.test(text) && Number(text) <= max;
}

/** A sign is let through, as strtoul(3) lets it. */
export function isKnownTable(text: string): boolean {
  return isNumber(text.replace(/^[+-]/, ''), 0xffff_ffff) || TABLES.has(text);
}

export function isKnownScope(text: string): boolean {
  return isNumber(text, 255) || SCOPES.has(text);
}

export function isKnownProtocol(text: string): boolean {
  return isNumber(text, 255) || PROTOCOLS.has(text);
}

/** By name only: the number is checked where it stands. */
export function isKnownDsfield(text: string): boolean {
  return text === 'default' || /^(?:AF[1-4][1-3]|CS[1-7]|EF)$/.test(text);
}

const TABLES: ReadonlySet<string> = new Set(['local', 'main', 'default', 'unspec']);
const SCOPES: ReadonlySet<string> = new Set(['global', 'site', 'link', 'host', 'nowhere']);
const PROTOCOLS: ReadonlySet<string> = new Set(
  'unspec redirect kernel boot static gated ra mrt zebra bird dnrouted xorp ntk dhcp keepalived babel bgp isis ospf rip eigrp'.split(
    ' ',
  ),
);
