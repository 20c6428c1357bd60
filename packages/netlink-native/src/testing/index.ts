// What tests of this package and of programs above it share (subpath ./testing): a kernel in memory, the contract suite that
// real and fake kernels pass, and the network namespace laboratory. Needs no native addon and no test runner to be imported.
export { createNamespaceLab } from './namespaces.js';
export type {
  BridgeLan,
  Capture,
  CommandOptions,
  CommandResult,
  LabAddress,
  LanMember,
  NamespaceLab,
} from './namespaces.js';
export { isAvailable, requires } from './requires.js';
export type { Capability } from './requires.js';
export { kernelContract } from './kernel-contract.js';
export type { KernelUnderTest } from './kernel-contract.js';
export { MemoryKernel } from './memory-kernel.js';
export type { MemoryLink, MemorySnapshot } from './memory-kernel.js';
export { deadlineTimerContract } from './deadline-timer-contract.js';
export type { TimersUnderTest } from './deadline-timer-contract.js';
export { frameSocketContract } from './frame-socket-contract.js';
export type { FrameSocketsUnderTest } from './frame-socket-contract.js';
export { vrrpSocketContract } from './vrrp-socket-contract.js';
export type { SocketEnd, VrrpSocketsUnderTest } from './vrrp-socket-contract.js';
