// global_defs { } (keepalived.conf(5), "Global definitions"): the keywords that concern VRRP. Mail is in mail.ts; scripts and
// FIFOs, tuning, and processes are in the global-*.ts.
// keepalived reads all of global_defs before it reads any other block, so it makes no difference where it stands.
import type { GlobalDraft } from '../bind/drafts.js';
import { blockTable } from '../bind/keyword.js';
import type { Keyword } from '../bind/keyword.js';
import { finding } from '../bind/scope.js';
import { wordSpan } from '../bind/statement.js';
import { takeHostAddress } from '../values/host-address.js';
import { isMulticast } from '../ip-address.js';
import { announcementKeywords } from './announcement.js';
import { checkUser } from '../values/script-spec.js';
import { processKeywords } from './global-process.js';
import { mailKeywords } from './mail.js';
import { webhookKeyword } from './webhook.js';
import { globalScriptKeywords } from './global-scripts.js';
import { tuningKeywords } from './global-tuning.js';
import { boolean, choice, flag, lateBoolean, number, word, words } from './kinds.js';

const identity: readonly Keyword<GlobalDraft>[] = [
  word({
    name: 'router_id',
    missing: 'error',
    default: 'the host name',
    doc: 'Name of this node, in mail and webhooks.',
    set: (draft, text) => void (draft.router_id = text),
  }),
  flag({
    name: 'enable_script_security',
    doc: 'Run no script as root that somebody else could change.',
    set: (draft) => void (draft.enable_script_security = true),
  }),
  words({
    name: 'script_user',
    missing: 'error',
    parameters: 'USER [GROUP]',
    needs: 1,
    takes: 2,
    default: 'keepalived_script if there is such a user, else root',
    doc: 'Who scripts run as when they do not say themselves.',
    set(draft, statement, scope) {
      const [user, group] = statement.words;
      if (user === undefined) return;
      draft.script_user_failed = !checkUser(scope, user, user.text, group?.text);
      if (draft.script_user_failed) return;
      draft.script_user = group === undefined ? { user: user.text } : { user: user.text, group: group.text };
    },
  }),
  choice({
    name: 'dynamic_interfaces',
    values: ['allow_if_changes'],
    atMost: 1,
    optional: true,
    doc: 'Interfaces may come and go: one that is not there is no mistake.',
    // Also with an option that is not known.
    enter: (draft) => void (draft.dynamic_interfaces = true),
  }),
  word({
    name: 'default_interface',
    missing: 'error',
    parameters: 'IFNAME',
    default: 'eth0',
    support: 'unsupported',
    doc: 'Interface of static addresses without dev.',
  }),
];

const protocol: readonly Keyword<GlobalDraft>[] = [
  number({
    name: 'vrrp_version',
    min: 2,
    max: 3,
    default: '2',
    doc: 'Version of IPv4 instances that do not give their own.',
    set: (draft, value) => void (draft.vrrp_version = value === 3 ? 3 : 2),
  }),
  word({
    name: 'vrrp_mcast_group4',
    parameters: 'ADDR',
    default: '224.0.0.18',
    doc: 'IPv4 multicast group of the adverts.',
    set(draft, text, scope, at) {
      const ip = takeHostAddress(scope, at);
      if (ip?.family === 4 && isMulticast(ip)) draft.vrrp_mcast_group4 = ip.text;
      else finding(scope, 'conf/invalid-address', wordSpan(at), `${text} is not an IPv4 multicast address`);
    },
  }),
  word({
    name: 'vrrp_mcast_group6',
    parameters: 'ADDR',
    default: 'ff02::12',
    doc: 'IPv6 multicast group of the adverts.',
    set(draft, text, scope, at) {
      const ip = takeHostAddress(scope, at);
      if (ip?.family === 6 && isMulticast(ip)) draft.vrrp_mcast_group6 = ip.text;
      else finding(scope, 'conf/invalid-address', wordSpan(at), `${text} is not an IPv6 multicast address`);
    },
  }),
  number({
    name: 'vrrp_startup_delay',
    min: 0.001,
    max: 4294.967295,
    decimals: 6,
    default: '0',
    doc: 'Seconds after the start in which adverts are not acted on.',
    set: (draft, value) => void (draft.vrrp_startup_delay = Math.max(draft.vrrp_startup_delay, value)),
  }),
  lateBoolean({
    name: 'vrrp_skip_check_adv_addr',
    doc: 'Default of skip_check_adv_addr.',
    set: (draft) => void (draft.vrrp_skip_check_adv_addr = true),
  }),
  flag({
    name: 'vrrp_check_unicast_src',
    doc: 'Default of check_unicast_src.',
    set: (draft) => void (draft.vrrp_check_unicast_src = true),
  }),
  boolean({
    name: 'vrrp_lower_prio_no_advert',
    default: 'off',
    doc: 'Default of lower_prio_no_advert.',
    set: (draft, value) => void (draft.vrrp_lower_prio_no_advert = value),
  }),
  boolean({
    name: 'vrrp_higher_prio_send_advert',
    default: 'off',
    doc: 'Default of higher_prio_send_advert.',
    set: (draft, value) => void (draft.vrrp_higher_prio_send_advert = value),
  }),
  number({
    name: 'vrrp_down_timer_adverts',
    min: 1,
    max: 100,
    default: '3',
    doc: 'Default of down_timer_adverts.',
    set: (draft, value) => void (draft.vrrp_down_timer_adverts = value),
  }),
  lateBoolean({
    name: 'vrrp_strict',
    support: 'unsupported',
    default: 'off',
    doc: 'Default of strict_mode.',
    set: (draft) => void (draft.vrrp_strict = true),
  }),
  flag({
    name: 'vrrp_drift_fallback',
    addition: true,
    doc: 'A Master whose address somebody else removes goes to Backup, as in keepalived, instead of putting it back.',
    set: (draft) => void (draft.vrrp_drift_fallback = true),
  }),
  boolean({
    name: 'vrrp_min_garp',
    doc: 'One announcement and no repetition, wherever the file has not said otherwise before this line.',
    set(draft, value) {
      if (!value) return;
      // keepalived changes only what still has its default where this line stands.
      draft.garp.garp_master_delay ??= 0;
      draft.garp.garp_master_repeat ??= 1;
      draft.garp.garp_master_refresh ??= 0;
      draft.garp.garp_master_refresh_repeat ??= 0;
    },
  }),
];

export const GLOBAL_DEFS = blockTable<GlobalDraft>(
  'global_defs',
  'What concerns the whole daemon, and defaults of instances.',
  () => [
    ...identity,
    ...protocol,
    ...announcementKeywords<GlobalDraft>('vrrp_'),
    ...mailKeywords,
    webhookKeyword<GlobalDraft>('URL that is told every change of every instance and sync group.'),
    ...globalScriptKeywords,
    ...tuningKeywords,
    ...processKeywords,
  ],
);
