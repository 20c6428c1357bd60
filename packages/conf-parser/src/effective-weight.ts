// The weight that counts. keepalived 2.2.7 shows a weight of 0 for an interface that a member of a sync group tracks, and
// acts on the one that was written: the model has both.
import type { TrackReference } from './model.js';

/** What the loss of a tracked object changes the priority by; 0 makes it a fault. */
export function effectiveWeight({ weight, effective_weight: effective = weight }: TrackReference): number {
  return effective;
}
