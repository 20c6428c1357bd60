// HTTP_GET, SSL_GET and SMTP_CHECK: the checks that have blocks of their own inside (keepalived.conf(5), "Checkers").
import { enterBlock } from '../../bind/enter.js';
import { blockTable, defineKeyword } from '../../bind/keyword.js';
import type { BlockTable, Keyword } from '../../bind/keyword.js';
import { finding } from '../../bind/scope.js';
import { statementSpan, wordSpan } from '../../bind/statement.js';
import type { CheckDraft } from '../../bind/server-drafts.js';
import { boolean, choice, flag, number, word, words } from '../kinds.js';
import { bindToAny, checkWords, connecting, text } from './check-parts.js';

const ignored = { support: 'ignored' } as const;
const MAX_UINT32 = 4_294_967_295;

interface UrlDraft {
  readonly at: CheckDraft['at'];
}

const URL = blockTable<UrlDraft>(
  'url',
  'What to get and what to expect.',
  () => [
    word({ name: 'path', ...ignored, doc: 'The path.' }),
    words({
      name: 'digest',
      parameters: 'MD5',
      needs: 1,
      takes: 1,
      repeatable: true,
      ...ignored,
      doc: 'MD5 of the answer, 32 digits.',
      set(draft, statement, scope) {
        checkWords(scope, statement, /^.{32}$/, 1);
        if (draft.at['digest'] === undefined) return;
        const summary = 'a url has one digest: the first one counts';
        finding(scope, 'conf/duplicate-keyword', wordSpan(statement.keyword), summary, { severity: 'error' });
      },
    }),
    text('status_code', 'Accepted status codes, N or A-B.', /^[1-9]\d\d(?:-[1-9]\d\d)?$/, 'nothing'),
    word({ name: 'virtualhost', missing: 'error', ...ignored, doc: 'Host header.' }),
    word({ name: 'regex', missing: 'nothing', ...ignored, doc: 'The answer has to match.' }),
    flag({ name: 'regex_no_match', ...ignored, doc: 'The answer must not match.' }),
    words({
      name: 'regex_options',
      missing: 'nothing',
      needs: 1,
      takes: 64,
      ...ignored,
      doc: 'Options of the expression.',
    }),
    word({ name: 'regex_min_offset', missing: 'nothing', ...ignored, doc: 'Where to start.' }),
    word({ name: 'regex_max_offset', missing: 'nothing', ...ignored, doc: 'Where to end.' }),
    words({ name: 'regex_stack', missing: 'nothing', needs: 2, takes: 2, ...ignored, doc: 'Stack of the matcher.' }),
    boolean({ name: 'tls_compliant', since: '2.2.8', ...ignored, doc: 'Insist on a clean end of TLS.' }),
  ],
  'quiet',
);

export const http = (): readonly Keyword<CheckDraft>[] => [
  word({ name: 'virtualhost', missing: 'error', ...ignored, doc: 'Host header.' }),
  choice({
    name: 'http_protocol',
    missing: 'error',
    values: ['1.0', '1.1', '1.0C', '1.0c', '1.1C', '1.1c'],
    atMost: 1,
    ...ignored,
    doc: 'HTTP version.',
  }),
  boolean({ name: 'enable_sni', ...ignored, doc: 'Send the host name in TLS.' }),
  word({ name: 'sni_name', since: '2.4.4', ...ignored, doc: 'The name to send.' }),
  boolean({ name: 'fast_recovery', ...ignored, doc: 'Check all at once on recovery.' }),
  boolean({ name: 'tls_compliant', since: '2.2.8', ...ignored, doc: 'Insist on a clean end of TLS.' }),
  number({
    name: 'nb_get_retry',
    min: 1,
    max: MAX_UINT32,
    complaint: 'nb_get_retry is the old name of retry',
    ...ignored,
    doc: 'Old name of retry.',
  }),
  nested('url', URL, (draft) => draft),
];

function nested<Draft, Inner extends { readonly at: CheckDraft['at'] }>(
  name: string,
  table: BlockTable<Inner>,
  inner: (draft: Draft) => Inner,
): Keyword<Draft> {
  return defineKeyword({ name, ...ignored, doc: table.doc }, '{ … }', {
    needs: 0,
    takes: 0,
    repeatable: true,
    block: () => table,
    bind(scope, draft, statement) {
      const entered: Inner = { ...inner(draft), at: {} };
      const close = (): void => {
        if (table.name !== 'url' || entered.at['path'] !== undefined) return;
        finding(scope, 'conf/invalid-value', statementSpan(statement), 'this url has no path; it is left out');
      };
      return { kind: 'block', entered: enterBlock(table, entered, close) };
    },
  });
}

const HOST = blockTable<UrlDraft>(
  'host',
  'Where to connect to.',
  () => connecting(bindToAny) as readonly Keyword<UrlDraft>[],
  'quiet',
);

export const smtp = (): readonly Keyword<CheckDraft>[] => [
  word({ name: 'helo_name', missing: 'error', ...ignored, doc: 'How to present itself.' }),
  nested('host', HOST, (draft) => draft),
];
