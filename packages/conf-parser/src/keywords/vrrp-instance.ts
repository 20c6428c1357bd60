// vrrp_instance NAME { } (keepalived.conf(5), "VRRP instance(s)"): the keywords vrrpd acts on. Those it only reads are
// in vrrp-instance-other.ts. Defaults that depend on other keywords are applied at completion.
import type { InstanceDraft } from '../bind/drafts.js';
import { enterBlock } from '../bind/enter.js';
import { finding } from '../bind/scope.js';
import type { Scope } from '../bind/scope.js';
import { wordSpan } from '../bind/statement.js';
import type { Word } from '../bind/statement.js';
import { suggestFor } from '../suggest.js';
import { parseAddressLine } from '../values/address-line.js';
import { takeInterface } from '../values/interface-name.js';
import { takeHostAddress } from '../values/host-address.js';
import { isMulticast } from '../values/ip-address.js';
import { announcementKeywords } from './announcement.js';
import { AUTHENTICATION } from './authentication.js';
import { blockTable, defineKeyword } from './keyword.js';
import type { Keyword } from './keyword.js';
import { boolean, flag, list, number, reportInvalid, word } from './kinds.js';
import { trackingKeywords } from './tracking.js';
import { takeUnicastPeer } from './unicast-peer.js';
import { otherInstanceKeywords } from './vrrp-instance-other.js';

/** keepalived.conf(5), "priority"; the owner of the addresses has 255. */
export const DEFAULT_PRIORITY = 100;

export function createInstanceDraft(name: string, nameWord: Word): InstanceDraft {
  return {
    at: {},
    name,
    nameWord,
    garp: {},
    virtual_router_id: 0,
    advert_int: 1,
    virtual_ipaddress: [],
    virtual_ipaddress_excluded: [],
    unicast_peer: [],
    unicast: false,
    check_unicast_src: false,
    nopreempt: false,
    preempt_delay: 0,
    skip_check_adv_addr: false,
    track_src_ip: false,
    dont_track_primary: false,
    linkbeat_use_polling: false,
    use_vmac: false,
    vmac_named: false,
    notify_webhook: [],
  };
}

/** The first address settles the family of an instance; false (and a finding) when a later one is of the other. */
export function settleFamily(scope: Scope, draft: InstanceDraft, family: 4 | 6, at: Word): boolean {
  draft.family ??= family;
  if (draft.family === family) return true;
  finding(
    scope,
    'conf/address-family',
    wordSpan(at),
    `${draft.name} is an IPv${draft.family} instance; ${at.text} is left out`,
    {
      detail: 'An instance has one address family; another one needs an instance of its own.',
    },
  );
  return false;
}

const identity: readonly Keyword<InstanceDraft>[] = [
  word({
    name: 'state',
    parameters: 'MASTER|BACKUP',
    default: 'BACKUP; MASTER with priority 255',
    doc: 'The role to start in. MASTER does not skip the election, except with priority 255.',
    set: setState,
  }),
  word({
    name: 'interface',
    parameters: 'IFNAME',
    doc: 'Where adverts are sent and received.',
    set(draft, text, scope, at) {
      if (text === 'lo') {
        // COMPAT: what an earlier line named is gone.
        delete draft.interface;
        reportInvalid(scope, at, 'VRRP cannot run on the loopback interface');
      } else if (takeInterface(scope, at)) draft.interface = text;
    },
  }),
  number({
    name: 'virtual_router_id',
    strict: true,
    min: 1,
    max: 255,
    doc: 'VRID: the same on every node of a virtual router, different from every other on the network. Required.',
    set: (draft, value) => void (draft.virtual_router_id = value),
  }),
  number({
    name: 'priority',
    strict: true,
    min: 1,
    max: 255,
    default: '100; 255 with state MASTER',
    doc: 'The highest becomes Master; 255 is the owner of the addresses. One that cannot be used counts as 100.',
    set: (draft, value) => void (draft.priority = value),
    // Not the default: with state MASTER that would make an owner of a router somebody meant to be ordinary.
    invalid: (draft) => void (draft.priority = DEFAULT_PRIORITY),
  }),
  number({
    name: 'advert_int',
    min: 0.01,
    max: 255,
    decimals: 6,
    default: '1',
    doc: 'Seconds between adverts: whole in version 2, steps of 0.01 up to 40.95 in version 3.',
    set: (draft, value) => void (draft.advert_int = value),
  }),
  number({
    name: 'version',
    min: 2,
    max: 3,
    default: 'vrrp_version of global_defs; 3 for IPv6',
    doc: 'VRRP version.',
    set(draft, value, scope, at) {
      if (draft.version !== undefined && draft.version !== value) {
        // COMPAT: the first version stays.
        const summary = `${draft.name} is version ${draft.version} already; version ${value} is not used`;
        finding(scope, 'conf/duplicate-keyword', wordSpan(at), summary, { severity: 'error' });
      } else if (value === 2 && draft.family === 6) {
        finding(scope, 'conf/address-family', wordSpan(at), 'version 2 has no IPv6; version 3 is used');
      } else draft.version = value === 2 ? 2 : 3;
    },
  }),
  defineKeyword({ name: 'authentication', doc: 'Version 2 only.' }, '{ auth_type, auth_pass }', {
    needs: 0,
    takes: 0,
    repeatable: true,
    block: () => AUTHENTICATION,
    bind: (_scope, draft) => ({ kind: 'block', entered: enterBlock(AUTHENTICATION, draft) }),
  }),
];

