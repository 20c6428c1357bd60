// The keywords of global_defs about mail (keepalived.conf(5), "Global definitions"): who gets it, through which server.
// Those marked as additions are vrrpd's own: keepalived talks to its mail server without TLS and without a login.
import type { GlobalDraft } from '../bind/drafts.js';
import { finding } from '../bind/scope.js';
import type { Scope } from '../bind/scope.js';
import { wordSpan } from '../bind/statement.js';
import type { Statement } from '../bind/statement.js';
import { parseIpAddress } from '../ip-address.js';
import { parseInteger } from '../values/numbers.js';
import type { Keyword } from '../bind/keyword.js';
import { boolean, choice, flag, list, number, word, words } from './kinds.js';

/** Without its argument the keyword is an error, where others make keepalived exit. */
const reported = { missing: 'error' } as const;
const addition = { addition: true, ...reported } as const;

export const SMTP_PORT = 25;

const whom: readonly Keyword<GlobalDraft>[] = [
  list({
    name: 'notification_email',
    parameters: '{ ADDRESS … }',
    notEmpty: true,
    doc: 'Who gets mail, as "Name <user@host>" or user@host.',
    item: (_scope, draft, item) =>
      void draft.notification_email.push(item.keyword.text, ...item.words.map(({ text }) => text)),
  }),
  word({
    name: 'notification_email_from',
    parameters: 'ADDRESS',
    ...reported,
    default: "the daemon's user at this host",
    doc: 'Who the mail is from.',
    set: (draft, text) => void (draft.notification_email_from = text),
  }),
  boolean({
    name: 'smtp_alert',
    default: 'off',
    doc: 'Default of smtp_alert_vrrp.',
    set: (draft, value) => void (draft.smtp_alert = value),
  }),
  boolean({
    name: 'smtp_alert_vrrp',
    default: 'smtp_alert',
    doc: 'Default of smtp_alert in instances and sync groups.',
    set: (draft, value) => void (draft.smtp_alert_vrrp = value),
  }),
  ...['smtp_alert_checker', 'no_checker_emails'].map((name) =>
    boolean<GlobalDraft>({ name, support: 'ignored', doc: 'Mail about LVS.' }),
  ),
  flag({
    name: 'no_email_faults',
    doc: 'No mail about faults.',
    set: (draft) => void (draft.no_email_faults = true),
  }),
];

const server: readonly Keyword<GlobalDraft>[] = [
  words({
    name: 'smtp_server',
    parameters: 'HOST [PORT]',
    needs: 1,
    takes: 2,
    default: 'no mail; port 25',
    doc: 'The mail server.',
    set: setServer,
  }),
  word({
    name: 'smtp_helo_name',
    missing: 'nothing',
    default: 'the host name',
    doc: 'How the daemon presents itself to the mail server.',
    set: (draft, text) => void (draft.smtp_helo_name = text),
  }),
  number({
    name: 'smtp_connect_timeout',
    min: 0,
    max: 4294,
    default: '30',
    doc: 'Seconds to wait for the mail server, for its connection and for each answer; 0 is taken as 1.',
    set(draft, value, scope, at) {
      if (value === 0) finding(scope, 'conf/out-of-range', wordSpan(at), 'this must be greater than 0: 1 is used');
      draft.smtp_connect_timeout = Math.max(1, value);
    },
  }),
];

const login: readonly Keyword<GlobalDraft>[] = [
  choice({
    name: 'smtp_security',
    values: ['none', 'starttls', 'tls'],
    atMost: 1,
    default: 'none',
    ...addition,
    doc: 'TLS to the mail server, its certificate checked: after STARTTLS, or from the first byte (port 465).',
    set: (draft, text) => void (draft.smtp_security = text === 'starttls' || text === 'tls' ? text : 'none'),
  }),
  word({
    name: 'smtp_ca_file',
    parameters: 'PATH',
    ...addition,
    default: 'the authorities Node.js comes with',
    doc: "PEM certificates of those who vouch for the mail server's name.",
    set: (draft, text) => void (draft.smtp_ca_file = text),
  }),
  word({
    name: 'smtp_user',
    ...addition,
    default: 'no login',
    doc: 'Name to log in to the mail server with.',
    set: (draft, text) => void (draft.smtp_user = text),
  }),
  word({
    name: 'smtp_password_file',
    parameters: 'PATH',
    ...addition,
    doc: 'File whose first line is the password for smtp_user, read when mail is sent.',
    set: (draft, text) => void (draft.smtp_password_file = text),
  }),
];

export const mailKeywords: readonly Keyword<GlobalDraft>[] = [...whom, ...server, ...login];

function setServer(draft: GlobalDraft, statement: Statement, scope: Scope): void {
  const [host, port] = statement.words;
  if (host === undefined) return;
  if (parseIpAddress(host.text) === undefined && scope.facts.hostResolves?.(host.text) === false) {
    finding(scope, 'conf/invalid-address', wordSpan(host), `the mail server ${host.text} has no address`);
  }
  draft.smtp_server = { host: host.text, port: SMTP_PORT };
  if (port === undefined) return;
  const parsed = parseInteger(port.text, { min: 1, max: 65_535 });
  if (parsed.kind === 'number') draft.smtp_server = { host: host.text, port: parsed.value };
  else finding(scope, 'conf/out-of-range', wordSpan(port), 'a port is a number from 1 to 65535');
}
