// vrrp_sync_group NAME { } (keepalived.conf(5), "VRRP synchronization group(s)"): instances that change together.
import type { SyncGroupDraft } from '../bind/drafts.js';
import { finding } from '../bind/scope.js';
import { wordSpan } from '../bind/statement.js';
import type { Word } from '../bind/statement.js';
import { blockTable } from '../bind/keyword.js';
import { flag, list } from './kinds.js';
import { notificationKeywords } from './notification.js';
import { trackingKeywords } from './tracking.js';

export function createSyncGroupDraft(name: string, nameWord: Word): SyncGroupDraft {
  return { at: {}, name, nameWord, sync_group_tracking_weight: false, notify_webhook: [] };
}

export const VRRP_SYNC_GROUP = blockTable<SyncGroupDraft>(
  'vrrp_sync_group',
  'Instances that take and lose the Master role together.',
  () => [
    list({
      name: 'group',
      parameters: '{ INSTANCE … }',
      doc: 'The members.',
      enter(scope, draft, statement) {
        if (draft.at['group'] !== undefined)
          finding(scope, 'conf/duplicate-keyword', wordSpan(statement.keyword), 'a sync group has one group block', {
            severity: 'error',
          });
        draft.group ??= [];
      },
      item(scope, draft, item) {
        for (const word of [item.keyword, ...item.words]) {
          draft.group?.push(word);
          if (!scope.config.groupOf.has(word.text)) scope.config.groupOf.set(word.text, draft);
        }
      },
    }),
    ...trackingKeywords<SyncGroupDraft>(),
    ...notificationKeywords<SyncGroupDraft>(),
    flag({
      name: 'sync_group_tracking_weight',
      doc: 'Members keep the weights of what they track.',
      set: (draft) => void (draft.sync_group_tracking_weight = true),
    }),
    flag({
      name: 'global_tracking',
      complaint: 'track_interface, track_script and track_file of the group say what global_tracking said',
      support: 'unsupported',
      doc: 'Deprecated.',
    }),
  ],
);
