// vrrp_instance: who else is told (keepalived.conf(5), "NOTIFY SCRIPTS"), beside what it shares with sync groups
// (notification.ts).
import type { InstanceDraft } from '../bind/drafts.js';
import type { Keyword } from '../bind/keyword.js';
import { parseScriptSpec } from '../values/script-spec.js';
import { notificationKeywords } from './notification.js';
import { script } from './script-keyword.js';

export const scriptKeywords: readonly Keyword<InstanceDraft>[] = [
  ...notificationKeywords<InstanceDraft>(),
  script({
    name: 'notify_deleted',
    optional: true,
    doc: 'Run when a reload removes the instance; without a script: DELETED is told then, not FAULT.',
    set: (draft, statement, scope) => void (draft.notify_deleted = parseScriptSpec(scope, statement) ?? true),
  }),
  script({
    name: 'notify_master_rx_lower_pri',
    doc: 'Run when a Master hears a lower priority.',
    set(draft, statement, scope) {
      const spec = parseScriptSpec(scope, statement);
      if (spec !== undefined) draft.notify_master_rx_lower_pri = spec;
    },
  }),
];
