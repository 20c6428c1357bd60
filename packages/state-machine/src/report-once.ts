// Packet trouble is said once until the role or the Master changes, so that a broken neighbour does not fill the log;
// it is counted every time. keepalived limits its messages the same way.
import type { Turn } from './turn.js';
import type { DiscardReason } from './types.js';

export type Trouble = DiscardReason | 'address-list';

/** Sources and reasons that are told apart in one role; of further ones each reason is said once. */
export const SOURCES_MAX = 8;

/** True the first time for this source and reason, however its packets alternate with others. */
export function isFirstOfSource(turn: Turn, reason: DiscardReason, source: string): boolean {
  const { router } = turn;
  const isFirst = isFirstReport(turn, reason);
  const pair = `${source} ${reason}`;
  if (REPORT_BITS[reason] === NEVER || router.reportedSources.includes(pair)) return false;
  if (router.reportedSources.length >= SOURCES_MAX) return isFirst;
  router.reportedSources = router.reportedSources.concat(pair);
  return true;
}

/** True the first time; the state remembers that it was said. */
export function isFirstReport(turn: Turn, trouble: Trouble): boolean {
  const bit = REPORT_BITS[trouble];
  if (bit === NEVER || (turn.router.reported & bit) !== 0) return false;
  turn.router.reported |= bit;
  return true;
}

/** Another virtual router's packet, or one at a time when none are wanted, is nobody's trouble: only counted. */
const NEVER = 0;
const REPORT_BITS: Readonly<Record<Trouble, number>> = {
  vrid: NEVER,
  'startup-delay': NEVER,
  role: NEVER,
  'address-list': 1 << 0,
  length: 1 << 1,
  ttl: 1 << 2,
  version: 1 << 3,
  'auth-type-invalid': 1 << 4,
  'auth-type-mismatch': 1 << 5,
  'auth-failure': 1 << 6,
  'advertisement-interval': 1 << 7,
  type: 1 << 8,
  checksum: 1 << 9,
  'destination-kind': 1 << 10,
  'owner-ignores': 1 << 11,
  'unknown-peer': 1 << 12,
  'peer-ttl': 1 << 13,
  'foreign-addresses': 1 << 14,
};
