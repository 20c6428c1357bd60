// What other programs may use of the daemon: the plan, the engine over a World of their own, and the log's sentences.
export { planConfig } from './plan/plan.js';
export { PLAN_CODES } from './plan/finding-codes.js';
export type { PlanResult } from './plan/plan.js';
export type {
  Desired,
  DesiredAddress,
  DesiredChannel,
  DesiredScriptTracker,
  DesiredTracker,
  DesiredVirtualRouter,
} from './plan/desired.js';
export { createEngine } from './engine/engine.js';
export type { Engine } from './engine/engine.js';
export type { EngineReport, Leftovers, RouterSnapshot, TrackerNews } from './engine/messages.js';
export type { World } from './engine/world.js';
export { reportEntries } from './log/report-sentences.js';
export type { LogEntry, LogLevel } from './log/entry.js';
export type { RouterIdentity } from './reports/router-identity.js';
