// The checks on a received advertisement, one by one in keepalived's order (RFC 9568 §7.1, RFC 3768 §7.1): what fails
// is counted, reported once for each source until the role changes, and not used. What an accepted advertisement does is
// decided in backup.ts and master.ts. Total: no bytes make these functions throw.
import { AdvertisementView as view, formatIp, ipBytes } from '@vrrp/wire';
import { OWNER_PRIORITY } from './priority.js';
import { isFirstOfSource, isFirstReport } from './report-once.js';
import type { DiscardEvidence, VirtualRouterState } from './state.js';
import { MICROS_PER_CENTISECOND, MICROS_PER_SECOND } from './timing.js';
import { count, countDiscard, observe } from './turn.js';
import { forgetUnheard, noteUnheard } from './unheard.js';
import type { Turn } from './turn.js';
import type { DiscardReason, Micros, ReceivedAdvertisement } from './types.js';

const REQUIRED_TTL = 255;
const TYPE_ADVERTISEMENT = 1;
const AUTH_TYPE_NONE = 0;
const AUTH_TYPE_SIMPLE_PASSWORD = 1;
const AUTH_TYPE_MAX = 2;
/** The VRID is the second byte. */
const VRID_LENGTH = 2;

/**
 * Whether the advertisement may be used.
 * @throws TypeError when source or destination are not addresses: the host made them up.
 */
export function receive(turn: Turn, packet: ReceivedAdvertisement): boolean {
  const reason = judgePacket(turn, packet);
  if (reason !== undefined) return discard(turn, packet, reason);
  // COMPAT: as keepalived, an advertisement counts as received before its sender is checked. docs/compatibility.md
  count(turn, 'advertisementsReceived');
  const senderReason = judgeAddressList(turn, packet) ?? judgeSender(turn.router, packet);
  if (senderReason !== undefined) return discard(turn, packet, senderReason);
  if (turn.router.unheard.length > 0) forgetUnheard(turn, packet.source);
  if (view.priority(packet.payload) === 0) count(turn, 'priorityZeroReceived');
  return true;
}

/** What the sender advertises as its interval, version 3 only: RFC 9568 §5.2.7. */
export function advertisedInterval(packet: ReceivedAdvertisement): Micros {
  return view.intervalCentiseconds(packet.payload) * MICROS_PER_CENTISECOND;
}

/** What the source adds to a checksum, without parsing it again while the same Master speaks. */
export function sourceSum({ master }: VirtualRouterState, { source }: ReceivedAdvertisement): number {
  return master !== undefined && master.address === source ? master.addressSum : view.addressSum(ipBytes(source));
}

function judgePacket(turn: Turn, packet: ReceivedAdvertisement): DiscardReason | undefined {
  const { config, timers } = turn.router;
  const bytes = packet.payload;
  if (bytes.length >= VRID_LENGTH && view.vrid(bytes) !== config.vrid) return 'vrid';
  if (timers.startupDelay !== undefined && turn.at < timers.startupDelay) return 'startup-delay';
  const length = view.lengthVerdict(bytes, config.family);
  if (length === 'short' || length === 'long') return 'length';
  if (config.unicast === undefined && packet.ttl !== REQUIRED_TTL) return 'ttl';
  if (view.version(bytes) !== config.version) return 'version';
  const reason = config.version === 2 ? judgeVersion2(turn.router, bytes) : judgeVersion3(bytes);
  if (reason !== undefined) return reason;
  if (view.type(bytes) !== TYPE_ADVERTISEMENT) return 'type';
  if (!hasGoodChecksum(turn, packet)) return 'checksum';
  if (packet.multicast !== (config.unicast === undefined)) return 'destination-kind';
  if (config.ownerIgnoresAdvertisements === true && config.priority === OWNER_PRIORITY) return 'owner-ignores';
  return undefined;
}

/** RFC 2338 §7.1 authentication, RFC 3768 §7.1: "MUST verify that the Adver Interval ... is the same". */
function judgeVersion2(state: VirtualRouterState, bytes: Uint8Array): DiscardReason | undefined {
  const { authentication } = state.config;
  const authType = view.authType(bytes);
  if (authType > AUTH_TYPE_MAX) return 'auth-type-invalid';
  const ours = authentication.kind === 'none' ? AUTH_TYPE_NONE : AUTH_TYPE_SIMPLE_PASSWORD;
  if (authType !== ours) return 'auth-type-mismatch';
  if (authentication.kind === 'simple-password' && !view.hasPassword(bytes, authentication.password)) {
    return 'auth-failure';
  }
  return view.intervalSeconds(bytes) === state.prepared.interval ? undefined : 'advertisement-interval';
}

/**
 * RFC 9568 §7.1 (erratum 8301): the interval must not be 0, which would make Active_Down_Interval 0 and every listener
 * a Master at once.
 */
function judgeVersion3(bytes: Uint8Array): DiscardReason | undefined {
  return view.intervalCentiseconds(bytes) === 0 ? 'advertisement-interval' : undefined;
}

