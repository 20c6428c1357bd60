// @vrrp/state-machine/sim: clusters of virtual routers in virtual time, from a seed. The clock and the LAN carry any
// host (the daemon's engine runs on them too); routers, clusters, scripts and checkers are for bare state machines.
export { advertisementBytes } from './advertise.js';
export { Cluster } from './cluster.js';
export type { ClusterOptions, TraceEntry } from './cluster.js';
export { defaultConfig } from './default-config.js';
export { Lan, PERFECT_LAN } from './lan.js';
export type { LanConditions, LanDatagram, LanPort } from './lan.js';
export { createRandom } from './random.js';
export type { Random } from './random.js';
export { BACKLOG_MAX, SimulatedRouter } from './router.js';
export type { SimulatedRouterOptions } from './router.js';
export { TASKS_PER_INSTANT_MAX, VirtualClock } from './virtual-clock.js';
export type { ScheduledTask } from './virtual-clock.js';
