// auth_hmac { } inside vrrp_instance (keepalived 2.4.0): keyed authentication of adverts. Read, not acted on.
import type { Placed } from '../bind/keyword.js';
import { blockTable } from '../bind/keyword.js';
import { choice, number, words } from './kinds.js';

const unsupported = { support: 'unsupported' } as const;

export const AUTH_HMAC = blockTable<Placed>(
  'auth_hmac',
  'Adverts are authenticated with a keyed hash.',
  () => [
    words({
      name: 'key',
      parameters: 'ID VALUE',
      needs: 2,
      takes: 2,
      repeatable: true,
      ...unsupported,
      doc: 'A key of 32 to 64 bytes: text, hex:DIGITS or file:PATH.',
    }),
    number({ name: 'active_key', min: 1, max: 255, ...unsupported, doc: 'The key to sign with.' }),
    choice({
      name: 'mode',
      values: ['enforce', 'permissive', 'receive-only'],
      atMost: 1,
      default: 'enforce',
      ...unsupported,
      doc: 'What is accepted.',
    }),
    choice({
      name: 'anti_replay',
      values: ['time', 'monotonic'],
      atMost: 1,
      default: 'time',
      ...unsupported,
      doc: 'How repeated adverts are told.',
    }),
    number({ name: 'time_window', min: 1, max: 300, ...unsupported, doc: 'Seconds clocks may differ.' }),
  ],
  'quiet',
);
