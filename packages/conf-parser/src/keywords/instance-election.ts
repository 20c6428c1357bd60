// vrrp_instance: who becomes Master, when, and what is accepted from others (keepalived.conf(5), "preempt", "strict_mode" and
// following; RFC 9568 §6.1 Preempt_Mode, Accept_Mode).
import type { InstanceDraft } from '../bind/drafts.js';
import { enterBlock } from '../bind/enter.js';
import { defineKeyword } from '../bind/keyword.js';
import type { Keyword, Placed } from '../bind/keyword.js';
import { AUTH_HMAC } from './auth-hmac.js';
import { boolean, flag, number } from './kinds.js';

const unsupported = { support: 'unsupported' } as const;

const election: readonly Keyword<InstanceDraft>[] = [
  flag({
    name: 'nopreempt',
    doc: 'A Master of lower priority is left in place. Needs state BACKUP and a priority below 255.',
    set: (draft) => void (draft.nopreempt = true),
  }),
  flag({ name: 'preempt', doc: 'Undoes nopreempt.', set: (draft) => void (draft.nopreempt = false) }),
  number({
    name: 'preempt_delay',
    min: 0,
    max: 1000,
    decimals: 6,
    default: '0',
    doc: 'Seconds to wait before taking over from a Master of lower priority. Needs state BACKUP.',
    set: (draft, value) => void (draft.preempt_delay = value),
    invalid: (draft) => void (draft.preempt_delay = 0),
  }),
  number({
    name: 'down_timer_adverts',
    min: 1,
    max: 100,
    default: 'vrrp_down_timer_adverts',
    doc: 'Adverts that may be missed before a Backup takes over.',
    set: (draft, value) => void (draft.down_timer_adverts = value),
  }),
  boolean({
    name: 'lower_prio_no_advert',
    default: 'vrrp_lower_prio_no_advert',
    doc: 'As Master, do not answer an advert of lower priority with one of our own.',
    set: (draft, value) => void (draft.lower_prio_no_advert = value),
  }),
  boolean({
    name: 'higher_prio_send_advert',
    default: 'vrrp_higher_prio_send_advert',
    doc: 'Send one more advert before giving way to a higher priority.',
    set: (draft, value) => void (draft.higher_prio_send_advert = value),
  }),
  boolean({
    name: 'skip_check_adv_addr',
    default: 'vrrp_skip_check_adv_addr',
    doc: 'Do not compare the address list of a received advert with ours. `off` does not undo the global default.',
    // COMPAT: any valid boolean word sets it, `off` too.
    set: (draft) => void (draft.skip_check_adv_addr = true),
  }),
  flag({
    name: 'dont_track_primary',
    doc: 'A down interface is no fault.',
    set: (draft) => void (draft.dont_track_primary = true),
  }),
];

const keyed = defineKeyword<InstanceDraft>(
  { name: 'auth_hmac', since: '2.4.0', ...unsupported, doc: AUTH_HMAC.doc },
  '{ key, active_key, … }',
  {
    needs: 0,
    takes: 0,
    block: () => AUTH_HMAC,
    bind: () => ({ kind: 'block', entered: enterBlock<Placed>(AUTH_HMAC, { at: {} }) }),
  },
);

const policy: readonly Keyword<InstanceDraft>[] = [
  keyed,
  boolean({
    name: 'strict_mode',
    ...unsupported,
    default: 'vrrp_strict',
    doc: 'Keep to the RFC where keepalived is lenient.',
    set: (draft, value) => void (draft.strict_mode = value),
  }),
  flag({
    name: 'accept',
    default: 'on',
    doc: 'Answer to the virtual addresses.',
    set: (draft) => void (draft.accept = true),
  }),
  flag({
    name: 'no_accept',
    ...unsupported,
    doc: 'Drop packets to the virtual addresses.',
    set: (draft) => void (draft.accept = false),
  }),
  boolean({
    name: 'owner_ignore_adverts',
    since: '2.3.3',
    default: 'vrrp_owner_ignore_adverts',
    doc: 'The address owner (priority 255) ignores what others advertise.',
    set: (draft, value) => void (draft.owner_ignore_adverts = value),
  }),
  number({
    name: 'timer_expired_backup',
    aliases: ['thread_timer_expired'],
    since: '2.2.8',
    min: 1,
    max: 254,
    bare: 254,
    doc: 'With nopreempt: Backup after a stall in which a router of this priority would have taken over.',
    set: (draft, value) => void (draft.timer_expired_backup = value),
  }),
  number({
    name: 'kernel_rx_buf_size',
    strict: true,
    exact: true,
    missing: 'error',
    min: 0,
    max: 4_294_967_295,
    ...unsupported,
    doc: 'Receive buffer of the sockets, bytes.',
  }),
  number({
    name: 'debug',
    min: 0,
    max: 4,
    support: 'ignored',
    default: '0',
    doc: 'Debug level; keepalived only stores it.',
  }),
];

export const electionKeywords: readonly Keyword<InstanceDraft>[] = [...election, ...policy];