const addressing: readonly Keyword<InstanceDraft>[] = [
  list({
    name: 'virtual_ipaddress',
    parameters: '{ ADDR[/LEN] [dev IF] [scope S] [brd A|+|-] [label L] … }',
    doc: 'The addresses that are advertised, in this order. All of one family.',
    item(scope, draft, item) {
      const address = parseAddressLine(scope, item);
      if (address !== undefined && settleFamily(scope, draft, address.family, address.word))
        draft.virtual_ipaddress.push(address);
    },
  }),
  list({
    name: 'virtual_ipaddress_excluded',
    parameters: '{ ADDR[/LEN] … }',
    doc: 'Further addresses the Master holds, not advertised; of any family.',
    item(scope, draft, item) {
      const address = parseAddressLine(scope, item);
      if (address !== undefined) draft.virtual_ipaddress_excluded.push(address);
    },
  }),
  word({
    name: 'mcast_src_ip',
    parameters: 'ADDR',
    default: "the interface's first address",
    doc: 'Source address of multicast adverts.',
    set(draft, _text, scope, at) {
      const text = sourceAddress(scope, draft, at);
      if (text !== undefined) draft.mcast_src_ip = text;
    },
  }),
  word({
    name: 'unicast_src_ip',
    parameters: 'ADDR',
    default: "the interface's first address",
    doc: 'Source address of unicast adverts.',
    set(draft, _text, scope, at) {
      draft.unicast = true;
      const text = sourceAddress(scope, draft, at);
      if (text !== undefined) draft.unicast_src_ip = text;
    },
  }),
  word({
    name: 'mcast_dst_ip',
    parameters: 'ADDR',
    default: 'vrrp_mcast_group4 or vrrp_mcast_group6',
    support: 'unsupported',
    doc: 'Multicast group to use instead of the standard one.',
    set(draft, text, scope, at) {
      const ip = takeHostAddress(scope, at);
      // COMPAT: an address that is no group settles the family all the same.
      if (ip !== undefined && !settleFamily(scope, draft, ip.family, at)) return;
      if (ip !== undefined && isMulticast(ip)) draft.mcast_dst_ip = ip.text;
      else finding(scope, 'conf/invalid-address', wordSpan(at), `${text} is not a multicast address`);
    },
  }),
  list({
    name: 'unicast_peer',
    parameters: '{ ADDR [min_ttl 0..255] [max_ttl 0..255] … }',
    doc: 'The other nodes: adverts go to each of them instead of the multicast group.',
    enter: (_scope, draft) => void (draft.unicast = true),
    item: takeUnicastPeer,
  }),
];

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

export const VRRP_INSTANCE = blockTable<InstanceDraft>(
  'vrrp_instance',
  'One virtual router as this node takes part in it.',
  () => [
    ...identity,
    ...addressing,
    ...election,
    ...announcementKeywords<InstanceDraft>(''),
    ...trackingKeywords<InstanceDraft>(),
    ...otherInstanceKeywords,
  ],
);

function setState(draft: InstanceDraft, text: string, scope: Scope, at: Word): void {
  if (text !== 'MASTER' && text !== 'BACKUP') {
    const span = wordSpan(at);
    finding(
      scope,
      'conf/invalid-value',
      span,
      `state is MASTER or BACKUP, not ${JSON.stringify(text)}: BACKUP is used`,
      {
        suggestion: suggestFor(scope, span, text, ['MASTER', 'BACKUP']),
      },
    );
    draft.state = 'BACKUP';
    return;
  }
  if (draft.state === 'MASTER' && text === 'BACKUP') {
    finding(scope, 'conf/duplicate-keyword', wordSpan(at), 'the state was set to MASTER before, and stays so', {
      severity: 'error',
    });
    return;
  }
  draft.state = text;
}

function sourceAddress(scope: Scope, draft: InstanceDraft, at: Word): string | undefined {
  const ip = takeHostAddress(scope, at);
  if (ip === undefined) {
    finding(scope, 'conf/invalid-address', wordSpan(at), `${JSON.stringify(at.text)} is not an IP address`);
    return undefined;
  }
  return settleFamily(scope, draft, ip.family, at) ? ip.text : undefined;
}
