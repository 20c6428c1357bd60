// @vrrp/wire/analysis: what a stream of VRRP packets tells about its routers. Pure and incremental; feed it the packets of
// '@vrrp/wire/capture' or of a live socket.
export { createAnalysis } from './analysis.js';
export type { Analysis, ObservedPacket, VirtualRouterSummary } from './analysis.js';
export { adviceOn, formatFinding } from './finding.js';
export type { Finding, FindingBody, SharedSetting, TakeoverReason, VirtualRouterKey } from './finding.js';
export { hear } from './mastership.js';
export type { Mastership, MastershipStep, Word } from './mastership.js';
