// What a virtual router counts. The first block has the meaning of keepalived's statistics (the `stats` object of its
// JSON and the text dump); `discards` counts every datagram that was not used, by reason. Counters only grow.
import type { DiscardReason } from './types.js';

export interface Statistics {
  /** Advertisements that passed every check on the packet itself. */
  readonly advertisementsReceived: number;
  readonly advertisementsSent: number;
  readonly becameMaster: number;
  readonly releasedMaster: number;
  readonly packetLengthErrors: number;
  /** COMPAT: keepalived has this counter and never increments it; here it counts. docs/compatibility.md */
  readonly advertisementIntervalErrors: number;
  readonly ttlErrors: number;
  readonly invalidTypes: number;
  /** Advertisements whose address list is not ours. They are used, unless none of the addresses is ours. */
  readonly addressListErrors: number;
  readonly invalidAuthenticationTypes: number;
  readonly authenticationTypeMismatches: number;
  readonly authenticationFailures: number;
  readonly priorityZeroReceived: number;
  readonly priorityZeroSent: number;
  /** Actions that the host could not carry out. */
  readonly actionsFailed: number;
  readonly discards: Readonly<Record<DiscardReason, number>>;
}

/** The counters that are plain numbers. */
export type Counter = Exclude<keyof Statistics, 'discards'>;

/** The counter of keepalived's that a discard also increments, where it has one. */
export const DISCARD_COUNTER: { readonly [reason in DiscardReason]?: Counter } = {
  length: 'packetLengthErrors',
  ttl: 'ttlErrors',
  'auth-type-invalid': 'invalidAuthenticationTypes',
  'auth-type-mismatch': 'authenticationTypeMismatches',
  'auth-failure': 'authenticationFailures',
  'advertisement-interval': 'advertisementIntervalErrors',
  type: 'invalidTypes',
};

export const ZERO_STATISTICS: Statistics = {
  advertisementsReceived: 0,
  advertisementsSent: 0,
  becameMaster: 0,
  releasedMaster: 0,
  packetLengthErrors: 0,
  advertisementIntervalErrors: 0,
  ttlErrors: 0,
  invalidTypes: 0,
  addressListErrors: 0,
  invalidAuthenticationTypes: 0,
  authenticationTypeMismatches: 0,
  authenticationFailures: 0,
  priorityZeroReceived: 0,
  priorityZeroSent: 0,
  actionsFailed: 0,
  discards: {
    vrid: 0,
    'startup-delay': 0,
    length: 0,
    ttl: 0,
    version: 0,
    'auth-type-invalid': 0,
    'auth-type-mismatch': 0,
    'auth-failure': 0,
    'advertisement-interval': 0,
    type: 0,
    checksum: 0,
    'destination-kind': 0,
    'owner-ignores': 0,
    'foreign-addresses': 0,
    'unknown-peer': 0,
    'peer-ttl': 0,
    role: 0,
  },
};

/** A copy to count on. Field by field: see `copyState`. */
export function copyStatistics(from: Statistics): Statistics {
  return {
    advertisementsReceived: from.advertisementsReceived,
    advertisementsSent: from.advertisementsSent,
    becameMaster: from.becameMaster,
    releasedMaster: from.releasedMaster,
    packetLengthErrors: from.packetLengthErrors,
    advertisementIntervalErrors: from.advertisementIntervalErrors,
    ttlErrors: from.ttlErrors,
    invalidTypes: from.invalidTypes,
    addressListErrors: from.addressListErrors,
    invalidAuthenticationTypes: from.invalidAuthenticationTypes,
    authenticationTypeMismatches: from.authenticationTypeMismatches,
    authenticationFailures: from.authenticationFailures,
    priorityZeroReceived: from.priorityZeroReceived,
    priorityZeroSent: from.priorityZeroSent,
    actionsFailed: from.actionsFailed,
    discards: from.discards,
  };
}
