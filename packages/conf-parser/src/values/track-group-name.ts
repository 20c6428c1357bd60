// `track_group NAME` of a static address, route or rule: the group has to stand above the line.
import { finding } from '../bind/scope.js';
import type { Scope } from '../bind/scope.js';
import { wordSpan } from '../bind/statement.js';
import type { Word } from '../bind/statement.js';

export function checkTrackGroup(scope: Scope, name: Word): void {
  if (scope.config.trackGroups.has(name.text)) return;
  finding(scope, 'conf/unknown-reference', wordSpan(name), `track_group ${name.text} is not defined above`);
}
