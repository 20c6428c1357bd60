// Linux sockets, timers and rtnetlink for VRRP. Everything that asks the kernel needs the native addon, which is loaded on
// first use; types, errors and constants do not.
export type { ChangeResult, EventOrigin, Kernel, NetworkChange, NetworkEvent } from './kernel.js';
export type { NetworkObject, ObjectKind, ObjectOf, ObjectSpec, SpecOf } from './network-object.js';
export { VRRP_PROTOCOL } from './network-object.js';
export { addressSpecOf } from './objects/address.js';
export type { Address, AddressSpec } from './objects/address.js';
export type { Link, LinkSpec, MacvlanMode } from './objects/link.js';
export type { Neighbour, NeighbourSpec } from './objects/neighbour.js';
export type { Nexthop, Route, RouteMetric, RouteMetrics, RouteSpec, RouteType } from './objects/route.js';
export type { NumberRange, Prefix, Rule, RuleAction, RuleSpec } from './objects/rule.js';
export { objectKey } from './rtnl/kinds.js';
export { openKernel } from './native/open-kernel.js';
export { openProcessEvents } from './native/process-events.js';
export { openVrrpSocket } from './native/vrrp-socket.js';
export { readLinkBeat } from './native/link-beat.js';
export type { LinkBeat, LinkBeatMethod } from './native/link-beat.js';
export { openIcmpSocket } from './native/icmp-socket.js';
export type { IcmpSocket } from './native/icmp-socket.js';
export { openFrameSocket } from './native/frame-socket.js';
export type { FrameSocketOptions } from './native/frame-socket.js';
export { monotonicMicros, openDeadlineTimer } from './native/deadline-timer.js';
export { makeFifo } from './native/make-fifo.js';
export { replaceProgram } from './native/replace-program.js';
export type { Inheritance } from './native/replace-program.js';
export { ignoreSignals, notedSignals, noteSignals, releasedSignals, signalHoldingLibrary } from './native/signals.js';
export { startProgram } from './native/start-program.js';
export type { ProgramEnd, ProgramStart, ProgramStarted } from './native/start-program.js';
export {
  endRealtimePriority,
  enterNetworkNamespace,
  inNetworkNamespace,
  limitRealtimeRun,
  setRealtimePriority,
  threadId,
} from './native/thread.js';
export { lockMemory } from './native/memory-lock.js';
export { sendUnixDatagram } from './native/unix-datagram.js';
export { errnoName, OperationError } from './operation-error.js';
export type { OperationErrorCode, OperationFailure } from './operation-error.js';
export type { ProcessEvent, ProcessEvents } from './processes.js';
export type {
  DeadlineTimer,
  FrameSocket,
  OutgoingDatagram,
  ReceivedDatagram,
  Referenced,
  VrrpSocket,
  VrrpSocketOptions,
} from './sockets.js';
