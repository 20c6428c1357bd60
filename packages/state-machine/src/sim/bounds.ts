// How long things may take, as formulas of their own: the judges share no code with the machines that they judge. Simpler
// than the machines' arithmetic, and never shorter: skews count as the longest there are (RFC 9568 §6.1, RFC 3768 §6.1).
import type { VirtualRouterConfig } from '../config.js';
import type { Micros } from '../types.js';

/** RFC 9568 §5.2.4: the priority of who owns the addresses. */
export const OWNER = 255;
const SECOND = 1_000_000;
const HIGHEST_OF_OTHERS = 254;
/** Datagrams on the way when faults end, and the last ones of a router that gives up. */
const DELIVERIES_TO_SETTLE = 4;
/** In this many intervals an owner is sure that another does not give way: 1 to hear of it, 1.2 of patience, 1 to hear it. */
const DEAF_OWNER_INTERVALS = 3.2;

/**
 * How long two Masters may hear each other: an advertisement of either ends it. One that listens to nobody
 * (owner_ignore_adverts) makes the other one wait to be sure of that.
 */
export function overlapLimit(configs: readonly VirtualRouterConfig[], latency: Micros): Micros {
  const patience = configs.some((config) => isDeafOwner(config)) ? DEAF_OWNER_INTERVALS : 1;
  return Math.ceil(patience * longestInterval(configs)) + DELIVERIES_TO_SETTLE * latency;
}

/** How long after the last fault the best router must be Master at the latest. */
export function settleTime(configs: readonly VirtualRouterConfig[], latency: Micros): Micros {
  const interval = longestInterval(configs);
  const waits = configs.map(({ version, downTimerAdverts, preemptDelay, startupDelay }) => {
    // The skew is a share of the interval in version 3, of a second in version 2.
    const silence = downTimerAdverts * interval + (version === 3 ? interval : SECOND);
    // A preempt delay begins only when somebody less fit is Master, and ends with a full wait for its silence.
    return startupDelay + silence + (preemptDelay === 0 ? 0 : preemptDelay + silence);
  });
  return Math.max(0, ...waits) + 2 * interval + DELIVERIES_TO_SETTLE * latency;
}

/** Whether the two take each other's advertisements for what they are: mistakes of configuration make them strangers. */
export function understandEachOther(a: VirtualRouterConfig, b: VirtualRouterConfig): boolean {
  if (a.version !== b.version || (a.unicast === undefined) !== (b.unicast === undefined)) return false;
  if (a.version === 2 && a.advertisementInterval !== b.advertisementInterval) return false;
  return secretOf(a) === secretOf(b) && a.checksum === b.checksum && shareAddresses(a, b);
}

/** The priority while every tracked object is well: the base, and what success adds (keepalived.conf(5), "weight"). */
export function healthyPriority({ priority, trackedObjects }: VirtualRouterConfig): number {
  if (priority === OWNER) return OWNER;
  const bonus = trackedObjects.filter(({ weight, kind }) => weight > 0 && kind !== 'file');
  const sum = bonus.reduce((total, { weight, reverse }) => total + (reverse ? -weight : weight), priority);
  return Math.min(HIGHEST_OF_OTHERS, Math.max(1, sum));
}

/** It never gives way. */
function isDeafOwner(config: VirtualRouterConfig): boolean {
  return config.ownerIgnoresAdvertisements === true && config.priority === OWNER;
}

function longestInterval(configs: readonly VirtualRouterConfig[]): Micros {
  return Math.max(0, ...configs.map((config) => config.advertisementInterval));
}

/** Lists without an address in common belong to two virtual routers that were given one VRID. */
function shareAddresses(
  { virtualAddresses: a }: VirtualRouterConfig,
  { virtualAddresses: b }: VirtualRouterConfig,
): boolean {
  return a.length === 0 || b.length === 0 || a.some((address) => b.includes(address));
}

function secretOf({ authentication }: VirtualRouterConfig): string {
  return authentication.kind === 'none' ? '' : authentication.password.join(' ');
}
