// notify_webhook, an addition of vrrpd: `notify_webhook URL [header "NAME: VALUE"]…`, in an instance, a sync group, or in
// global_defs for all of them. What is sent is described in docs/reference/webhook.md.
import { finding } from '../bind/scope.js';
import type { Scope } from '../bind/scope.js';
import { wordSpan } from '../bind/statement.js';
import type { Statement, Word } from '../bind/statement.js';
import type { NotifyWebhook, WebhookHeader } from '../model.js';
import { suggestFor } from '../suggest.js';
import type { Keyword } from '../bind/keyword.js';
import { words } from './kinds.js';

/** RFC 9110 §5.6.2. */
const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/;
/** RFC 9110 §5.5, less what is not ASCII. */
const FIELD_VALUE = /^[\t\x20-\x7e]*$/;
/** RFC 3986 §3, as far as a request needs it; the fragment never leaves. */
const URL_PARTS = /^(?<scheme>https?):\/\/(?<authority>[^/?#\\]+)[!-~]*$/i;
/** A name, an IPv4 address or a bracketed IPv6 address; the group is always there, maybe empty. */
const AUTHORITY = /^(?:[\w.~-]+|\[[\da-f:.]+\])(?::(?=\d))?(?<port>\d{0,5})$/i;
const MAX_PORT = 65_535;
/** What the connection and the document decide. */
const OWN_HEADERS = new Set(['connection', 'content-length', 'content-type', 'expect', 'host', 'transfer-encoding']);

export function webhookKeyword<Draft extends { notify_webhook: NotifyWebhook[] }>(doc: string): Keyword<Draft> {
  return words({
    name: 'notify_webhook',
    parameters: 'URL [header "NAME: VALUE"]…',
    needs: 1,
    takes: Number.POSITIVE_INFINITY,
    repeatable: true,
    addition: true,
    missing: 'error',
    doc,
    set(draft, statement, scope) {
      const webhook = parseWebhook(scope, statement);
      if (webhook !== undefined) draft.notify_webhook.push(webhook);
    },
  });
}

/** Undefined when there is no URL to send anything to; a header that cannot be sent is left out. */
function parseWebhook(scope: Scope, { words: [target, ...rest] }: Statement): NotifyWebhook | undefined {
  if (target === undefined) return undefined;
  const problem = urlProblem(target.text);
  if (problem !== undefined) finding(scope, 'conf/invalid-value', wordSpan(target), problem);
  const headers: WebhookHeader[] = [];
  for (let at = 0; at < rest.length; at += 1) {
    const option = rest[at];
    if (option === undefined) break;
    if (option.text !== 'header') {
      const span = wordSpan(option);
      // What stands here may be the secret of a header: it is not repeated.
      finding(scope, 'conf/invalid-option', span, 'after the URL comes header "NAME: VALUE", as often as needed', {
        suggestion: suggestFor(scope, span, option.text, ['header']),
      });
      continue;
    }
    at += 1;
    const header = parseHeader(scope, option, rest[at]);
    if (header !== undefined) headers.push(header);
  }
  return problem === undefined ? { url: target.text, headers } : undefined;
}

function parseHeader(scope: Scope, option: Word, word: Word | undefined): WebhookHeader | undefined {
  if (word === undefined) {
    finding(scope, 'conf/missing-argument', wordSpan(option), 'header needs an argument: "NAME: VALUE"');
    return undefined;
  }
  const colon = word.text.indexOf(':');
  const name = word.text.slice(0, Math.max(0, colon));
  const value = word.text.slice(colon + 1).trim();
  const problem = headerProblem(name, value);
  if (problem === undefined) return { name, value };
  finding(scope, 'conf/invalid-value', wordSpan(word), problem);
  return undefined;
}

function headerProblem(name: string, value: string): string | undefined {
  if (!TOKEN.test(name)) return 'a header is "NAME: VALUE"; in double quotes, because of the blank';
  if (OWN_HEADERS.has(name.toLowerCase())) return `the header ${name} is not for the configuration to set`;
  return FIELD_VALUE.test(value) ? undefined : `the value of the header ${name} has characters that cannot be sent`;
}

function urlProblem(text: string): string | undefined {
  const { scheme, authority } = URL_PARTS.exec(text)?.groups ?? {};
  if (scheme === undefined || authority === undefined) {
    return `a webhook is an http or https URL, not ${JSON.stringify(text)}`;
  }
  if (authority.includes('@')) return 'a URL with a user name is not sent: use header "Authorization: …"';
  const port = AUTHORITY.exec(authority)?.groups?.['port'];
  if (port === undefined) return `${JSON.stringify(authority)} is no host with an optional port`;
  return port === '' || (Number(port) >= 1 && Number(port) <= MAX_PORT) ? undefined : `there is no port ${port}`;
}
