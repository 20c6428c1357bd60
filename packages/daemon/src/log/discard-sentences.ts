// Why a received advertisement was not used, as a line: keepalived 2.2.7's sentences where it has one.
import type { DiscardReason, Observation } from '@vrrp/state-machine';
import type { RouterIdentity } from '../reports/router-identity.js';
import type { LogEntry } from './entry.js';

type Discard = Extract<Observation, { kind: 'advertisement-discarded' }>;

const TEXTS: Readonly<Record<DiscardReason, (discard: Discard) => string>> = {
  vrid: ({ received, expected }) => `received an advertisement for VRID ${received}, expecting ${expected}`,
  'startup-delay': () => 'ignores advertisements until its startup delay is over',
  length: ({ received, expected }) => `received a packet of ${received} bytes, expecting ${expected}`,
  ttl: ({ received }) => `received a packet with TTL ${received}, expecting 255`,
  version: ({ received, expected }) => `wrong version. Received ${received} and expect ${expected}`,
  'auth-type-invalid': ({ received }) => `received an invalid auth type ${received}`,
  'auth-type-mismatch': ({ received, expected }) => `received a ${received} auth, expecting ${expected}!`,
  'auth-failure': () => 'received an invalid passwd!',
  'advertisement-interval': ({ received, expected }) =>
    `advertisement interval mismatch mine=${expected} sec rcv'd=${received} sec`,
  type: ({ received }) => `received a packet of type ${received}, expecting an advertisement (1)`,
  checksum: () => 'received a packet with a wrong checksum',
  'destination-kind': () => 'received a multicast packet in unicast mode, or the other way round',
  'owner-ignores': () => 'ignores advertisements, because it owns the addresses',
  'unknown-peer': () => 'received a unicast advertisement from an address that is not a peer',
  'peer-ttl': ({ received }) => `received a unicast advertisement with TTL ${received}, outside the limits of the peer`,
  role: () => 'received an advertisement that its state does not use',
};

/** Ignored by design, not by fault: no news. */
const SILENT: ReadonlySet<DiscardReason> = new Set(['role', 'vrid', 'startup-delay']);

/** At most one line. */
export function discardSentence(router: RouterIdentity, discard: Discard): readonly LogEntry[] {
  if (SILENT.has(discard.reason)) return [];
  const { reason, source, expected, received } = discard;
  const identity = { virtualRouter: router.name, vrid: router.vrid, interface: router.interface };
  const fields = { ...identity, reason, source, expected, received };
  return [{ level: 'warning', message: `(${router.name}) ${TEXTS[reason](discard)}`, fields }];
}
