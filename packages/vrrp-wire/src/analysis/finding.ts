// What the analysis of a capture can find, as data, and as one line of text with what to check next. Passwords are
// compared, never shown.
import { assertNever } from '../issue.js';
import type { DecodeIssue } from '../issue.js';
import { formatIssue } from '../format.js';

/** The virtual router a finding is about: VLANs keep apart what merely shares a number. */
export interface VirtualRouterKey {
  readonly vrid: number;
  readonly family: 4 | 6;
  /** VLAN identifiers, outermost first. */
  readonly vlans: readonly number[];
}

/** Why another router became Master, as far as a listener can tell. */
export type TakeoverReason =
  /** The old Master sent priority 0. */
  | 'stopped'
  /** The old Master was not heard for longer than its interval. */
  | 'silent'
  /** The new Master is better and took over from one that still spoke. */
  | 'preempted'
  /** The new Master is no better and the old one still spoke: it did not hear it. */
  | 'unheard';

/** What all speakers of one virtual router should agree on. */
export type SharedSetting = 'addresses' | 'interval' | 'version' | 'authentication' | 'password' | 'checksum';

export type FindingBody =
  | { readonly kind: 'master-appeared'; readonly source: string; readonly priority: number }
  /** The same Master after it stopped or was silent for longer than a Backup waits; `gap` in microseconds. */
  | { readonly kind: 'master-returned'; readonly source: string; readonly gap: number }
  /** `gap`: microseconds from the old Master's last word to the new one's first. */
  | {
      readonly kind: 'takeover';
      readonly from: string;
      readonly to: string;
      readonly gap: number;
      readonly reason: TakeoverReason;
    }
  /** Two routers advertise at the same time. */
  | { readonly kind: 'two-masters'; readonly sources: readonly [string, string] }
  /** `lasted`: microseconds. */
  | { readonly kind: 'two-masters-ended'; readonly remaining: string; readonly lasted: number }
  | { readonly kind: 'stopped'; readonly source: string }
  | {
      readonly kind: 'differing';
      readonly setting: SharedSetting;
      readonly source: string;
      readonly value: string;
      readonly other: string;
      readonly otherValue: string;
    }
  /** No address in common: two clusters that use one number. */
  | {
      readonly kind: 'shared-vrid';
      readonly source: string;
      readonly addresses: readonly string[];
      readonly other: string;
      readonly otherAddresses: readonly string[];
    }
  | { readonly kind: 'ttl'; readonly source: string; readonly ttl: number; readonly multicast: boolean }
  | { readonly kind: 'malformed'; readonly source: string; readonly issue: DecodeIssue };

export type Finding = {
  readonly router: VirtualRouterKey;
  /** Number of the packet that showed it. */
  readonly packet: number;
  /** When, in microseconds since 1970 UTC. */
  readonly at: number;
} & FindingBody;

/** `packet 12: vrid 51 (IPv4): 10.0.0.2 took over from 10.0.0.1 after 3.610 s (silent)`. */
export function formatFinding(finding: Finding): string {
  const { vrid, family, vlans } = finding.router;
  const where = vlans.length > 0 ? `, vlan ${vlans.join('.')}` : '';
  return `packet ${finding.packet}: vrid ${vrid} (IPv${family}${where}): ${describe(finding)}`;
}

/** What to check next, or undefined for what is ordinary. */
export function adviceOn(finding: Finding): string | undefined {
  switch (finding.kind) {
    case 'master-appeared':
    case 'stopped':
      return undefined;
    case 'master-returned':
      return 'nobody took over meanwhile: is there a Backup, and does it hear this Master?';
    case 'takeover':
      return adviceOnTakeover(finding.reason);
    case 'two-masters':
      return 'they do not hear or do not accept each other: compare version, interval, password and firewall on both';
    case 'two-masters-ended':
      return undefined;
    case 'differing':
      return finding.setting === 'checksum'
        ? 'set the same checksum form (vrrp_version 3, v3_checksum_as_v2, old_unicast_checksum) on both'
        : `make ${finding.setting} the same on both: a receiver discards what differs, so both become Master`;
    case 'shared-vrid':
      return 'give one of the clusters another virtual_router_id: both use the same virtual MAC address';
    case 'ttl':
      return finding.multicast
        ? 'receivers discard it (RFC 9568 §7.1): something routed it, or the sender is no VRRP router'
        : 'fine for unicast peers behind a router, else something routed it';
    case 'malformed':
      return 'receivers discard it: look at the sender, or at what changed the packet on the way';
    default:
      return assertNever(finding);
  }
}

function adviceOnTakeover(reason: TakeoverReason): string | undefined {
  if (reason === 'silent') return 'the old Master or the path to it failed: look at both for this moment';
  return reason === 'unheard'
    ? 'the new Master did not accept the old one: compare their settings and the path'
    : undefined;
}

function describe(finding: Finding): string {
  switch (finding.kind) {
    case 'master-appeared':
      return `${finding.source} is Master with priority ${finding.priority}`;
    case 'master-returned':
      return `${finding.source} is Master again after ${formatSeconds(finding.gap)}`;
    case 'takeover':
      return `${finding.to} took over from ${finding.from} after ${formatSeconds(finding.gap)} (${finding.reason})`;
    case 'two-masters':
      return `${finding.sources.join(' and ')} are Master at the same time`;
    case 'two-masters-ended':
      return `only ${finding.remaining} is Master again, after ${formatSeconds(finding.lasted)}`;
    case 'stopped':
      return `${finding.source} stopped (priority 0)`;
    case 'differing': {
      const { setting, source, value, other, otherValue } = finding;
      return setting === 'password'
        ? `${source} and ${other} send different passwords`
        : `${source} has ${setting} ${value}, ${other} has ${otherValue}`;
    }
    case 'shared-vrid':
      return `strangers share it: ${finding.source} for ${list(finding.addresses)}, ${finding.other} for ${list(finding.otherAddresses)}`;
    case 'ttl':
      return `${finding.source} is heard with TTL ${finding.ttl} instead of 255`;
    case 'malformed':
      return `${finding.source} sent what no receiver accepts: ${formatIssue(finding.issue)}`;
    default:
      return assertNever(finding);
  }
}

function list(addresses: readonly string[]): string {
  return addresses.length === 0 ? 'no address' : addresses.join(' ');
}

function formatSeconds(micros: number): string {
  return `${(micros / 1_000_000).toFixed(3)} s`;
}
