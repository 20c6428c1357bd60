// What a tracker's result does to a priority (keepalived.conf(5), track_script, track_process, track_file, track_interface).
// Pure. A weight adds; weight 0 gates: its virtual routers may only run while the gate is open.
// It does not sum, nor limit the sum to 1..254: that is the virtual router's.

import type { Contribution, Tracker, TrackerStatus } from './tracker.js';

export interface Weighting {
  /** -254..254. */
  readonly weight: number;
  /** Turns the weight's sign round, or for weight 0 the gate. */
  readonly reverse: boolean;
}

export interface Reading {
  /** Never reversed: `up` is what the tracker looks for (success, quorum, carrier, the number 0). */
  readonly status: TrackerStatus;
  /** The number in a tracked file. */
  readonly value?: number;
}

/** A file's product at or below this closes the gate, whatever the other weights are. */
const FILE_PRODUCT_FAULT = -254;
const FILE_PRODUCT_MAX = 253;

const NOTHING: Contribution = { kind: 'weight', value: 0 };

export function contributionOf(kind: Tracker['kind'], reading: Reading, weighting: Weighting): Contribution {
  const { status } = reading;
  const { weight, reverse } = weighting;
  // A gate without a result stays closed, reversed or not: keepalived waits in FAULT for the first result.
  if (weight === 0) return { kind: 'gate', open: status !== 'unknown' && (status === 'up') !== reverse };
  const signed = reverse ? -weight : weight;
  if (kind === 'file') return fileContribution(reading.value, signed);
  if (status === 'unknown') return NOTHING;
  // The sign of the weight as written says which result counts: a bonus for success or a penalty for failure.
  const counts = weight > 0 ? status === 'up' : status === 'down';
  return counts ? { kind: 'weight', value: signed } : NOTHING;
}

function fileContribution(value: number | undefined, weight: number): Contribution {
  if (value === undefined || value === 0) return NOTHING;
  const product = value * weight;
  if (product <= FILE_PRODUCT_FAULT) return { kind: 'gate', open: false };
  return { kind: 'weight', value: Math.min(product, FILE_PRODUCT_MAX) };
}
