// The keywords of vrrp_instance that vrrpd reads but does not act on yet (keepalived.conf(5), "VRRP instance(s)"):
// virtual MACs, routes and rules, strict mode, notification, and the tuning of what is not there yet.
import type { InstanceDraft } from '../bind/drafts.js';
import { finding } from '../bind/scope.js';
import { wordSpan } from '../bind/statement.js';
import { parseScriptSpec } from '../values/script-spec.js';
import { parseIpAddress } from '../values/ip-address.js';
import { checkRouteLine } from '../values/route-line.js';
import { checkRuleLine } from '../values/rule-line.js';
import { takeVirtualMac } from '../values/virtual-mac.js';
import { extraInterfaceKeywords } from './announcement.js';
import { enterBlock } from '../bind/enter.js';
import { AUTH_HMAC } from './auth-hmac.js';
import { defineKeyword } from './keyword.js';
import type { Keyword, Placed } from './keyword.js';
import { boolean, choice, flag, list, number, words, word } from './kinds.js';
import { notificationKeywords } from './notification.js';
import { script } from './script-keyword.js';

const unsupported = { support: 'unsupported' } as const;

const linkLayer: readonly Keyword<InstanceDraft>[] = [
  words({
    name: 'use_vmac',
    parameters: '[NAME] [name NAME] [MAC] [group G] [netlink_notify_msg]',
    needs: 0,
    takes: 6,
    ...unsupported,
    doc: 'Advertise and answer from the virtual router MAC address.',
    set: takeVirtualMac,
  }),
  flag({ name: 'use_vmac_addr', ...unsupported, doc: 'Virtual MACs also for addresses on other interfaces.' }),
  flag({ name: 'vmac_xmit_base', ...unsupported, doc: 'Send adverts from the interface below the virtual MAC.' }),
  words({
    name: 'use_ipvlan',
    parameters: '[NAME] [name NAME] [ADDR[/LEN]] [group G] [bridge|private|vepa]',
    needs: 0,
    takes: 6,
    ...unsupported,
    doc: 'Hold the addresses on an ipvlan interface. IPv4 needs an address for it.',
    set(draft, statement) {
      draft.ipvlan = {
        address: statement.words.some(({ text }) => parseIpAddress(text.split('/')[0] ?? '') !== undefined),
      };
    },
  }),
  ...extraInterfaceKeywords<InstanceDraft>('garp_extra_if', 'vmac_garp_intvl', 0),
  word({
    name: 'lvs_sync_daemon_interface',
    parameters: 'IFNAME',
    ...unsupported,
    doc: 'Deprecated: see lvs_sync_daemon of global_defs.',
    set: (_draft, _name, scope, at) =>
      finding(scope, 'conf/deprecated-keyword', wordSpan(at), 'lvs_sync_daemon of global_defs says this now', {
        keepalived: 'general',
      }),
  }),
  flag({
    name: 'linkbeat_use_polling',
    complaint: 'the interface belongs in linkbeat_interfaces instead',
    doc: 'Deprecated: linkbeat_interfaces, for the interface of this instance.',
    set: (draft) => void (draft.linkbeat_use_polling = true),
  }),
  flag({
    name: 'promote_secondaries',
    ...unsupported,
    doc: 'Keep other addresses of the network when one is removed.',
  }),
];

const addressing: readonly Keyword<InstanceDraft>[] = [
  word({ name: 'vrf', parameters: 'IFNAME', ...unsupported, doc: 'The VRF of a unicast instance without interface.' }),
  flag({
    name: 'native_ipv6',
    ...unsupported,
    doc: 'The instance is IPv6 although its addresses do not say so.',
    set(draft, scope) {
      if (draft.family === 4)
        finding(
          scope,
          'conf/address-family',
          wordSpan(draft.nameWord),
          'native_ipv6 on an instance with IPv4 addresses',
        );
      else {
        draft.family = 6;
        draft.version = 3;
      }
    },
  }),
  flag({
    name: 'track_src_ip',
    doc: 'Fault while this machine does not have the address of mcast_src_ip; for unicast_src_ip that is always so.',
    set: (draft) => void (draft.track_src_ip = true),
  }),
  number({
    name: 'unicast_ttl',
    strict: true,
    min: 0,
    max: 255,
    ...unsupported,
    default: '255',
    doc: 'TTL of unicast adverts.',
    set: (draft, value) => void (draft.unicast_ttl = value),
  }),
  flag({
    name: 'check_unicast_src',
    doc: 'Accept adverts from the unicast peers only.',
    set(draft) {
      draft.check_unicast_src = true;
      draft.unicast = true;
    },
  }),
  flag({ name: 'unicast_fault_no_peer', ...unsupported, doc: 'Fault instead of multicast when there are no peers.' }),
  choice({
    name: 'old_unicast_checksum',
    values: ['never'],
    atMost: 1,
    optional: true,
    doc: 'The checksum that old keepalived releases sent over unicast: always, never, or (left out) as the peers do.',
    enter(draft) {
      draft.unicast = true;
      draft.old_unicast_checksum = 'always';
    },
    set: (draft) => void (draft.old_unicast_checksum = 'never'),
  }),
  boolean({
    name: 'v3_checksum_as_v2',
    since: '2.2.8',
    default: 'v3_checksum_as_v2',
    doc: 'Version 3 over IPv4: a checksum without the pseudo header.',
    set: (draft, value) => void (draft.v3_checksum_as_v2 = value),
  }),
  flag({ name: 'no_virtual_ipaddress', since: '2.2.8', ...unsupported, doc: 'No addresses, on purpose.' }),
  list({
    name: 'virtual_routes',
    parameters: '{ ROUTE … }',
    ...unsupported,
    doc: 'Routes the Master adds.',
    item: (scope, _draft, item) => checkRouteLine(scope, item),
  }),
  list({
    name: 'virtual_rules',
    parameters: '{ RULE … }',
    ...unsupported,
    doc: 'Policy rules the Master adds.',
    item: (scope, _draft, item) => checkRuleLine(scope, item),
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

const scripts: readonly Keyword<InstanceDraft>[] = [
  ...notificationKeywords<InstanceDraft>(),
  script({
    name: 'notify_deleted',
    optional: true,
    doc: 'Run when a reload removes the instance; without a script: DELETED is told then, not FAULT.',
    set: (draft, statement, scope) => void (draft.notify_deleted = parseScriptSpec(scope, statement) ?? true),
  }),
  script({
    name: 'notify_master_rx_lower_pri',
    doc: 'Run when a Master hears a lower priority.',
    set(draft, statement, scope) {
      const spec = parseScriptSpec(scope, statement);
      if (spec !== undefined) draft.notify_master_rx_lower_pri = spec;
    },
  }),
];

export const otherInstanceKeywords: readonly Keyword<InstanceDraft>[] = [
  ...linkLayer,
  ...addressing,
  ...policy,
  ...scripts,
];
