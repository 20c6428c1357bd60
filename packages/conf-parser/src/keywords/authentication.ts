// authentication { } inside vrrp_instance (keepalived.conf(5); RFC 2338 §5.3.6 types 1 and 2).
// Whether the authentication can be used at all is decided at completion, when version and mode are known.
import type { InstanceDraft } from '../bind/drafts.js';
import { finding } from '../bind/scope.js';
import { wordSpan } from '../bind/statement.js';
import { suggestFor } from '../suggest.js';
import { byteLength, firstBytes } from '../values/byte-length.js';
import { blockTable } from '../bind/keyword.js';
import { word } from './kinds.js';

export const MAX_PASSWORD = 8;

export const AUTHENTICATION = blockTable<InstanceDraft>(
  'authentication',
  'How VRRP version 2 adverts are authenticated.',
  () => [
    word({
      name: 'auth_type',
      parameters: 'PASS|AH',
      unsupportedValues: ['AH'],
      doc: 'PASS: the password is sent in clear; AH: an IPsec authentication header. RFC 9568 has neither.',
      set(draft, text, scope, at) {
        if (text === 'AH' || text === 'PASS') draft.auth_type = text;
        else {
          const span = wordSpan(at);
          finding(scope, 'conf/invalid-value', span, `auth_type is PASS or AH, not ${JSON.stringify(text)}`, {
            suggestion: suggestFor(scope, span, text, ['PASS', 'AH']),
          });
        }
      },
    }),
    word({
      name: 'auth_pass',
      parameters: 'PASSWORD',
      doc: 'At most eight bytes: more are cut off.',
      set(draft, text, scope, at) {
        draft.auth_pass = firstBytes(text, MAX_PASSWORD);
        if (byteLength(text) <= MAX_PASSWORD) return;
        const span = wordSpan(at);
        finding(scope, 'conf/password-truncated', span, `only the first ${MAX_PASSWORD} bytes of auth_pass are used`, {
          detail: 'Nodes whose passwords differ after that accept each other.',
        });
      },
    }),
  ],
);
