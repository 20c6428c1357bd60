// The kind of keyword whose argument is a command: COMMAND [USER [GROUP]], read with its own quoting.
import type { Scope } from '../bind/scope.js';
import type { Statement } from '../bind/statement.js';
import { defineKeyword } from '../bind/keyword.js';
import type { Keyword, Spec } from '../bind/keyword.js';

export function script<Draft>(
  spec: Spec & { optional?: true; set?(draft: Draft, statement: Statement, scope: Scope): void },
): Keyword<Draft> {
  return defineKeyword(spec, 'COMMAND [USER [GROUP]]', {
    needs: spec.optional === true ? 0 : 1,
    wholeLine: true,
    // The words of a command are not the words of the line: the command itself says what is left over.
    takes: Number.POSITIVE_INFINITY,
    // Which of two counts is for each of them to say.
    repeatable: true,
    bind: (scope, draft, statement) => void spec.set?.(draft, statement, scope),
  });
}
