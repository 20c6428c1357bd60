// @vrrp/state-machine/sim: clusters of virtual routers in virtual time, from a seed. The clock and the LAN carry any
// host (the daemon's engine runs on them too); routers, clusters, scripts and checkers are for bare state machines.
export { advertisementBytes } from './advertise.js';
export { Checkers, overlapLimit, settleTime, VIOLATIONS_MAX } from './checkers.js';
export { Cluster } from './cluster.js';
export type { ClusterOptions, TraceEntry } from './cluster.js';
export { defaultConfig } from './default-config.js';
export { formatDuration, parseDuration } from './duration.js';
export { Lan, PERFECT_LAN } from './lan.js';
export type { LanConditions, LanDatagram, LanPort } from './lan.js';
export { OverlapWatch } from './overlap-watch.js';
export type { MasterPair } from './overlap-watch.js';
export { createRandom } from './random.js';
export type { Random } from './random.js';
export { randomScript } from './random-script.js';
export { BACKLOG_MAX, SimulatedRouter } from './router.js';
export type { SimulatedRouterOptions } from './router.js';
export { runScript } from './script.js';
export { ScriptSession } from './script-session.js';
export { ScriptError } from './script-words.js';
export { shrink, SHRINK_RUNS_MAX, simulate } from './simulate.js';
export type { SimulationResult } from './simulate.js';
export { TASKS_PER_INSTANT_MAX, VirtualClock } from './virtual-clock.js';
export type { ScheduledTask } from './virtual-clock.js';
