// The health checks of a real_server (keepalived.conf(5), "Checkers"): read and validated, never run by vrrpd.
import { enterBlock } from '../../bind/enter.js';
import { finding } from '../../bind/scope.js';
import type { Scope } from '../../bind/scope.js';
import { statementSpan, wordSpan } from '../../bind/statement.js';
import type { Statement, Word } from '../../bind/statement.js';
import { isLinkLocal, parseIpAddress } from '../../ip-address.js';
import type { IpAddress } from '../../ip-address.js';
import { checkUser, parseScriptSpec } from '../../values/script-spec.js';
import { blockTable, defineKeyword } from '../../bind/keyword.js';
import type { BlockTable, Keyword } from '../../bind/keyword.js';
import { boolean, choice, flag, number, reportInvalid, word, words } from '../kinds.js';
import { script } from '../script-keyword.js';
import type { CheckDraft, VirtualServerDraft } from '../../bind/server-drafts.js';

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
const bindToAny = address('bindto', 'Address to connect from.', () => undefined);

/** Where and how a check connects. */
const connecting = (bind: Keyword<CheckDraft>): readonly Keyword<CheckDraft>[] => [
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

const connection = (): readonly Keyword<CheckDraft>[] => connecting(bindTo);

const general = (): readonly Keyword<CheckDraft>[] => [
  ...retryKeywords<CheckDraft>(0),
  boolean({ name: 'alpha', ...ignored, doc: 'Start as down.' }),
  boolean({ name: 'log_all_failures', ...ignored, doc: 'Log every failure.' }),
];

const MAX_WORDS = 64;

/** One or more words of a form of their own. */
function text<Draft>(
  name: string,
  doc: string,
  form: RegExp,
  missing: 'error' | 'nothing' | 'exit' = 'error',
  takes = MAX_WORDS,
): Keyword<Draft> {
  return words<Draft>({
    name,
    parameters: 'WORD…',
    ...(missing === 'exit' ? {} : { missing }),
    needs: 1,
    takes,
    ...ignored,
    doc,
    set: (_draft, statement, scope) => checkWords(scope, statement, form, takes),
  });
}

function checkWords(scope: Scope, statement: Statement, form: RegExp, takes = MAX_WORDS): void {
  for (const given of statement.words.slice(0, takes)) {
    if (!form.test(given.text))
      reportInvalid(scope, given, `${JSON.stringify(given.text)} is no value of ${statement.keyword.text}`);
  }
}

const HEXADECIMAL = /^[0-9a-fA-F]+$/;

interface UrlDraft {
  readonly at: CheckDraft['at'];
}

const URL = blockTable<UrlDraft>(
  'url',
  'What to get and what to expect.',
  () => [
    word({ name: 'path', ...ignored, doc: 'The path.' }),
    text('digest', 'MD5 of the answer, 32 digits.', /^.{32}$/, 'exit', 1),
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

const http = (): readonly Keyword<CheckDraft>[] => [
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
    bind: (_scope, draft) => ({ kind: 'block', entered: enterBlock(table, { ...inner(draft), at: {} }) }),
  });
}

const misc = (): readonly Keyword<CheckDraft>[] => [
  script({
    name: 'misc_path',
    missing: 'nothing',
    parameters: 'COMMAND',
    ...ignored,
    doc: 'The command.',
    set(draft, statement, scope) {
      const spec = parseScriptSpec(scope, statement, 'command-only');
      if (spec !== undefined) draft.script = spec;
    },
  }),
  seconds('misc_timeout', 0, 'Seconds it may take.', MAX_TIMEOUT),
  flag({ name: 'misc_dynamic', ...ignored, doc: 'The exit status sets the weight.' }),
  words({
    name: 'user',
    parameters: 'USER [GROUP]',
    missing: 'error',
    needs: 1,
    takes: 2,
    ...ignored,
    doc: 'Who it runs as.',
    set(draft, statement, scope) {
      const [user, group] = statement.words;
      if (user !== undefined && !checkUser(scope, user, user.text, group?.text)) draft.refused = true;
    },
  }),
];

const HOST = blockTable<UrlDraft>(
  'host',
  'Where to connect to.',
  () => connecting(bindToAny) as readonly Keyword<UrlDraft>[],
  'quiet',
);

const smtp = (): readonly Keyword<CheckDraft>[] => [
  word({ name: 'helo_name', missing: 'error', ...ignored, doc: 'How to present itself.' }),
  nested('host', HOST, (draft) => draft),
];

const DNS_TYPES = ['A', 'NS', 'CNAME', 'SOA', 'MX', 'TXT', 'AAAA', 'RRSIG', 'DNSKEY'].flatMap((type) => [
  type,
  type.toLowerCase(),
]);

const dns = (): readonly Keyword<CheckDraft>[] => [
  choice({
    name: 'type',
    values: DNS_TYPES,
    atMost: 1,
    ...ignored,
    doc: 'Record type.',
  }),
  word({ name: 'name', ...ignored, doc: 'Name to ask for.' }),
];

const udp = (): readonly Keyword<CheckDraft>[] => [
  text('payload', 'What to send, in hexadecimal.', HEXADECIMAL),
  words({
    name: 'require_reply',
    parameters: '[HEX…]',
    needs: 0,
    takes: MAX_WORDS,
    ...ignored,
    doc: 'What to expect.',
    set: (_draft, statement, scope) => checkWords(scope, statement, HEXADECIMAL),
  }),
  number({ name: 'min_reply_length', min: 0, max: 65_535, ...ignored, doc: 'Shortest answer.' }),
  number({ name: 'max_reply_length', min: 0, max: 65_535, ...ignored, doc: 'Longest answer.' }),
];

const file = (): readonly Keyword<CheckDraft>[] => [
  word({
    name: 'track_file',
    ...ignored,
    doc: 'The track_file.',
    set: (_draft, name, scope, at) => checkReference(scope, at, name, scope.config.trackFiles),
  }),
  words({ name: 'weight', parameters: '-254..254 [reverse]', needs: 1, takes: 2, ...ignored, doc: 'Its weight.' }),
];

function checkReference(scope: Scope, at: Word, name: string, known: ReadonlyMap<string, unknown>): void {
  if (!known.has(name)) finding(scope, 'conf/unknown-reference', wordSpan(at), `${name} is not defined above`);
}

const table = (
  name: string,
  doc: string,
  ...parts: readonly (() => readonly Keyword<CheckDraft>[])[]
): BlockTable<CheckDraft> =>
  blockTable<CheckDraft>(name, doc, () => [...parts, general].flatMap((part) => part()), 'quiet');

const TABLES: readonly BlockTable<CheckDraft>[] = [
  table('HTTP_GET', 'Gets a page.', connection, http),
  table('SSL_GET', 'Gets a page over TLS.', connection, http),
  table('TCP_CHECK', 'Connects.', connection),
  table('UDP_CHECK', 'Sends a datagram.', connection, udp),
  table('SMTP_CHECK', 'Talks to a mail server.', () => connecting(bindToAny), smtp),
  table('DNS_CHECK', 'Asks a name server.', connection, dns),
  table('MISC_CHECK', 'Runs a command.', misc),
  table('PING_CHECK', 'Pings.', connection),
  table('FILE_CHECK', 'Looks at a number in a file.', file),
  table('BFD_CHECK', 'Looks at a BFD session.', () => [
    word({
      name: 'name',
      ...ignored,
      doc: 'The bfd_instance.',
      set: (_draft, name, scope, at) => checkReference(scope, at, name, scope.config.bfdInstances),
    }),
  ]),
];

interface CheckedServer {
  readonly server: VirtualServerDraft;
  readonly ip: IpAddress;
}

/** The checks as keywords of real_server. */
export function checkKeywords<Draft extends CheckedServer>(): readonly Keyword<Draft>[] {
  return TABLES.map((checks) => checkKeyword<Draft>(checks));
}

function checkKeyword<Draft extends CheckedServer>(checks: BlockTable<CheckDraft>): Keyword<Draft> {
  return defineKeyword({ name: checks.name, ...ignored, doc: checks.doc }, '{ … }', {
    needs: 0,
    takes: 0,
    repeatable: true,
    block: () => checks,
    bind(scope, { server, ip }, statement) {
      const draft: CheckDraft = { at: {}, server, target: ip };
      const close = (): void => {
        if (checks.index.has('bind_if') && isLinkLocal(draft.target) && draft.boundToInterface === undefined) {
          const summary = `${draft.target.text} is the address of one link: the check needs bind_if`;
          finding(scope, 'conf/invalid-value', statementSpan(statement), summary);
        }
        if (checks.name.endsWith('_GET') && draft.at['url'] === undefined) {
          finding(scope, 'conf/invalid-value', statementSpan(statement), `${checks.name} has no url; it is left out`);
        }
        if (checks.name === 'MISC_CHECK' && draft.script === undefined) {
          finding(
            scope,
            'conf/script-missing',
            statementSpan(statement),
            'MISC_CHECK has no misc_path; it is left out',
          );
        } else if (draft.script !== undefined && draft.refused === undefined) server.scripts.push(draft.script);
      };
      return { kind: 'block', entered: enterBlock(checks, draft, close) };
    },
  });
}
