// @vrrp/trackers: the health of processes, files, scripts and links as events with evidence.

export type { CheckResult, Evidence, Tracker, TrackerObservation, TrackerReport, TrackerStatus } from './tracker.js';
export { MILLISECOND, SECOND } from './clock.js';
export type { Cancel, Clock } from './clock.js';
export type { GroupSignal, ProcessEnd, ProcessGroup, RunAs, SpawnRequest, Spawner } from './spawner.js';
export { createDamping, stepDamping } from './damping.js';
export type { DampingOptions, DampingState } from './damping.js';
export type { CarriedEvidence } from './evidence.js';
export { formatEvidence, isSuccess, resultWord, sameEvidence, signalName, signalNumber } from './evidence.js';
export { scriptEnvironment } from './environment.js';
export type { Environment } from './environment.js';
export { CLOSE_GRACE, CLOSE_LIMIT, TIMEOUT_GRACE } from './check-loop.js';
export type { CheckLoopOptions } from './check-loop.js';
export { createScriptTracker } from './script-tracker.js';
export type { ScriptTrackerOptions } from './script-tracker.js';
export type { ScriptPorts } from './script-run.js';
export { createNodeClock } from './node/clock.js';
export { createSpawner, launchByForking, nodeSpawner } from './node/spawner.js';
export type { Launch, Program } from './node/spawner.js';
export { createFileTracker } from './file-tracker.js';
export type { FilePorts, FileTrackerOptions } from './file-tracker.js';
export { parseFileValue } from './file-value.js';
export { HINT_INTERVAL, READ_LIMIT } from './file-watcher.js';
export type { FileReading, FileWatcher } from './file-watcher.js';
export { nodeFileWatcher } from './node/file-watcher.js';
export { createProcessTracker } from './process-tracker.js';
export type { ProcessTrackerOptions, ProcessTrackerPorts } from './process-tracker.js';
export { matchesProcess } from './process-match.js';
export type { ProcessFacts, ProcessPattern } from './process-match.js';
export type { ProcessChange, QuorumOptions } from './process-quorum.js';
export { createProcessWatch } from './process-watch.js';
export type { ProcessEvent, ProcessEvents, ProcessPorts, ProcessTable, ProcessWatch } from './process-watch.js';
export { nodeProcessTable } from './node/process-table.js';
export { lookForBeat } from './linkbeat.js';
export type { Beat, BeatMethod, BeatReading } from './linkbeat.js';
export { LINKBEAT_INTERVAL, LinkbeatWatch } from './linkbeat-watch.js';
export type { BeatObservation, BeatProbe, LinkbeatPorts, WatchedBeat } from './linkbeat-watch.js';
export { expireLink, seeLink } from './link-status.js';
export type { LinkCondition, LinkDelays, LinkStatus } from './link-status.js';
export { expireDebounced, observeDebounced } from './debounce.js';
export type { DebounceState } from './debounce.js';
export { checkScriptSecurity } from './script-security.js';
export type { ScriptFinding, ScriptFindingCode, ScriptSecurityOptions, ScriptVerdict } from './script-security.js';
export type { PathFacts, PathFactsSource } from './path-facts.js';
export { nodePathFacts } from './node/path-facts.js';
export { isBuiltinCheck, parseBuiltinCheck } from './builtin-check.js';
export type { BuiltinCheck, ParsedBuiltin, StatusRange } from './builtin-check.js';
export { createBuiltinTracker } from './builtin-tracker.js';
export type { BuiltinPorts, BuiltinTrackerOptions } from './builtin-tracker.js';
export { BODY_LIMIT } from './prober.js';
export type {
  CancelProbe,
  ConnectResult,
  FileAgeResult,
  HttpRequest,
  HttpResult,
  PingResult,
  ProbeFailure,
  Prober,
  UnitResult,
} from './prober.js';
export { createNodeProber } from './node/prober.js';
export type { NodeProberOptions } from './node/prober.js';
export { createPinger } from './pinger.js';
export type { IcmpSocket } from './pinger.js';
export { decodeEchoReply, encodeEchoRequest } from './icmp-echo.js';
export type { Echo } from './icmp-echo.js';
