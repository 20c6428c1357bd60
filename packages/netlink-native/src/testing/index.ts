// What tests of this package and of programs above it share (subpath ./testing): the network namespace laboratory and
// the helper that skips loudly. Needs no native addon and no test runner to be imported.
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
