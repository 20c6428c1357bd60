// track_group NAME { } (keepalived.conf(5), "Static track groups"): ties static entries to instances. Read, not acted on;
// keepalived does not mind members that are not there.
import type { Placed } from '../bind/keyword.js';
import { blockTable } from '../bind/keyword.js';
import { finding } from '../bind/scope.js';
import { wordSpan } from '../bind/statement.js';
import { list } from './kinds.js';

export const TRACK_GROUP = blockTable<Placed>(
  'track_group',
  'Ties static addresses, routes and rules to instances.',
  () => [
    list({
      name: 'group',
      parameters: '{ INSTANCE … }',
      support: 'unsupported',
      doc: 'The instances.',
      notEmpty: true,
      enter(scope, draft, statement) {
        if (draft.at['group'] === undefined) return;
        const summary = 'a track_group has one group block';
        finding(scope, 'conf/duplicate-keyword', wordSpan(statement.keyword), summary, { severity: 'error' });
      },
      item: () => undefined,
    }),
  ],
  'quiet',
);
