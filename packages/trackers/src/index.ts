// @vrrp/trackers: process, file, script and interface health as events with weights.

export type {
  CheckResult,
  Contribution,
  Evidence,
  LinkCondition,
  Tracker,
  TrackerObservation,
  TrackerReport,
  TrackerStatus,
} from './tracker.js';
export { MILLISECOND, SECOND } from './clock.js';
export type { Cancel, Clock } from './clock.js';
export type { GroupSignal, ProcessEnd, ProcessGroup, RunAs, SpawnRequest, Spawner } from './spawner.js';
export { createDamping, stepDamping } from './damping.js';
export type { DampingOptions, DampingState } from './damping.js';
export { contributionOf } from './weight.js';
export type { Reading, Weighting } from './weight.js';
export { formatEvidence, isSuccess, sameEvidence, signalNumber } from './evidence.js';
export { scriptEnvironment } from './environment.js';
export type { Environment } from './environment.js';
export { CLOSE_GRACE, CLOSE_LIMIT, TIMEOUT_GRACE } from './check-loop.js';
export type { CheckLoopOptions } from './check-loop.js';
export { createScriptTracker } from './script-tracker.js';
export type { ScriptTrackerOptions } from './script-tracker.js';
export type { ScriptPorts } from './script-run.js';
export { createNodeClock } from './node/clock.js';
export { nodeSpawner } from './node/spawner.js';
