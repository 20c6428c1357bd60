// garp_group { } (keepalived.conf(5), "Gratuitous ARP and unsolicited NA groups"): interfaces that share a delay queue.
import type { Placed } from '../bind/keyword.js';
import { blockTable } from '../bind/keyword.js';
import { list, number, word } from './kinds.js';
import { finding } from '../bind/scope.js';
import type { Scope } from '../bind/scope.js';
import { wordSpan } from '../bind/statement.js';
import type { Word } from '../bind/statement.js';
import { requireInterface } from '../values/interface-name.js';

const unsupported = { support: 'unsupported' } as const;

export const GARP_GROUP = blockTable<Placed>(
  'garp_group',
  'Interfaces whose announcements are spaced together.',
  () => [
    number({
      name: 'garp_interval',
      min: 0,
      max: 4294,
      decimals: 6,
      ...unsupported,
      doc: 'Seconds between gratuitous ARP.',
    }),
    number({
      name: 'gna_interval',
      min: 0,
      max: 4294,
      decimals: 6,
      ...unsupported,
      doc: 'Seconds between neighbour advertisements.',
    }),
    word({
      name: 'interface',
      parameters: 'IFNAME',
      ...unsupported,
      repeatable: true,
      doc: 'The interface.',
      set: (_draft, _text, scope, at) => takeMember(scope, at),
    }),
    list({
      name: 'interfaces',
      parameters: '{ IFNAME … }',
      ...unsupported,
      notEmpty: true,
      doc: 'The interfaces.',
      item(scope, _draft, item) {
        for (const at of [item.keyword, ...item.words]) takeMember(scope, at);
      },
    }),
  ],
);

/** An interface is in one group; the first counts. */
function takeMember(scope: Scope, at: Word): void {
  const name = requireInterface(scope, at);
  const { garpGroupMembers } = scope.config;
  if (garpGroupMembers.has(name)) {
    finding(scope, 'conf/duplicate-name', wordSpan(at), `${name} is in a garp_group already; it is left out here`);
  }
  garpGroupMembers.add(name);
}
