// @vrrp/state-machine: what a virtual router decides, as a pure function of its state and an event (RFC 9568 §6, with
// keepalived's extensions). The host sends events, carries out actions and sleeps until `nextDeadline`. No clock, no
// sockets, no randomness in here; the simulator is the subpath ./sim.
export { judgeConfig } from './check-config.js';
export type { ConfigIssue } from './check-config.js';
export type { AnnouncementPolicy, Authentication, TrackedObject, UnicastPeer, VirtualRouterConfig } from './config.js';
export { describeCause, describeFault, formatAction, formatObservation } from './describe.js';
export { describeExplanation, explain } from './explain.js';
export type { Explanation } from './explain.js';
export { FOLLOWING_EVENTS_MAX, RouterDriver } from './host/router-driver.js';
export type { RouterPort } from './host/router-driver.js';
export { SyncGroupDriver } from './host/sync-group-driver.js';
export type { GroupEvent, SyncGroupPort } from './host/sync-group-driver.js';
export { trackerFact } from './facts.js';
export type { Facts, TrackerFact } from './facts.js';
export { contributions, effectivePriority, OWNER_PRIORITY } from './priority.js';
export type { Contribution } from './priority.js';
export { create, nextDeadline } from './state.js';
export type { KnownMaster, LastTransition, UnheardSource, SendFailures, Timers, VirtualRouterState } from './state.js';
export type { Counter, Statistics } from './statistics.js';
export { UNHEARD_MEMORY } from './unheard.js';
export { steady } from './steady.js';
export type { Steady } from './steady.js';
export { step } from './step.js';
export type { StepResult } from './step.js';
export { ANSWERS_MAX } from './master.js';
export { coordinate, COORDINATION_ROUNDS_MAX, createSyncGroup } from './sync-group.js';
export type { Coordination, GroupObservation, MemberOrder, SyncGroupState } from './sync-group.js';
export { masterDownInterval, MICROS_PER_CENTISECOND, MICROS_PER_SECOND, skewTime } from './timing.js';
export type { DownTimerInput } from './timing.js';
export type {
  Action,
  Cause,
  Centiseconds,
  DiscardReason,
  Event,
  EventBody,
  Fault,
  GroupOrder,
  Micros,
  Observation,
  ReceivedAdvertisement,
  Role,
  TrackerEvidence,
  TrackerKind,
  TrackerStatus,
} from './types.js';
