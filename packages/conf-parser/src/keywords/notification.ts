// What vrrp_instance and vrrp_sync_group share of telling others: scripts, mail, webhooks (keepalived.conf(5), "NOTIFY SCRIPTS").
import type { NotifyDraft } from '../bind/drafts.js';
import { finding } from '../bind/scope.js';
import { wordSpan } from '../bind/statement.js';
import { parseScriptSpec } from '../values/script-spec.js';
import type { Keyword, Placed } from '../bind/keyword.js';
import { boolean } from './kinds.js';
import { script } from './script-keyword.js';
import { webhookKeyword } from './webhook.js';

type Notified = Placed & NotifyDraft;

const SCRIPTS = [
  ['notify_master', 'Run on becoming Master.'],
  ['notify_backup', 'Run on becoming Backup.'],
  ['notify_fault', 'Run on a fault.'],
  ['notify_stop', 'Run when the daemon stops.'],
  ['notify', 'Run on every change, with INSTANCE or GROUP, the name, the state and the priority appended.'],
] as const;

export function notificationKeywords<Draft extends Notified>(): readonly Keyword<Draft>[] {
  return [
    ...SCRIPTS.map(([name, doc]) =>
      script<Draft>({
        name,
        doc,
        set(draft, statement, scope) {
          // The first one counts (keepalived reports the second).
          if (draft[name] !== undefined) {
            finding(
              scope,
              'conf/duplicate-keyword',
              wordSpan(statement.keyword),
              `${name} is already set: the first one counts`,
              { severity: 'error' },
            );
            return;
          }
          const spec = parseScriptSpec(scope, statement);
          if (spec !== undefined) draft[name] = spec;
        },
      }),
    ),
    boolean({
      name: 'smtp_alert',
      default: 'smtp_alert_vrrp',
      doc: 'Send mail on state changes.',
      set: (draft, value) => void (draft.smtp_alert = value),
    }),
    boolean({
      name: 'notify_priority_changes',
      default: 'that of the sync group, else vrrp_notify_priority_changes',
      doc: 'Tell notify FIFOs about priority changes.',
      set: (draft, value) => void (draft.notify_priority_changes = value),
    }),
    webhookKeyword('URL that is told every change, beside those of global_defs.'),
  ];
}
