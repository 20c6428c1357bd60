// global_defs: how VRRP is tuned as a whole: announcements, receive buffers, names of interfaces, firewall (keepalived.conf(5),
// "vrrp_garp_interval", "vrrp_rx_bufs_policy", "nftables" and following).
import type { GlobalDraft } from '../bind/drafts.js';
import type { Keyword } from '../bind/keyword.js';
import { extraInterfaceKeywords } from './announcement.js';
import type { Scope } from '../bind/scope.js';
import type { Word } from '../bind/statement.js';
import { parseInteger } from '../values/numbers.js';
import { boolean, flag, number, reportInvalid, word, words } from './kinds.js';
import { ignored, MAX_UINT32, reported, unsupported } from './support-levels.js';

const MIN_INT32 = -2_147_483_648;
const MAX_INT32 = 2_147_483_647;

const announcements: readonly Keyword<GlobalDraft>[] = [
  ...['vrrp_garp_interval', 'vrrp_gna_interval'].map((name) =>
    number<GlobalDraft>({
      name,
      min: 0.000001,
      max: 4294.967295,
      decimals: 6,
      ...unsupported,
      doc: 'Least seconds between two announcements on an interface.',
    }),
  ),
  ...extraInterfaceKeywords<GlobalDraft>('vrrp_garp_extra_if', 'vrrp_vmac_garp_intvl', 1),
];

const vrrp: readonly Keyword<GlobalDraft>[] = [
  flag({ name: 'disable_local_igmp', ...unsupported, doc: 'No IGMP reports for link-local groups.' }),
  boolean({
    name: 'v3_checksum_as_v2',
    since: '2.2.8',
    default: 'off',
    doc: 'Default of v3_checksum_as_v2.',
    set: (draft, value) => void (draft.v3_checksum_as_v2 = value),
  }),
  ...announcements,
  boolean({
    name: 'vrrp_owner_ignore_adverts',
    since: '2.3.3',
    default: 'off',
    doc: 'Default of owner_ignore_adverts.',
    set: (draft, value) => void (draft.vrrp_owner_ignore_adverts = value),
  }),
  number({
    name: 'vrrp_delay_after_boot',
    since: '2.4.0',
    min: 0.001,
    max: 4294.967295,
    decimals: 6,
    default: '0',
    doc: 'Seconds after boot in which adverts are not acted on.',
    set: (draft, value) => void (draft.vrrp_delay_after_boot = Math.max(draft.vrrp_delay_after_boot, value)),
  }),
  flag({
    name: 'log_unknown_vrids',
    doc: 'Log adverts of unknown virtual routers.',
    set: (draft) => void (draft.log_unknown_vrids = true),
  }),
  word({ name: 'vmac_prefix', ...unsupported, default: 'vrrp', doc: 'Start of the names of virtual MAC interfaces.' }),
  word({ name: 'vmac_addr_prefix', ...unsupported, default: 'vmac_prefix', doc: 'The same for those of addresses.' }),
  words({
    name: 'vrrp_rx_bufs_policy',
    parameters: 'MTU|ADVERT|BYTES',
    needs: 1,
    takes: Number.POSITIVE_INFINITY,
    ...unsupported,
    ...reported,
    doc: 'Size of the receive buffers.',
    set: (_draft, { words: given }, scope) => checkBufferPolicy(scope, given),
  }),
  number({
    name: 'vrrp_rx_bufs_multiplier',
    exact: true,
    min: 1,
    max: MAX_UINT32,
    default: '3',
    ...unsupported,
    ...reported,
    doc: 'How many adverts a receive buffer holds.',
  }),
];

const firewall: readonly Keyword<GlobalDraft>[] = [
  words({
    name: 'vrrp_iptables',
    parameters: '[IN [OUT]]',
    needs: 0,
    takes: 2,
    ...ignored,
    complaint: 'keepalived as Debian builds it has no iptables: nftables is used',
    doc: 'iptables is not used.',
  }),
  words({
    name: 'vrrp_ipsets',
    parameters: '[NAME…]',
    needs: 0,
    takes: 6,
    ...ignored,
    complaint: 'keepalived as Debian builds it has no iptables and does not know vrrp_ipsets',
    doc: 'iptables is not used.',
  }),
  ...['nftables', 'nftables_ipvs'].map((name) =>
    words<GlobalDraft>({
      name,
      parameters: '[TABLE]',
      needs: 0,
      takes: 1,
      ...ignored,
      doc: 'Name of the nftables table.',
    }),
  ),
  ...['nftables_priority', 'nftables_ipvs_priority'].map((name) =>
    number<GlobalDraft>({ name, min: MIN_INT32, max: MAX_INT32, ...ignored, doc: 'Priority of the nftables chains.' }),
  ),
  number({ name: 'nftables_ipvs_start_fwmark', min: 1, max: MAX_UINT32, ...ignored, doc: 'LVS only.' }),
  ...['nftables_ifindex', 'nftables_counters'].map((name) =>
    flag<GlobalDraft>({ name, ...ignored, doc: 'How nftables rules are written.' }),
  ),
];

export const tuningKeywords: readonly Keyword<GlobalDraft>[] = [...vrrp, ...firewall];

/** COMPAT: words in any case, several of them but not both; what follows a number is not read. */
function checkBufferPolicy(scope: Scope, given: readonly Word[]): void {
  const [first] = given;
  if (first === undefined) return;
  const policies = new Set(given.map(({ text }) => text.toUpperCase()));
  const isPolicy = [...policies].every((policy) => policy === 'MTU' || policy === 'ADVERT');
  if (isPolicy && policies.size === 1) return;
  const result = parseInteger(first.text, { min: 0, max: MAX_UINT32 });
  if (result.kind === 'number') return;
  const text = given.map((each) => each.text).join(' ');
  reportInvalid(scope, first, `vrrp_rx_bufs_policy takes MTU, ADVERT or bytes, not ${JSON.stringify(text)}`);
}
