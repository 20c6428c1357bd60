// An address of a host, not of a network: source addresses, peers, multicast groups. keepalived reads over what follows a
// `/` or a `-` (a prefix length, the end of a range) without a word; here it gets a warning.
import { finding } from '../bind/scope.js';
import type { Scope } from '../bind/scope.js';
import { wordSpan } from '../bind/statement.js';
import type { Word } from '../bind/statement.js';
import { parseIpAddress } from '../ip-address.js';
import type { IpAddress } from '../ip-address.js';

/** undefined when it is no address; saying so is the caller's. */
export function takeHostAddress(scope: Scope, word: Word): IpAddress | undefined {
  const [host = '', ...rest] = word.text.split(/[/-]/);
  const ip = parseIpAddress(host);
  if (ip !== undefined && rest.length > 0) {
    finding(
      scope,
      'conf/invalid-address',
      wordSpan(word),
      `only ${ip.text} is used: this is no place for a prefix length or a range`,
      {
        severity: 'warning',
        suggestion: { span: wordSpan(word), replacement: ip.text },
      },
    );
  }
  return ip;
}
