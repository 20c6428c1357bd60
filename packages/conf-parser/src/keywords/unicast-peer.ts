// A line of unicast_peer: ADDR [min_ttl 0..255] [max_ttl 0..255] (keepalived.conf(5), "unicast_peer").
import type { InstanceDraft } from '../bind/drafts.js';
import { finding } from '../bind/scope.js';
import type { Scope } from '../bind/scope.js';
import { wordSpan } from '../bind/statement.js';
import type { Statement } from '../bind/statement.js';
import { takeHostAddress } from '../values/host-address.js';
import { parseInteger } from '../values/numbers.js';

export function takeUnicastPeer(scope: Scope, draft: InstanceDraft, item: Statement): void {
  const word = item.keyword;
  const ip = takeHostAddress(scope, word);
  if (ip === undefined) {
    finding(
      scope,
      'conf/invalid-address',
      wordSpan(word),
      `the unicast peer ${JSON.stringify(word.text)} is not an IP address; it is left out`,
    );
    return;
  }
  draft.family ??= ip.family;
  if (draft.family !== ip.family) {
    finding(
      scope,
      'conf/address-family',
      wordSpan(word),
      `${draft.name} is an IPv${draft.family} instance; the peer ${word.text} is left out`,
    );
    return;
  }
  const limits: { min_ttl?: number; max_ttl?: number } = {};
  for (let index = 0; index < item.words.length; index += 2) {
    const option = item.words[index];
    const value = item.words[index + 1];
    if (option === undefined) break;
    if ((option.text !== 'min_ttl' && option.text !== 'max_ttl') || value === undefined) {
      finding(
        scope,
        'conf/invalid-option',
        wordSpan(option),
        'a unicast peer takes min_ttl N and max_ttl N; the rest of the line is ignored',
      );
      break;
    }
    const result = parseInteger(value.text, { min: 0, max: 255 });
    if (result.kind === 'number') {
      limits[option.text] = result.value;
      draft.check_unicast_src = true;
    } else finding(scope, 'conf/out-of-range', wordSpan(value), `${option.text} must be between 0 and 255`);
  }
  if ((limits.min_ttl ?? 0) > (limits.max_ttl ?? 255)) {
    finding(
      scope,
      'conf/invalid-option',
      wordSpan(word),
      'with min_ttl above max_ttl every advert of this peer is discarded',
    );
  }
  draft.unicast_peer.push({ address: ip.text, ...limits });
}
