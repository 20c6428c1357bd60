// The keywords of global_defs that vrrpd mostly reads and does not act on (keepalived.conf(5), "Global definitions"):
// scripts and FIFOs, the tuning of VRRP. Processes, reload, SNMP, DBus and LVS are in global-process.ts.
import type { GlobalDraft } from '../bind/drafts.js';
import { parseScriptSpec } from '../values/script-spec.js';
import { extraInterfaceKeywords } from './announcement.js';
import type { Keyword } from './keyword.js';
import { boolean, choice, flag, number, word, words } from './kinds.js';
import { script } from './script-keyword.js';

export const unsupported = { support: 'unsupported' } as const;
export const ignored = { support: 'ignored' } as const;
/** Without its argument the keyword is an error, where others make keepalived exit. */
export const reported = { missing: 'error' } as const;

export const MAX_UINT32 = 4_294_967_295;
const MIN_INT32 = -2_147_483_648;
const MAX_INT32 = 2_147_483_647;

const GLOBAL_SCRIPTS = [
  ['startup_script', 'daemon'],
  ['shutdown_script', 'daemon'],
  ['notify_fifo_script', 'anybody'],
  ['vrrp_notify_fifo_script', 'vrrp'],
  ['lvs_notify_fifo_script', 'lvs'],
] as const;

function isVrrpFifoScript(name: string): name is 'notify_fifo_script' | 'vrrp_notify_fifo_script' {
  return name === 'notify_fifo_script' || name === 'vrrp_notify_fifo_script';
}

function isVrrpFifo(name: string): name is 'notify_fifo' | 'vrrp_notify_fifo' {
  return name === 'notify_fifo' || name === 'vrrp_notify_fifo';
}

const scripts: readonly Keyword<GlobalDraft>[] = [
  ...GLOBAL_SCRIPTS.map(([name, runBy]) =>
    script<GlobalDraft>({
      name,
      ...(isVrrpFifoScript(name) ? {} : unsupported),
      ...reported,
      doc: name.endsWith('fifo_script') ? 'Reads the FIFO.' : 'Run by the daemon itself.',
      set(draft, statement, scope) {
        // COMPAT: an unknown user is an error for the scripts of the daemon itself, and is not for the others.
        const users = name.endsWith('fifo_script') ? 'with-user' : 'with-known-user';
        const spec = parseScriptSpec(scope, statement, users);
        if (spec === undefined) return;
        draft.scripts.push({ spec, runBy });
        // The first one counts.
        if (isVrrpFifoScript(name)) draft[name] ??= spec;
      },
    }),
  ),
  ...['startup_script_timeout', 'shutdown_script_timeout'].map((name) =>
    number<GlobalDraft>({
      name,
      min: 1,
      max: 1000,
      default: '10',
      ...unsupported,
      ...reported,
      doc: 'Seconds the script may take.',
    }),
  ),
  ...['notify_fifo', 'vrrp_notify_fifo', 'lvs_notify_fifo'].map((name) =>
    words<GlobalDraft>({
      name,
      parameters: 'PATH [USER [GROUP]]',
      needs: 1,
      takes: 3,
      ...(isVrrpFifo(name) ? {} : unsupported),
      ...reported,
      doc: 'A FIFO told of every change.',
      set(draft, { words: [path, user, group] }) {
        if (path === undefined || !isVrrpFifo(name)) return;
        // The first one counts.
        draft[name] ??= {
          path: path.text,
          ...(user === undefined ? {} : { user: user.text }),
          ...(group === undefined ? {} : { group: group.text }),
        };
      },
    }),
  ),
  boolean({
    name: 'vrrp_notify_priority_changes',
    default: 'off',
    doc: 'Default of notify_priority_changes.',
    set: (draft, value) => void (draft.vrrp_notify_priority_changes = value),
  }),
  flag({
    name: 'fifo_write_vrrp_states_on_reload',
    doc: 'Tell FIFOs the states of all instances and groups after a reload, changed or not.',
    set: (draft) => void (draft.fifo_write_vrrp_states_on_reload = true),
  }),
  boolean({
    name: 'set_supplementary_groups',
    since: '2.4.4',
    ...unsupported,
    doc: 'Scripts get all groups of their user.',
  }),
  boolean({ name: 'use_symlink_paths', since: '2.3.0', ...unsupported, doc: 'Run scripts by the path as written.' }),
];

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
  flag({ name: 'log_unknown_vrids', ...unsupported, doc: 'Log adverts of unknown virtual routers.' }),
  word({ name: 'vmac_prefix', ...unsupported, default: 'vrrp', doc: 'Start of the names of virtual MAC interfaces.' }),
  word({ name: 'vmac_addr_prefix', ...unsupported, default: 'vmac_prefix', doc: 'The same for those of addresses.' }),
  choice({
    name: 'vrrp_rx_bufs_policy',
    values: ['MTU', 'ADVERT'],
    atMost: 1,
    parameters: 'MTU|ADVERT|BYTES',
    number: true,
    ...unsupported,
    ...reported,
    doc: 'Size of the receive buffers.',
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

export const otherGlobalKeywords: readonly Keyword<GlobalDraft>[] = [...scripts, ...vrrp, ...firewall];
