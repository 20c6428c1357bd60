// The name of a block: `vrrp_instance NAME {` and the like.
// What a name is used for, and whether it may be used twice, is the business of each table.
import { finding } from '../bind/scope.js';
import type { Finding, Scope } from '../bind/scope.js';
import { wordSpan } from '../bind/statement.js';
import type { Statement, Word } from '../bind/statement.js';

/** Exactly one name, else keepalived steps over the block. */
export function blockName(scope: Scope, statement: Statement, more: Finding = {}): Word | undefined {
  const [name, extra] = statement.words;
  if (name !== undefined && extra === undefined) return name;
  finding(
    scope,
    'conf/missing-name',
    wordSpan(statement.keyword),
    `${statement.keyword.text} takes exactly one name; the block is left out`,
    more,
  );
  return undefined;
}
