// vrrp_instance: what a virtual router holds while it is Master, and whom it talks to: addresses, routes, rules, sources,
// groups, peers (keepalived.conf(5), "virtual_ipaddress" and following).
import type { InstanceDraft } from '../bind/drafts.js';
import type { Keyword } from '../bind/keyword.js';
import { finding } from '../bind/scope.js';
import type { Scope } from '../bind/scope.js';
import { wordSpan } from '../bind/statement.js';
import type { Word } from '../bind/statement.js';
import { parseAddressLine } from '../values/address-line.js';
import { takeHostAddress } from '../values/host-address.js';
import { isMulticast } from '../ip-address.js';
import { checkRouteLine } from '../values/route-line.js';
import { checkRuleLine } from '../values/rule-line.js';
import { boolean, choice, flag, list, number, word } from './kinds.js';
import { takeUnicastPeer } from './unicast-peer.js';

const unsupported = { support: 'unsupported' } as const;

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

const addresses: readonly Keyword<InstanceDraft>[] = [
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

const talking: readonly Keyword<InstanceDraft>[] = [
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

export const addressingKeywords: readonly Keyword<InstanceDraft>[] = [...addresses, ...talking];

function sourceAddress(scope: Scope, draft: InstanceDraft, at: Word): string | undefined {
  const ip = takeHostAddress(scope, at);
  if (ip === undefined) {
    finding(scope, 'conf/invalid-address', wordSpan(at), `${JSON.stringify(at.text)} is not an IP address`);
    return undefined;
  }
  return settleFamily(scope, draft, ip.family, at) ? ip.text : undefined;
}
