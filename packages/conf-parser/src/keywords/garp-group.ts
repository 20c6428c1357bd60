// garp_group { } (keepalived.conf(5), "Gratuitous ARP and unsolicited NA groups"): interfaces that share a delay queue.
import type { Placed } from '../bind/keyword.js';
import { blockTable } from '../bind/keyword.js';
import { list, number, word } from './kinds.js';
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
      doc: 'The interface.',
      set: (_draft, _text, scope, at) => void requireInterface(scope, at),
    }),
    list({
      name: 'interfaces',
      parameters: '{ IFNAME … }',
      ...unsupported,
      doc: 'The interfaces.',
      item(scope, _draft, item) {
        for (const at of [item.keyword, ...item.words]) requireInterface(scope, at);
      },
    }),
  ],
);
