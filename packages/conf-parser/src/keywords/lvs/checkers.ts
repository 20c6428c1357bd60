// The health checks of a real_server (keepalived.conf(5), "Checkers"): read and validated, never run by vrrpd.
import { enterBlock } from '../../bind/enter.js';
import { finding } from '../../bind/scope.js';
import type { Scope } from '../../bind/scope.js';
import { statementSpan, wordSpan } from '../../bind/statement.js';
import type { Word } from '../../bind/statement.js';
import { isLinkLocal } from '../../ip-address.js';
import type { IpAddress } from '../../ip-address.js';
import { checkUser, parseScriptSpec } from '../../values/script-spec.js';
import { blockTable, defineKeyword } from '../../bind/keyword.js';
import type { BlockTable, Keyword } from '../../bind/keyword.js';
import { parseInteger } from '../../values/numbers.js';
import { acceptNumber, boolean, choice, flag, number, reportInvalid, word, words } from '../kinds.js';
import { script } from '../script-keyword.js';
import { bindToAny, checkWords, connecting, connection, general, MAX_WORDS, text } from './check-parts.js';
import { http, smtp } from './page-checks.js';
import type { CheckDraft, VirtualServerDraft } from '../../bind/server-drafts.js';

const ignored = { support: 'ignored' } as const;
const MAX_WHOLE_TIMEOUT = 4294;
const MAX_INT32 = 2_147_483_647;

/** Blanks between double quotes count as those outside. */
const HEXADECIMAL = /^[\da-fA-F ]+$/;
/** An x stands for any digit. */
const HEXADECIMAL_PATTERN = /^[\da-fA-FxX ]+$/;

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
  number({
    name: 'misc_timeout',
    parameters: 'SECONDS',
    strict: true,
    min: 0,
    max: MAX_WHOLE_TIMEOUT,
    ...ignored,
    doc: 'Seconds it may take.',
  }),
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
  word({
    name: 'name',
    ...ignored,
    repeatable: true,
    doc: 'Name to ask for.',
    set(draft, name, scope, at) {
      if (draft.at['name'] !== undefined) {
        const summary = 'the name is already set: the first one counts';
        finding(scope, 'conf/duplicate-keyword', wordSpan(at), summary, { severity: 'error' });
      }
      // COMPAT: a first label of one letter is an empty one to keepalived 2.2.7.
      if (/\.\.|^.?\./.test(name)) reportInvalid(scope, at, `${JSON.stringify(name)} has an empty label`);
    },
  }),
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
    set: (_draft, statement, scope) => checkWords(scope, statement, HEXADECIMAL_PATTERN),
  }),
  number({
    name: 'min_reply_length',
    min: 0,
    max: 65_535,
    ...ignored,
    doc: 'Shortest answer.',
    set: (draft, value) => void (draft.replyLengths = { ...draft.replyLengths, min: value }),
  }),
  number({
    name: 'max_reply_length',
    min: 0,
    max: 65_535,
    ...ignored,
    doc: 'Longest answer.',
    set: (draft, value) => void (draft.replyLengths = { ...draft.replyLengths, max: value }),
  }),
];

const file = (): readonly Keyword<CheckDraft>[] => [
  word({
    name: 'track_file',
    ...ignored,
    doc: 'The track_file.',
    set(draft, name, scope, at) {
      if (checkReference(scope, at, name, scope.config.trackFiles)) draft.reference = name;
    },
  }),
  words({
    name: 'weight',
    parameters: '-2147483647..2147483647 [reverse]',
    missing: 'error',
    needs: 1,
    takes: 2,
    ...ignored,
    doc: 'Its weight.',
    set(_draft, { words: [weight, option] }, scope) {
      if (weight === undefined) return;
      const range = { min: -MAX_INT32, max: MAX_INT32 };
      acceptNumber(scope, weight, parseInteger(weight.text, range), { name: 'weight', strict: true, ...range });
      if (option !== undefined && option.text !== 'reverse' && option.text !== 'noreverse')
        reportInvalid(scope, option, `only reverse may follow a weight, not ${JSON.stringify(option.text)}`);
    },
  }),
];

function checkReference(scope: Scope, at: Word, name: string, known: ReadonlyMap<string, unknown>): boolean {
  if (known.has(name)) return true;
  finding(scope, 'conf/unknown-reference', wordSpan(at), `${name} is not defined above`);
  return false;
}

const table = (
  name: string,
  doc: string,
  ...parts: readonly (() => readonly Keyword<CheckDraft>[])[]
): BlockTable<CheckDraft> => blockTable<CheckDraft>(name, doc, () => parts.flatMap((part) => part()), 'quiet');

const TABLES: readonly BlockTable<CheckDraft>[] = [
  table('HTTP_GET', 'Gets a page.', connection, http, general),
  table('SSL_GET', 'Gets a page over TLS.', connection, http, general),
  table('TCP_CHECK', 'Connects.', connection, general),
  table('UDP_CHECK', 'Sends a datagram.', connection, udp, general),
  table('SMTP_CHECK', 'Talks to a mail server.', () => connecting(bindToAny), smtp, general),
  table('DNS_CHECK', 'Asks a name server.', connection, dns, general),
  table('MISC_CHECK', 'Runs a command.', misc, general),
  table('PING_CHECK', 'Pings.', connection, general),
  table('FILE_CHECK', 'Looks at a number in a file.', file),
  table('BFD_CHECK', 'Looks at a BFD session.', () => [
    word({
      name: 'name',
      ...ignored,
      missing: 'error',
      exact: true,
      repeatable: true,
      doc: 'The bfd_instance.',
      set(draft, name, scope, at) {
        if (draft.reference !== undefined) reportInvalid(scope, at, 'the check has a bfd_instance already');
        else if (checkReference(scope, at, name, scope.config.bfdInstances)) draft.reference = name;
      },
    }),
    boolean({ name: 'alpha', ...ignored, doc: 'Start as down.' }),
  ]),
];

/** Of a UDP_CHECK that does not say. */
const DEFAULT_MAX_REPLY = 255;

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
        const { min = 0, max = DEFAULT_MAX_REPLY } = draft.replyLengths ?? {};
        if (min > max) {
          const summary = `an answer of at least ${min} and at most ${max} bytes: the check always fails`;
          finding(scope, 'conf/invalid-value', statementSpan(statement), summary);
        }
        if (/^(?:FILE|BFD)_CHECK$/.test(checks.name) && draft.reference === undefined) {
          const summary = `${checks.name} has nothing to look at; it is left out`;
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
