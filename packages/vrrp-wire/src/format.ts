// One line of text for an advertisement, in tcpdump's words, and for an issue. For logs, tools and test output.
// Passwords are never shown.
import type { Advertisement } from './advertisement.js';
import { advertisementLength } from './advertisement.js';
import { assertNever } from './issue.js';
import type { DecodeIssue } from './issue.js';

const AUTH_NAMES = ['none', 'simple', 'ah'] as const;

/** `VRRPv3, Advertisement, vrid 75, prio 200, intvl 100cs, length 12, addrs: 10.9.0.75`. */
export function formatAdvertisement(value: Advertisement): string {
  const parts = [`VRRPv${value.version}`, 'Advertisement', `vrid ${value.vrid}`, `prio ${value.priority}`];
  if (value.version === 2) parts.push(`authtype ${AUTH_NAMES[value.authType]}`, `intvl ${value.advertiseInterval}s`);
  else parts.push(`intvl ${value.maxAdvertiseInterval}cs`);
  parts.push(`length ${advertisementLength(value)}`);
  if (value.addresses.length > 0) parts.push(`addrs: ${value.addresses.join(' ')}`);
  return parts.join(', ');
}

/** `checksum 0x755e, expected 0x755d (bytes 6-7, RFC 9568 §5.2.8)`. */
export function formatIssue(issue: DecodeIssue): string {
  return `${describe(issue)} (${formatPlace(issue)}, ${issue.section})`;
}

function formatPlace({ offset, length }: DecodeIssue): string {
  if (length === 0) return `behind byte ${offset}`;
  return length === 1 ? `byte ${offset}` : `bytes ${offset}-${offset + length - 1}`;
}

function describe(issue: DecodeIssue): string {
  switch (issue.kind) {
    case 'truncated':
      return `truncated: ${issue.received} of ${issue.expected} bytes`;
    case 'trailing-bytes':
      return `${issue.received - issue.expected} bytes too many: ${issue.received} instead of ${issue.expected}`;
    case 'padding':
      return `${issue.received - issue.expected} bytes of Ethernet padding behind the message`;
    case 'unsupported-version':
      return `version ${issue.version} is neither 2 nor 3`;
    case 'unsupported-type':
      return `type ${issue.type} is not 1, an advertisement`;
    case 'version-family':
      return `version ${issue.version} does not exist over IPv${issue.family}`;
    case 'vrid-zero':
      return 'vrid 0 is not in 1..255';
    case 'unknown-auth-type':
      return `authentication type ${issue.authType} is not 0, 1 or 2`;
    case 'bad-checksum':
      return `checksum ${formatHex(issue.received)}, expected ${formatHex(issue.expected)}`;
    case 'reserved-bits':
      return `reserved bits are ${formatHex(issue.value, 1)} instead of 0`;
    case 'no-addresses':
      return 'lists no address';
    case 'interval-zero':
      return 'advertisement interval is 0';
    case 'unexpected-value':
      return `${issue.field} is ${issue.received}, expected ${issue.expected}`;
    case 'not-gratuitous':
      return `${issue.sender} asks for ${issue.target}: not an announcement`;
    case 'unsupported-link-type':
      return `link type ${issue.linkType} is not read`;
    case 'fragment':
      return `fragment at offset ${issue.fragmentOffset}${issue.moreFragments ? ', more follow' : ''}`;
    default:
      return assertNever(issue);
  }
}

function formatHex(value: number, digits = 4): string {
  return `0x${value.toString(16).padStart(digits, '0')}`;
}
