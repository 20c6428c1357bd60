// Effective priority: the base plus what every tracker with a weight contributes, kept within 1..254.
// keepalived.conf(5), "weight" of track_interface, track_script, track_process, track_bfd, track_file.
// The address owner's 255 never changes. Trackers without weight gate instead: faults.ts.
import type { TrackedObject, VirtualRouterConfig } from './config.js';
import { trackerFact } from './facts.js';
import type { Facts } from './facts.js';
import type { TrackerKind } from './types.js';

/** Priority of the router that owns the addresses (RFC 9568 §5.2.4). */
export const OWNER_PRIORITY = 255;
export const PRIORITY_MIN = 1;
/** Highest priority of a router that does not own the addresses. */
export const PRIORITY_MAX = 254;
/** A file contributes at most this. */
export const FILE_CONTRIBUTION_MAX = 253;
/** A file that would contribute this or less is a fault. */
export const FILE_CONTRIBUTION_FAULT = -254;

/** One named part of the sum that the effective priority is. */
export interface Contribution {
  readonly kind: TrackerKind;
  readonly name: string;
  readonly value: number;
}

/** 1..254, or 255 for the address owner: as long as no other owner contests that (rival-owner.ts). */
export function effectivePriority(config: VirtualRouterConfig, facts: Facts): number {
  if (config.priority === OWNER_PRIORITY) return facts.rivalOwner === undefined ? OWNER_PRIORITY : PRIORITY_MAX;
  let total = config.priority;
  for (const tracked of config.trackedObjects) total += contribution(tracked, facts);
  return Math.min(PRIORITY_MAX, Math.max(PRIORITY_MIN, total));
}

/** Every tracked object with a weight, and what it adds now (0 included). */
export function contributions(config: VirtualRouterConfig, facts: Facts): readonly Contribution[] {
  return config.trackedObjects
    .filter((tracked) => tracked.weight !== 0)
    .map((tracked) => ({ kind: tracked.kind, name: tracked.name, value: contribution(tracked, facts) }));
}

/** What one tracked object adds now; an unknown state adds nothing. */
export function contribution(tracked: TrackedObject, facts: Facts): number {
  if (tracked.weight === 0) return 0;
  if (tracked.kind === 'file') {
    return Math.min(FILE_CONTRIBUTION_MAX, Math.max(FILE_CONTRIBUTION_FAULT, fileProduct(tracked, facts)));
  }
  const { status } = trackerFact(facts, tracked.kind, tracked.name);
  if (status === 'unknown') return 0;
  // A positive weight rewards success, a negative one punishes failure; `reverse` turns the sign of what is added.
  const counts = tracked.weight > 0 ? status === 'up' : status === 'down';
  return counts ? signedWeight(tracked) : 0;
}

/** The number in the file times the weight, not limited. A file without number is 0. */
export function fileProduct(tracked: TrackedObject, facts: Facts): number {
  return (trackerFact(facts, 'file', tracked.name).value ?? 0) * signedWeight(tracked);
}

function signedWeight(tracked: TrackedObject): number {
  return tracked.reverse ? -tracked.weight : tracked.weight;
}
