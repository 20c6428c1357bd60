// Why what another router of our VRID advertises is not used, and what mends it, in words for people. Pure; the state
// machine knows no keyword, so the advice is here.
import type { DiscardReason } from '@vrrp/state-machine';

export interface DiscardFacts {
  readonly reason: DiscardReason;
  readonly source: string;
  readonly expected?: number | string;
  readonly received?: number | string;
}

interface Words {
  /** The rest of "192.0.2.1 also advertises VRID 51, …". */
  readonly why: (facts: DiscardFacts) => string;
  readonly mend: string;
}

const TO_CAPTURE = 'see who changes the packets on the way: capture them, and read the capture with vrrpd decode';

const WORDS: Readonly<Record<DiscardReason, Words>> = {
  length: { why: (facts) => `its packets have ${facts.received} bytes, not ${facts.expected}`, mend: TO_CAPTURE },
  ttl: {
    why: ({ received }) => `its TTL is ${received}, not 255`,
    mend: 'put both on one link, without a router in between',
  },
  version: {
    why: ({ received, expected }) => `it speaks version ${received}, this one version ${expected}`,
    mend: 'give both the same vrrp_version',
  },
  'auth-type-invalid': {
    why: ({ received }) => `its authentication type ${received} does not exist`,
    mend: TO_CAPTURE,
  },
  'auth-type-mismatch': {
    why: ({ received, expected }) => `it has ${authWord(received)}, this one ${authWord(expected)}`,
    mend: 'give both the same authentication block',
  },
  'auth-failure': { why: () => 'its password differs', mend: 'give both the same auth_pass' },
  'advertisement-interval': {
    why: ({ received, expected }) => `its interval is ${received} s, not ${expected} s`,
    mend: 'give both the same advert_int',
  },
  type: { why: ({ received }) => `its packets are of type ${received}, not 1`, mend: TO_CAPTURE },
  checksum: {
    why: () => 'its checksums are wrong',
    mend: 'give both the same form of checksum (v3_checksum_as_v2, old_unicast_checksum), or see who changes the packets',
  },
  'destination-kind': {
    why: ({ received, expected }) => `it sends ${received}, and this one expects ${expected}`,
    mend: 'give unicast_peer to both or to none',
  },
  'owner-ignores': {
    why: () => 'and this one owns the addresses and listens to nobody',
    mend: 'let one router alone have priority 255, or take owner_ignore_adverts away',
  },
  'foreign-addresses': {
    why: ({ received }) => `for other addresses (${received})`,
    mend: 'give one of the two clusters another virtual_router_id',
  },
  'unknown-peer': { why: () => 'it is no unicast_peer', mend: 'add it to unicast_peer, or stop it' },
  'peer-ttl': {
    why: ({ received, expected }) => `its TTL ${received} is not within ${expected}`,
    mend: 'correct min_ttl and max_ttl of its unicast_peer',
  },
  vrid: { why: ({ received }) => `its VRID is ${received}`, mend: '' },
  'startup-delay': { why: () => 'and the startup delay is not over', mend: '' },
  role: { why: () => 'and this one has no role', mend: '' },
};

/** "192.0.2.1 also advertises VRID 51, its password differs: both hold the addresses". */
export function unheardClause(facts: DiscardFacts, vrid: number, role: string): string {
  const isMaster = role === 'master';
  const also = isMaster ? 'also ' : '';
  return `${facts.source} ${also}advertises VRID ${vrid}, ${WORDS[facts.reason].why(facts)}: ${effect(facts, isMaster)}`;
}

/** What an operator can do about it. */
export function mendOf(reason: DiscardReason): string {
  return WORDS[reason].mend;
}

function effect({ reason }: DiscardFacts, isMaster: boolean): string {
  if (reason === 'foreign-addresses') return 'two clusters have one VRID';
  return isMaster ? 'both hold the addresses' : 'it is not taken for the Master';
}

function authWord(type: number | string | undefined): string {
  if (type === 0) return 'no authentication';
  if (type === 1) return 'a password';
  return type === 2 ? 'authentication AH' : `authentication type ${type}`;
}
