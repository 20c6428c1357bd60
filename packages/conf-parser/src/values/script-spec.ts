// The second level of quoting, for script keywords (keepalived.conf(5), "SCRIPTS"): the rest of the line is read again
// with single and double quotes and escapes; its first token is the command, which is split into arguments in the same way
// once more (seen on keepalived 2.2.7: two backslashes for one); the next two tokens are the user and the group.
// Whether the script is there and safe to run is asked at completion, not here.
import { finding } from '../bind/scope.js';
import type { Finding, Scope } from '../bind/scope.js';
import type { ScriptSpec } from '../bind/drafts.js';
import { wordSpan } from '../bind/statement.js';
import type { Statement, Word } from '../bind/statement.js';

/** Whether a user may follow the command, and whether one that does not exist is more than a warning. */
export type ScriptUsers = 'with-user' | 'with-known-user' | 'command-only';

/** undefined: there is no command, or its user does not exist; keepalived goes on without the script. */
export function parseScriptSpec(
  scope: Scope,
  statement: Statement,
  users: ScriptUsers = 'with-user',
): ScriptSpec | undefined {
  const first = statement.words[0];
  const last = statement.words.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const { text } = first.line;
  // A double quote without a partner at the end of the line is no word of the statement, and one of the command.
  const end = /^[ \t\v\f\r]*"$/.test(text.slice(last.to)) ? text.length : last.to;
  const tokens = splitQuoted(text.slice(first.from, end));
  const command = tokens?.[0];
  const argv = command === undefined ? undefined : splitQuoted(command);
  if (tokens === undefined || argv === undefined) {
    finding(scope, 'conf/unterminated-quote', wordSpan(first), 'the quotes of this command do not match');
    return undefined;
  }
  if (argv.length === 0) {
    // COMPAT: only for the scripts of the daemon itself and of trackers does keepalived's configuration test count it.
    const more: Finding = users === 'with-user' ? { severity: 'warning' } : {};
    finding(scope, 'conf/invalid-value', wordSpan(first), `${statement.keyword.text} has an empty command`, more);
    return undefined;
  }
  const spec: ScriptSpec = { argv, word: first };
  const [, user, group] = tokens;
  if (user === undefined) return spec;
  if (users === 'command-only') {
    finding(scope, 'conf/extra-words', wordSpan(last), 'only the first word is the command; the rest is not read', {
      detail: HINT_QUOTES,
    });
    return spec;
  }
  // keepalived logs an unknown user here and goes on without the script.
  const severity = users === 'with-user' ? 'warning' : 'error';
  if (!checkUser(scope, last, user, group, { severity, detail: HINT_QUOTES })) return undefined;
  return { ...spec, user, ...(group === undefined ? {} : { group }) };
}

/** Reports a user or group this machine does not have. */
export function checkUser(
  scope: Scope,
  at: Word,
  user: string,
  group: string | undefined,
  more: Finding = {},
): boolean {
  if (scope.facts.userExists?.(user) === false) {
    finding(scope, 'conf/unknown-user', wordSpan(at), `there is no user ${user} on this machine`, more);
    return false;
  }
  if (group !== undefined && scope.facts.groupExists?.(group) === false) {
    finding(scope, 'conf/unknown-user', wordSpan(at), `there is no group ${group} on this machine`, more);
    return false;
  }
  return true;
}

/**
 * Splits at blanks outside quotes; quoted and bare parts that touch are one token, and backslash sequences are replaced.
 * Undefined: a quote is not closed.
 */
function splitQuoted(text: string): readonly string[] | undefined {
  const tokens: string[] = [];
  let token: string | undefined;
  let quote: string | undefined;
  for (let at = 0; at < text.length;) {
    const character = text[at] ?? '';
    if (character === '\\' && at + 1 < text.length) {
      const escape = readEscape(text, at + 1);
      token = (token ?? '') + escape.value;
      at += 1 + escape.length;
      continue;
    }
    at += 1;
    if (quote !== undefined) {
      if (character === quote) quote = undefined;
      else token = (token ?? '') + character;
    } else if (character === '"' || character === "'") {
      // COMPAT: one that opens on the last character is overlooked.
      if (at < text.length) quote = character;
      token ??= '';
    } else if (/[ \t\n\v\f\r]/.test(character)) {
      if (token !== undefined) tokens.push(token);
      token = undefined;
    } else token = (token ?? '') + character;
  }
  if (quote !== undefined) return undefined;
  if (token !== undefined) tokens.push(token);
  return tokens;
}

function readEscape(text: string, at: number): { readonly value: string; readonly length: number } {
  const rest = text.slice(at, at + 3);
  const octal = /^[0-7]{1,3}/.exec(rest)?.[0];
  if (octal !== undefined)
    return { value: String.fromCharCode(Number.parseInt(octal, 8) & 0xff), length: octal.length };
  const hexadecimal = /^x([0-9a-fA-F]{1,2})/.exec(rest);
  if (hexadecimal?.[1] !== undefined) {
    return { value: String.fromCharCode(Number.parseInt(hexadecimal[1], 16)), length: hexadecimal[0].length };
  }
  const control = /^c(.)/.exec(rest);
  if (control?.[1] !== undefined) return { value: String.fromCharCode(control[1].charCodeAt(0) & 0x1f), length: 2 };
  const character = rest[0] ?? '';
  return { value: NAMED_ESCAPES[character] ?? character, length: 1 };
}

const NAMED_ESCAPES: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  E: '\u001b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

const HINT_QUOTES =
  'A notify script may be followed by the user and the group it runs as. A command with arguments has to stand in double quotes as one word.';