/** RFC 9568 §5.2.8. A unicast peer may use keepalived's old form, which is then ours too. */
function hasGoodChecksum(turn: Turn, packet: ReceivedAdvertisement): boolean {
  const { router } = turn;
  const { config, prepared } = router;
  const { payload, source, destination } = packet;
  const isGroup = config.unicast === undefined && destination === config.multicastGroup;
  const destinationSum = isGroup ? prepared.groupSum : view.addressSum(ipBytes(destination));
  const sums = sourceSum(router, packet) + destinationSum;
  if (view.verifyChecksumBySum(payload, config.family, sums, config.checksum)) return true;
  if (config.unicast === undefined || config.oldUnicastChecksum === 'never') return false;
  const form = view.checksumForm(payload, ipBytes(source), ipBytes(destination), 'auto');
  if (form !== 'multicast-pseudo-header') return false;
  router.checksumForm = 'multicast-pseudo-header';
  return true;
}

// COMPAT: keepalived 2.2.7 discards an advertisement with another address list; two such nodes are both Master. RFC 9568
// §7.1 lets the receiver decide. Lists that share an address are a mistake in one cluster: the packet is used, because two
// Masters of one address are worse. Lists that share none are two clusters with one VRID. docs/compatibility.md
function judgeAddressList(turn: Turn, packet: ReceivedAdvertisement): DiscardReason | undefined {
  const { config, prepared, master } = turn.router;
  if (!config.checkAddressList && master?.address === packet.source) return undefined;
  const { payload, source } = packet;
  if (view.sameAddresses(payload, prepared.addresses)) return undefined;
  count(turn, 'addressListErrors');
  const [expected, received] = [config.virtualAddresses.length, view.count(payload)];
  if (isFirstReport(turn, 'address-list')) {
    const missing = config.virtualAddresses[view.firstUnlisted(payload, prepared.addresses)];
    observe(turn, { kind: 'address-list-mismatch', source, expected, received, missing });
  }
  if (expected === 0 || received === 0) return undefined;
  return view.sharesAddress(payload, prepared.addresses) ? undefined : 'foreign-addresses';
}

/** keepalived.conf(5), "check_unicast_src", "min_ttl", "max_ttl" of unicast_peer. */
function judgeSender(state: VirtualRouterState, packet: ReceivedAdvertisement): DiscardReason | undefined {
  const { unicast } = state.config;
  if (unicast === undefined || !unicast.checkSource) return undefined;
  const peer = state.prepared.peers.get(packet.source);
  if (peer === undefined) return 'unknown-peer';
  const { minTtl = 0, maxTtl = REQUIRED_TTL } = peer;
  return packet.ttl < minTtl || packet.ttl > maxTtl ? 'peer-ttl' : undefined;
}

function discard(turn: Turn, packet: ReceivedAdvertisement, reason: DiscardReason): false {
  countDiscard(turn, reason);
  const evidence = evidenceFor(turn.router, packet, reason);
  noteUnheard(turn, packet, reason, evidence);
  if (!isFirstOfSource(turn, reason, packet.source)) return false;
  const { role } = turn.router;
  observe(turn, { kind: 'advertisement-discarded', reason, source: packet.source, role, ...evidence });
  return false;
}

/** What was expected and what came, where two values say it; an interval in seconds. */
function evidenceFor(state: VirtualRouterState, packet: ReceivedAdvertisement, reason: DiscardReason): DiscardEvidence {
  const { config } = state;
  const bytes = packet.payload;
  switch (reason) {
    case 'length':
      return { expected: view.expectedLength(bytes, config.family), received: bytes.length };
    case 'ttl':
      return { expected: REQUIRED_TTL, received: packet.ttl };
    case 'version':
      return { expected: config.version, received: view.version(bytes) };
    case 'auth-type-invalid':
    case 'auth-type-mismatch':
      return {
        expected: config.authentication.kind === 'none' ? AUTH_TYPE_NONE : AUTH_TYPE_SIMPLE_PASSWORD,
        received: view.authType(bytes),
      };
    case 'advertisement-interval':
      return {
        expected: config.advertisementInterval / MICROS_PER_SECOND,
        received: config.version === 2 ? view.intervalSeconds(bytes) : advertisedInterval(packet) / MICROS_PER_SECOND,
      };
    case 'type':
      return { expected: TYPE_ADVERTISEMENT, received: view.type(bytes) };
    case 'destination-kind':
      return {
        expected: config.unicast === undefined ? 'multicast' : 'unicast',
        received: packet.multicast ? 'multicast' : 'unicast',
      };
    case 'peer-ttl': {
      const { minTtl = 0, maxTtl = REQUIRED_TTL } = state.prepared.peers.get(packet.source) ?? {};
      return { expected: `${minTtl} - ${maxTtl}`, received: packet.ttl };
    }
    case 'foreign-addresses':
      return { received: formatIp(view.address(bytes, 0, config.family)) };
    // Nothing to compare: the password is secret, the checksum says only yes or no, the others speak for themselves.
    case 'auth-failure':
    case 'checksum':
    case 'owner-ignores':
    case 'unknown-peer':
    case 'vrid':
    case 'startup-delay':
    case 'role':
      return {};
  }
}
