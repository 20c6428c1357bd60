// Why a received advertisement was not used, as lines: keepalived 2.2.7's sentence where it has one (seen on the running
// program), and one of ours that says who, what it comes to, and what mends it.
import type { DiscardReason, Observation } from '@vrrp/state-machine';
import { mendOf, unheardClause } from '../reports/discard-words.js';
import type { RouterIdentity } from '../reports/router-identity.js';
import type { LogEntry } from './entry.js';

type Discard = Extract<Observation, { kind: 'advertisement-discarded' }>;

/** keepalived counts the IP header of IPv4, which its raw socket hands over. */
const IPV4_HEADER_LENGTH = 20;

const TEXTS: Readonly<Record<DiscardReason, (discard: Discard, router: RouterIdentity) => string | undefined>> = {
  length: lengthText,
  ttl: ({ received }) => `invalid TTL/HL. Received ${received} and expect 255`,
  version: ({ received, expected }) => `wrong version. Received ${received} and expect ${expected}`,
  'auth-type-invalid': ({ received }) => `Invalid auth type: ${received}`,
  'auth-type-mismatch': ({ received, expected }) => `received a ${received} auth, expecting ${expected}!`,
  'auth-failure': () => 'received an invalid passwd!',
  'advertisement-interval': ({ received, expected }) =>
    `advertisement interval mismatch mine=${expected} sec rcv'd=${received} sec`,
  type: ({ received, expected }) => `Invalid packet type. ${received} and expect ${expected}`,
  checksum: (_discard, { version }) => `Invalid VRRPv${version} checksum`,
  'destination-kind': ({ received, expected }) => `received a ${received} packet, expecting ${expected}`,
  'unknown-peer': ({ source }) => `unicast source address ${source} not a unicast peer`,
  'peer-ttl': ({ received, expected }) => `TTL/HL ${received} not in range ${expected}`,
  // keepalived's line about the address list came before, and of the others it has none.
  'foreign-addresses': () => undefined,
  'owner-ignores': () => undefined,
  // Ignored by design, not by fault.
  vrid: () => undefined,
  'startup-delay': () => undefined,
  role: () => undefined,
};

export function discardSentences(router: RouterIdentity, discard: Discard): readonly LogEntry[] {
  const { reason, source, expected, received, role } = discard;
  const mend = mendOf(reason);
  if (mend === '') return [];
  const identity = { virtualRouter: router.name, vrid: router.vrid, interface: router.interface };
  const fields = { ...identity, reason, source, expected, received };
  const text = TEXTS[reason](discard, router);
  const unheard = `(${router.name}) ${unheardClause(discard, router.vrid, role)}`;
  return [
    ...(text === undefined ? [] : [{ level: 'warning', message: `(${router.name}) ${text}`, fields } as const]),
    // One carries the facts, so that nobody counts them twice.
    {
      level: 'warning',
      message: unheard,
      fields: { event: 'router-unheard', ...identity, reason, source, role, mend },
    },
  ];
}

function lengthText({ received, expected }: Discard, { family }: RouterIdentity): string {
  const header = family === 4 ? IPV4_HEADER_LENGTH : 0;
  const [has, needs] = [Number(received) + header, Number(expected) + header];
  return `vrrp packet too ${has < needs ? 'short' : 'long'}, length ${has} and expect ${needs}`;
}
