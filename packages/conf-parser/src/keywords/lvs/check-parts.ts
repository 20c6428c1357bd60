// What the health checks of a real_server share (keepalived.conf(5), "Checkers"): where they connect, how often they try, and
// words of a form of their own.
import { finding } from '../../bind/scope.js';
import type { Scope } from '../../bind/scope.js';
import { wordSpan } from '../../bind/statement.js';
import type { Statement, Word } from '../../bind/statement.js';
import { parseIpAddress } from '../../ip-address.js';
import type { IpAddress } from '../../ip-address.js';
import type { Keyword } from '../../bind/keyword.js';
import type { CheckDraft } from '../../bind/server-drafts.js';
import { boolean, number, reportInvalid, word, words } from '../kinds.js';

const ignored = { support: 'ignored' } as const;
const MAX_SECONDS = Number.MAX_SAFE_INTEGER;
const MAX_TIMEOUT = 4294.967295;
const MAX_UINT32 = 4_294_967_295;

/** Seconds with six decimals. */
export function seconds<Draft>(name: string, min: number, doc: string, max = MAX_SECONDS): Keyword<Draft> {
  return number<Draft>({ name, parameters: 'SECONDS', min, max, decimals: 6, ...ignored, doc });
}

/** What virtual_server, real_server and most checks share. */
export function retryKeywords<Draft>(fewestRetries: 0 | 1): readonly Keyword<Draft>[] {
  return [
    number({
      name: 'retry',
      min: fewestRetries,
      max: MAX_UINT32,
      ...ignored,
      doc: 'Failures before the server counts as down.',
    }),
    seconds('delay_before_retry', 0, 'Seconds between retries.'),
    seconds('warmup', 0, 'Most seconds before the first check.'),
    seconds('delay_loop', 0.000001, 'Seconds between checks.'),
  ];
}

export function connectTimeout<Draft>(): Keyword<Draft> {
  return seconds('connect_timeout', 0.000001, 'Seconds to connect.', MAX_TIMEOUT);
}

function address(
  name: string,
  doc: string,
  set: (draft: CheckDraft, ip: IpAddress, scope: Scope, at: Word) => void,
): Keyword<CheckDraft> {
  return word<CheckDraft>({
    name,
    parameters: 'ADDR',
    ...ignored,
    doc,
    set(draft, text, scope, at) {
      // COMPAT: whatever stands behind a slash is not looked at.
      const ip = parseIpAddress(text.split('/')[0] ?? '');
      if (ip === undefined) reportInvalid(scope, at, `${JSON.stringify(text)} is not an IP address`);
      else set(draft, ip, scope, at);
    },
  });
}

function port<Draft>(name: string, doc: string): Keyword<Draft> {
  return number<Draft>({ name, min: 1, max: 65_535, ...ignored, doc });
}

/** An address of the family the check connects to. */
const bindTo = address('bindto', 'Address to connect from.', ({ target }, ip, scope, at) => {
  if (ip.family === target.family) return;
  const summary = `the check connects to an IPv${target.family} address, and cannot do so from ${ip.text}`;
  finding(scope, 'conf/address-family', wordSpan(at), summary);
});

// COMPAT: the check of mail servers does not compare the families.
export const bindToAny = address('bindto', 'Address to connect from.', () => undefined);

/** Where and how a check connects. */
export const connecting = (bind: Keyword<CheckDraft>): readonly Keyword<CheckDraft>[] => [
  connectTimeout(),
  address('connect_ip', 'Address to connect to.', (draft, ip) => void (draft.target = ip)),
  port('connect_port', 'Port to connect to.'),
  bind,
  port('bind_port', 'Port to connect from.'),
  word({
    name: 'bind_if',
    parameters: 'IFNAME',
    ...ignored,
    doc: 'Interface to connect from.',
    set: (draft) => void (draft.boundToInterface = true),
  }),
  number({ name: 'fwmark', min: 0, max: MAX_UINT32, ...ignored, doc: 'Mark of the packets.' }),
];

export const connection = (): readonly Keyword<CheckDraft>[] => connecting(bindTo);

export const general = (): readonly Keyword<CheckDraft>[] => [
  ...retryKeywords<CheckDraft>(0),
  boolean({ name: 'alpha', ...ignored, doc: 'Start as down.' }),
  boolean({ name: 'log_all_failures', ...ignored, doc: 'Log every failure.' }),
];

export const MAX_WORDS = 64;

/** One or more words of a form of their own. */
export function text<Draft>(
  name: string,
  doc: string,
  form: RegExp,
  missing: 'error' | 'nothing' = 'error',
): Keyword<Draft> {
  return words<Draft>({
    name,
    parameters: 'WORD…',
    missing,
    needs: 1,
    takes: MAX_WORDS,
    ...ignored,
    doc,
    set: (_draft, statement, scope) => checkWords(scope, statement, form),
  });
}

export function checkWords(scope: Scope, statement: Statement, form: RegExp, takes = MAX_WORDS): void {
  for (const given of statement.words.slice(0, takes)) {
    if (!form.test(given.text))
      reportInvalid(scope, given, `${JSON.stringify(given.text)} is no value of ${statement.keyword.text}`);
  }
}
