// What the steps of completing an instance share: the values that are settled before the others, and where things stand.
// The steps themselves have a file each.
import type { InstanceDraft } from '../bind/drafts.js';
import type { Scope } from '../bind/scope.js';
import { wordSpan } from '../bind/statement.js';
import type { Span } from '../source.js';

/** What the steps of completion agree on. */
export interface Settled {
  readonly scope: Scope;
  readonly draft: InstanceDraft;
  readonly version: 2 | 3;
  readonly family: 4 | 6;
  readonly priority: number;
  readonly strict: boolean;
  state: 'MASTER' | 'BACKUP';
}

/** Where the keyword stands, or the name of the instance when it was not given. */
export function placeOf(draft: InstanceDraft, keyword: string): Span {
  return wordSpan(draft.at[keyword] ?? draft.nameWord);
}
