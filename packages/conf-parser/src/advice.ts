// Advice keepalived never gave: settings of one instance that are allowed, and will surprise whoever relies on them.
// What only shows when the configurations of all nodes lie side by side is check-nodes.ts.
import type { InstanceDraft } from './bind/drafts.js';
import { finding } from './bind/scope.js';
import type { Scope } from './bind/scope.js';
import { wordSpan } from './bind/statement.js';
import type { TrackReference, VrrpInstance } from './model.js';

/** RFC 9568 §6.1: 255 belongs to the address owner, so no weight leads there. */
export const MAX_WEIGHTED_PRIORITY = 254;

export function adviseInstance(scope: Scope, draft: InstanceDraft, instance: VrrpInstance): void {
  adviseWeights(scope, draft, instance);
  adviseAccept(scope, draft, instance);
}

const TRACKED = ['track_script', 'track_interface', 'track_process', 'track_file'] as const;

function adviseWeights(scope: Scope, draft: InstanceDraft, instance: VrrpInstance): void {
  for (const kind of TRACKED) {
    for (const track of instance[kind]) {
      const word = draft[kind]?.get(track.name)?.word;
      const reason = word === undefined || track.weight === 0 ? undefined : weightReason(instance, track);
      if (word === undefined || reason === undefined) continue;
      finding(scope, 'conf/weight-without-effect', wordSpan(word), reason.summary, {
        detail: reason.detail,
        keepalived: 'none',
      });
    }
  }
}

function weightReason(
  instance: VrrpInstance,
  { name, weight }: TrackReference,
): { summary: string; detail: string } | undefined {
  if (instance.nopreempt) {
    return {
      summary: `when every node has nopreempt, the weight of ${name} never moves the addresses`,
      detail:
        'A Backup with nopreempt leaves a Master of lower priority alone. With weight 0 a failure is a fault, and does move them.',
    };
  }
  if (weight > 0 && instance.priority >= MAX_WEIGHTED_PRIORITY) {
    return {
      summary: `the priority cannot rise above ${MAX_WEIGHTED_PRIORITY}, so the weight of ${name} adds nothing`,
      detail: 'Lower the priority by the weight, or use a negative weight.',
    };
  }
  return undefined;
}

function adviseAccept(scope: Scope, draft: InstanceDraft, instance: VrrpInstance): void {
  if (instance.accept || instance.priority === 255) return;
  const word = draft.at['no_accept'] ?? draft.at['strict_mode'] ?? draft.nameWord;
  finding(
    scope,
    'conf/address-not-answering',
    wordSpan(word),
    `the addresses of ${instance.name} will not answer, not even to ping`,
    {
      detail:
        'Without accept mode, which strict mode takes away, a Master forwards packets to the addresses and drops those for them.',
    },
  );
}
