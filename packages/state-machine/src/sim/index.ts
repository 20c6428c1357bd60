// @vrrp/state-machine/sim: clusters of virtual routers in virtual time, from a seed. The clock and the LAN carry any
// host, the fault language and the judges fit any cluster (the daemon's whole nodes use them too); routers, clusters and
// scripts are for bare state machines.
export { advertisementBytes } from './advertise.js';
export { overlapLimit, settleTime } from './bounds.js';
export { Cluster } from './cluster.js';
export type { ClusterOptions, TraceEntry } from './cluster.js';
export { applyFault, stageOf } from './cluster-faults.js';
export { idOf, viewOf } from './cluster-view.js';
export { defaultConfig } from './default-config.js';
export { formatDuration, parseDuration } from './duration.js';
export { ERRNOS, formatFault, nodesOf } from './fault.js';
export type { CheckKind, ErrnoName, Fault, ScheduledFault, Way } from './fault.js';
export { parseFaultScript, SCRIPT_LINES_MAX } from './fault-script.js';
export type { FaultScript, ReloadPlace, ScriptProblem } from './fault-script.js';
export { parseTime, TIME_MAX } from './fault-words.js';
export type { Stage, StageNode } from './fault-words.js';
export { Judges, PLACEMENT_MAX, REPAIR_MAX, VIOLATIONS_MAX } from './judges.js';
export { Lan, PERFECT_LAN } from './lan.js';
export type { LanConditions, LanDatagram, LanPort } from './lan.js';
export { OverlapWatch } from './overlap-watch.js';
export type { MasterPair } from './overlap-watch.js';
export { createRandom } from './random.js';
export type { Random } from './random.js';
export { BACKLOG_MAX, SimulatedRouter } from './router.js';
export type { SimulatedRouterOptions } from './router.js';
export { runScript } from './script.js';
export { ScriptSession } from './script-session.js';
export { ScriptError } from './script-words.js';
export { shrink, SHRINK_RUNS_MAX } from './shrink.js';
export { simulate } from './simulate.js';
export type { SimulateOptions, SimulationResult } from './simulate.js';
export type { AddressView, ClusterView, MemberView, RouterView } from './views.js';
export { TASKS_PER_INSTANT_MAX, VirtualClock } from './virtual-clock.js';
export type { ScheduledTask } from './virtual-clock.js';
