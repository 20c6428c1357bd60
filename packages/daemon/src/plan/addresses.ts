// virtual_ipaddress lines -> kernel addresses, pure (keepalived.conf(5), virtual_ipaddress; rt_scope numbers of Linux).
import type { VirtualIpAddress, VrrpInstance } from '@vrrp/conf-parser';
import { ipFamily } from '@vrrp/wire';
import type { DesiredAddress } from './desired.js';

const SCOPES: ReadonlyMap<string, number> = new Map([
  ['global', 0],
  ['site', 200],
  ['link', 253],
  ['host', 254],
  ['nowhere', 255],
]);
const IPV6_HOST_PREFIX = 128;

/** All addresses of an instance, advertised ones first, each with its link. */
export function planAddresses(instance: VrrpInstance, link: string): readonly DesiredAddress[] {
  const lines = [...instance.virtual_ipaddress, ...instance.virtual_ipaddress_excluded];
  return lines.map((line) => planAddress(line, link));
}

function planAddress(line: VirtualIpAddress, instanceLink: string): DesiredAddress {
  const family = ipFamily(line.address) ?? 4;
  const lifetime = preferredLifetime(line, family);
  return {
    kind: 'address',
    family,
    address: line.address,
    prefixLength: line.prefix,
    link: line.dev ?? instanceLink,
    scope: scopeNumber(line.scope),
    ...(line.brd === undefined ? {} : { broadcast: line.brd }),
    ...(line.label === undefined ? {} : { label: line.label }),
    ...(line.peer === undefined ? {} : { peer: line.peer }),
    noDad: family === 6 && line.nodad !== false,
    ...planFlags(line, family),
    ...(lifetime === undefined ? {} : { preferredLifetime: lifetime }),
    tracked: line.no_track !== true,
  };
}

/** Seen on keepalived 2.2.7: of IPv4 addresses the kernel keeps neither `home` nor `mngtmpaddr`. */
function planFlags(line: VirtualIpAddress, family: 4 | 6): Partial<DesiredAddress> {
  return {
    ...(line.home === true && family === 6 ? { homeAddress: true } : {}),
    ...(line.noprefixroute === true ? { noPrefixRoute: true } : {}),
    ...(line.mngtmpaddr === true && family === 6 ? { managesTemporary: true } : {}),
    ...(line.autojoin === true ? { autoJoin: true } : {}),
  };
}

/** keepalived.conf(5), "preferred_lft": an IPv6 /128 is deprecated (0) so that it is never chosen as a source. */
function preferredLifetime(line: VirtualIpAddress, family: 4 | 6): number | undefined {
  if (line.preferred_lft === 'forever') return undefined;
  if (line.preferred_lft !== undefined) return line.preferred_lft;
  return family === 6 && line.prefix === IPV6_HOST_PREFIX ? 0 : undefined;
}

function scopeNumber(text: string | undefined): number {
  if (text === undefined) return 0;
  return SCOPES.get(text) ?? Number(text);
}
