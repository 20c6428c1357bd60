// bfd_instance NAME { } (keepalived.conf(5), "BFD configuration"): a BFD session (RFC 5880, RFC 5881) to track.
import type { BfdDraft } from '../bind/drafts.js';
import { finding } from '../bind/scope.js';
import { wordSpan } from '../bind/statement.js';
import type { Word } from '../bind/statement.js';
import { parseIpAddress } from '../ip-address.js';
import { blockTable } from '../bind/keyword.js';
import { boolean, flag, number, word, words } from './kinds.js';
import { takeWeight } from './weight.js';

export function createBfdDraft(name: string, nameWord: Word): BfdDraft {
  return { at: {}, name, nameWord, weight: 0, reverse: false, used: false };
}

const unsupported = { support: 'unsupported' } as const;
/** Longest interval, ms: BFD counts microseconds in 32 bits. */
const MAX_INTERVAL = 4_294_967;

const address = (name: string, aliases: readonly string[], doc: string) =>
  word<BfdDraft>({
    name,
    aliases,
    parameters: 'ADDR',
    ...unsupported,
    doc,
    set(draft, text, scope, at) {
      // COMPAT: whatever stands behind a slash is not looked at.
      const ip = parseIpAddress(text.split('/')[0] ?? '');
      if (ip === undefined)
        finding(scope, 'conf/invalid-address', wordSpan(at), `${JSON.stringify(text)} is not an IP address`);
      else if (name === 'neighbor_ip') draft.neighbor = ip.text;
    },
  });

const milliseconds = (name: string, min: number, standard: string, doc: string) =>
  number<BfdDraft>({ name, min, max: MAX_INTERVAL, decimals: 3, default: standard, ...unsupported, doc });

export const BFD_INSTANCE = blockTable<BfdDraft>('bfd_instance', 'A BFD session.', () => [
  address('neighbor_ip', ['neighbour_ip'], 'The other end. Required.'),
  address('source_ip', [], 'Our end.'),
  milliseconds('min_rx', 1, '10', 'Shortest interval we can receive, ms.'),
  milliseconds('min_tx', 1, '10', 'Shortest interval we want to send, ms.'),
  milliseconds('idle_tx', 1000, '1000', 'Interval while the session is down, ms.'),
  number({ name: 'multiplier', min: 1, max: 255, default: '5', ...unsupported, doc: 'Packets that may be missed.' }),
  flag({ name: 'passive', ...unsupported, doc: 'Wait for the other end.' }),
  number({ name: 'ttl', aliases: ['hoplimit'], min: 1, max: 255, ...unsupported, doc: 'TTL of our packets.' }),
  number({ name: 'max_hops', min: -1, max: 255, default: '0', ...unsupported, doc: 'Hops a packet may have made.' }),
  boolean({ name: 'multihop', since: '2.2.8', ...unsupported, doc: 'A session over several hops.' }),
  words({
    name: 'weight',
    parameters: '-253..253 [reverse]',
    needs: 1,
    takes: 2,
    ...unsupported,
    doc: 'Added to the priority of instances that track the session.',
    set: (draft, statement, scope) => takeWeight(scope, statement, { limit: 253 }, draft),
  }),
  flag({ name: 'vrrp', ...unsupported, doc: 'Only VRRP hears of it.' }),
  flag({ name: 'checker', ...unsupported, doc: 'Only checkers hear of it.' }),
]);
