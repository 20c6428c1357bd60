// virtual_server_group NAME { } (keepalived.conf(5), "Virtual server group(s)"): several addresses of one service.
//   ADDR[-RANGE] PORT | fwmark N
import { finding } from '../../bind/scope.js';
import type { Scope } from '../../bind/scope.js';
import { statementSpan, wordSpan } from '../../bind/statement.js';
import type { Statement, Word } from '../../bind/statement.js';
import { parseIpAddress } from '../../ip-address.js';
import { parseInteger } from '../../values/numbers.js';
import type { ServerGroupDraft } from '../../bind/server-drafts.js';

export function takeGroupEntry(scope: Scope, group: ServerGroupDraft, item: Statement): void {
  const [first, second] = [item.keyword, item.words[0]];
  if (first.text === 'fwmark') {
    if (second === undefined) {
      finding(scope, 'conf/missing-argument', statementSpan(item), 'fwmark needs a number', {
        keepalived: 'missing-parameter-later',
        fatal: true,
      });
    } else if (parseInteger(second.text, { min: 1, max: 4_294_967_295 }).kind === 'number') group.kinds.add('fwmark');
    else reportEntry(scope, item, 'fwmark needs a number');
    return;
  }
  const family = rangeFamily(scope, first);
  if (family === undefined) return;
  const port = second === undefined ? 0 : portOf(second);
  if (port === undefined) {
    reportEntry(scope, item, 'this is not a port');
    return;
  }
  group.kinds.add(family);
  group.ports.add(port);
}

/** What can only be said of the group as a whole; a group that cannot be used loses its entries. */
export function closeGroup(scope: Scope, group: ServerGroupDraft): void {
  if (group.kinds.size === 0) {
    finding(
      scope,
      'conf/invalid-value',
      wordSpan(group.word),
      'this group has no entry that can be used; it is left out',
    );
  } else if (group.kinds.size === ALL_KINDS) {
    finding(
      scope,
      'conf/address-family',
      wordSpan(group.word),
      'a group with addresses of both families has no marks; it is left out',
    );
    group.kinds.clear();
  }
}

function rangeFamily(scope: Scope, word: Word): 4 | 6 | undefined {
  const [start = '', end] = word.text.split('-');
  const ip = parseIpAddress(start);
  if (ip === undefined) {
    finding(
      scope,
      'conf/invalid-address',
      wordSpan(word),
      `${JSON.stringify(word.text)} is not an address or a range; it is left out`,
    );
    return undefined;
  }
  const first = ip.groups.at(-1) ?? 0;
  const last = end === undefined ? first + 1 : parseRangeEnd(end, ip.family);
  if (last !== undefined && last > first) return ip.family;
  finding(
    scope,
    'conf/invalid-address',
    wordSpan(word),
    `a range ends with a number greater than the last of ${start}; it is left out`,
  );
  return undefined;
}

/** The last octet in decimal, or the last group in hexadecimal. */
function parseRangeEnd(text: string, family: 4 | 6): number | undefined {
  if (family === 4) return /^\d{1,3}$/.test(text) && Number(text) <= 255 ? Number(text) : undefined;
  return /^[0-9a-fA-F]{1,4}$/.test(text) ? Number.parseInt(text, 16) : undefined;
}

function portOf(word: Word): number | undefined {
  const port = parseInteger(word.text, { min: 0, max: 65_535 });
  return port.kind === 'number' ? port.value : undefined;
}

function reportEntry(scope: Scope, item: Statement, why: string): void {
  finding(scope, 'conf/invalid-value', statementSpan(item), `${why}; the entry is left out`);
}

/** IPv4, IPv6 and marks. */
const ALL_KINDS = 3;
