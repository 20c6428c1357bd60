// What a webhook is told of a notice, pure: one JSON document, described by docs/reference/webhook.schema.json.
import type { Fault } from '@vrrp/state-machine';
import type { SubjectFacts } from '../../plan/notifications.js';
import { evidenceText } from '../../reports/fault-clause.js';
import type { Notice, NoticeReason } from '../../reports/notice.js';

/** Everything else than the notice that goes into a document. */
export interface DocumentContext {
  /** Unique; the same when a document is sent again. */
  readonly id: string;
  /** When the daemon heard of it. */
  readonly time: Date;
  /** Counts the documents about one instance or group from 1, from the start of the daemon. */
  readonly sequence: number;
  readonly node: string;
  readonly facts: SubjectFacts;
}

export interface WebhookDocument {
  readonly id: string;
  readonly time: string;
  readonly sequence: number;
  readonly node: string;
  readonly scope: Notice['scope'];
  readonly name: string;
  readonly state: Exclude<Notice['state'], 'MASTER_RX_LOWER_PRI'>;
  readonly previous: NoticeReason['previous'] | null;
  readonly cause: NoticeReason['cause'];
  readonly priority: number;
  readonly faults: readonly ToldFault[];
  readonly vrid?: number;
  readonly interface?: string;
  readonly addresses?: readonly string[];
  readonly members?: readonly string[];
  readonly member?: string;
}

/** A fault with what its tracker found in words: a receiver shows it, and nobody takes it apart. */
type ToldFault = Exclude<Fault, { kind: 'tracker-down' }> | ToldTrackerFault;

type ToldTrackerFault = Omit<Fault & { kind: 'tracker-down' }, 'evidence'> & { readonly evidence?: string };

export type WebhookNotice = Notice & { readonly state: WebhookDocument['state'] };

export function webhookDocument(notice: WebhookNotice, context: DocumentContext): WebhookDocument {
  const { scope, name, state, priority, reason } = notice;
  const { id, time, sequence, node, facts } = context;
  return {
    id,
    time: time.toISOString(),
    sequence,
    node,
    scope,
    name,
    state,
    previous: reason?.previous ?? null,
    cause: reason?.cause ?? 'shutdown',
    priority,
    faults: (reason?.faults ?? []).map(toldFault),
    ...facts,
    ...(reason?.member === undefined ? {} : { member: reason.member }),
  };
}

function toldFault(fault: Fault): ToldFault {
  if (fault.kind !== 'tracker-down') return fault;
  const { evidence: _evidence, ...told } = fault;
  const evidence = evidenceText(fault);
  return evidence === undefined ? told : { ...told, evidence };
}
