// The garp_* keywords of an instance and the vrrp_garp_* defaults of global_defs: when and how often a Master
// announces its addresses (keepalived.conf(5), "garp_master_delay" and following). They have the same rules.
import type { GarpDraft } from '../bind/drafts.js';
import { finding } from '../bind/scope.js';
import type { Scope } from '../bind/scope.js';
import { wordSpan } from '../bind/statement.js';
import type { Word } from '../bind/statement.js';
import type { Keyword, Placed } from '../bind/keyword.js';
import { acceptNumber, number, words } from './kinds.js';
import { parseInteger } from '../values/numbers.js';

/** keepalived keeps these delays as seconds that fit a 32-bit count of microseconds. */
const MAX_DELAY = 4294;
const MAX_UINT32 = 4_294_967_295;
const MAX_INT32 = 2_147_483_647;

/** `prefix` is `vrrp_` in global_defs. */
export function announcementKeywords<Draft extends Placed & { garp: GarpDraft }>(
  prefix: '' | 'vrrp_',
): readonly Keyword<Draft>[] {
  const inherited = (value: string): string => (prefix === '' ? `global vrrp_ (${value})` : value);
  return [
    number({
      name: `${prefix}garp_master_delay`,
      min: 0,
      max: MAX_DELAY,
      default: inherited('5'),
      doc: 'Seconds from becoming Master to the second burst of gratuitous ARP; 0: no second burst.',
      set: (draft, value) => void (draft.garp.garp_master_delay = value),
    }),
    number({
      name: `${prefix}garp_master_repeat`,
      min: 0,
      max: MAX_UINT32,
      default: inherited('5'),
      doc: 'How often each address is announced in a burst; 0 is taken as 1.',
      set: (draft, value, scope, word) => void (draft.garp.garp_master_repeat = atLeastOnce(value, scope, word)),
    }),
    number({
      name: `${prefix}garp_master_refresh`,
      min: 0,
      max: MAX_UINT32,
      default: inherited('0'),
      doc: 'Seconds between bursts while Master; 0: none.',
      set: (draft, value) => void (draft.garp.garp_master_refresh = value),
      invalid: (draft) => void (draft.garp.garp_master_refresh = 0),
    }),
    number({
      name: `${prefix}garp_master_refresh_repeat`,
      min: 0,
      max: MAX_UINT32,
      default: inherited('1'),
      doc: 'How often each address is announced in a refresh burst; 0 is taken as 1.',
      set: (draft, value, scope, word) =>
        void (draft.garp.garp_master_refresh_repeat = atLeastOnce(value, scope, word)),
    }),
    number({
      name: `${prefix}garp_lower_prio_delay`,
      min: 0,
      max: MAX_DELAY,
      default: prefix === '' ? 'global (garp_master_delay of global_defs)' : 'vrrp_garp_master_delay',
      doc: 'Seconds to the second burst after an advert of lower priority was heard as Master.',
      set: (draft, value) => void (draft.garp.garp_lower_prio_delay = value),
    }),
    number({
      name: `${prefix}garp_lower_prio_repeat`,
      min: 0,
      max: MAX_INT32,
      default: prefix === '' ? 'global (garp_master_repeat of global_defs)' : 'vrrp_garp_master_repeat',
      doc: 'How often each address is announced after an advert of lower priority; 0: not at all.',
      set: (draft, value) => void (draft.garp.garp_lower_prio_repeat = value),
    }),
  ];
}

function atLeastOnce(value: number, scope: Scope, word: Word): number {
  if (value > 0) return value;
  finding(scope, 'conf/out-of-range', wordSpan(word), 'this must be greater than 0: 1 is used');
  return 1;
}

/** `[all] SECONDS`: announcements on the further interfaces of an instance, and the old name of it. */
export function extraInterfaceKeywords<Draft extends Placed>(
  name: string,
  oldName: string,
  min: 0 | 1,
): readonly Keyword<Draft>[] {
  const keyword = (spelling: string, complaint?: string): Keyword<Draft> =>
    words({
      name: spelling,
      parameters: `[all] ${min}..${MAX_EXTRA_INTERVAL}`,
      needs: 1,
      takes: 2,
      support: 'unsupported',
      missing: 'error',
      ...(complaint === undefined ? {} : { complaint }),
      doc: 'Seconds between gratuitous ARP on further interfaces.',
      set(_draft, statement, scope) {
        const [first, second] = statement.words;
        const word = first?.text === 'all' ? second : (second ?? first);
        const range = { min, max: MAX_EXTRA_INTERVAL };
        if (word !== undefined) acceptNumber(scope, word, parseInteger(word.text, range), { name: spelling, ...range });
      },
    });
  return [keyword(name), keyword(oldName, `${oldName} is the old name of ${name}`)];
}

const MAX_EXTRA_INTERVAL = 86_400;
