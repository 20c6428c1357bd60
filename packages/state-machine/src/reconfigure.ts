// A changed configuration for a running virtual router: role, statistics and facts stay, what follows from the
// configuration is worked out anew. keepalived's reload; RFC 9568 says nothing about it.
import { scheduleBursts } from './announce.js';
import { checkConfig, checkSameIdentity } from './check-config.js';
import type { VirtualRouterConfig } from './config.js';
import { trackerKey } from './facts.js';
import type { Facts } from './facts.js';
import { advertise } from './advertise.js';
import { reassess } from './fault.js';
import { shiftMasterDown } from './priority-change.js';
import { resumeOwnership } from './rival-owner.js';
import { configuredChecksumForm, prepare } from './state.js';
import { addAddresses } from './transition.js';
import { ownTimers, useMasterInterval } from './turn.js';
import type { Turn } from './turn.js';

/** @throws RangeError or TypeError when the configuration is impossible or another virtual router's. */
export function reconfigure(turn: Turn, config: VirtualRouterConfig): void {
  checkConfig(config);
  const { router } = turn;
  const before = router.config;
  checkSameIdentity(before, config);
  const oldInterval = router.masterDownInterval;
  router.config = config;
  router.prepared = prepare(config);
  if (!keepsChecksumForm(before, config)) router.checksumForm = configuredChecksumForm(config);
  if (config.priority !== before.priority) resumeOwnership(turn);
  router.facts = forgetUntracked(router.facts, before, config);
  if (router.started) router.facts = assumeNewGatesOpen(router.facts, before, config);
  useMasterInterval(
    turn,
    keepsLearnedInterval(turn, before) ? router.masterAdvertisementInterval : config.advertisementInterval,
  );
  shiftMasterDown(turn, router.masterDownInterval - oldInterval);
  if (!config.preempt || config.preemptDelay === 0) {
    router.preemption = 'idle';
    ownTimers(turn).preemptDelay = undefined;
  }
  reassess(turn);
  if (router.role === 'master') continueAsMaster(turn, before);
}

/** What a Master of version 3 advertised stays true; version 2 has only the configured interval. */
function keepsLearnedInterval({ router }: Turn, before: VirtualRouterConfig): boolean {
  return router.config.version === 3 && before.version === 3 && router.master !== undefined;
}

/** What a unicast peer was heard to use stays learned while nothing was said about it. */
function keepsChecksumForm(before: VirtualRouterConfig, after: VirtualRouterConfig): boolean {
  const isSame = before.checksum === after.checksum && before.oldUnicastChecksum === after.oldUnicastChecksum;
  return isSame && before.version === after.version && (before.unicast === undefined) === (after.unicast === undefined);
}

/** What is no longer tracked is no longer told: if it is tracked again one day, it is new. */
function forgetUntracked(facts: Facts, before: VirtualRouterConfig, after: VirtualRouterConfig): Facts {
  const kept = new Set(after.trackedObjects.map((tracked) => trackerKey(tracked.kind, tracked.name)));
  const gone = before.trackedObjects.map((tracked) => trackerKey(tracked.kind, tracked.name));
  const dropped = gone.filter((key) => !kept.has(key) && facts.trackers.has(key));
  if (dropped.length === 0) return facts;
  const trackers = new Map(facts.trackers);
  for (const key of dropped) trackers.delete(key);
  return { ...facts, trackers };
}

/**
 * keepalived: a script that a reload brings in counts as good until its first result, so that a reload cannot take a
 * healthy Master down.
 */
function assumeNewGatesOpen(facts: Facts, before: VirtualRouterConfig, after: VirtualRouterConfig): Facts {
  const known = new Set(before.trackedObjects.map((tracked) => trackerKey(tracked.kind, tracked.name)));
  const fresh = after.trackedObjects.filter(({ kind, name, weight }) => {
    const key = trackerKey(kind, name);
    return weight === 0 && !known.has(key) && !facts.trackers.has(key);
  });
  if (fresh.length === 0) return facts;
  const trackers = new Map(facts.trackers);
  for (const { kind, name, reverse } of fresh) {
    const status = reverse ? 'down' : 'up';
    trackers.set(trackerKey(kind, name), { status });
  }
  return { ...facts, trackers };
}

/**
 * What is new is advertised at once; the host takes and announces the addresses that were added, and drops the others.
 * COMPAT: keepalived advertises before and after a reload; here once, with the new configuration. docs/compatibility.md
 */
function continueAsMaster(turn: Turn, before: VirtualRouterConfig): void {
  const { config } = turn.router;
  advertise(turn);
  addAddresses(turn);
  if (config.announcements.refresh !== before.announcements.refresh) {
    ownTimers(turn).refresh = scheduleBursts(config.announcements, turn.at).refresh;
  }
}
