// The keywords of global_defs that vrrpd reads and does not act on (keepalived.conf(5), "Global definitions").
// `ignored` are those whose subject does not exist in vrrpd (its processes, its firewall back ends, LVS);
// `unsupported` are those that are to come.
import type { GlobalDraft } from '../bind/drafts.js';
import { parseScriptSpec } from '../values/script-spec.js';
import type { Keyword } from './keyword.js';
import { boolean, flag, list, number, word, words } from './kinds.js';
import { script } from './script-keyword.js';

type Words = readonly string[];

const UINT32 = 4_294_967_295;

const flags = (names: Words, support: 'ignored' | 'unsupported', doc: string): readonly Keyword<GlobalDraft>[] =>
  names.map((name) => flag({ name, support, doc }));
const booleans = (names: Words, support: 'ignored' | 'unsupported', doc: string): readonly Keyword<GlobalDraft>[] =>
  names.map((name) => boolean({ name, support, doc }));
const single = (
  names: Words,
  support: 'ignored' | 'unsupported',
  parameters: string,
  doc: string,
): readonly Keyword<GlobalDraft>[] => names.map((name) => word({ name, support, parameters, doc }));
const optional = (
  names: Words,
  support: 'ignored' | 'unsupported',
  parameters: string,
  doc: string,
): readonly Keyword<GlobalDraft>[] =>
  names.map((name) => words({ name, support, parameters, doc, needs: 0, takes: 6 }));

const mail: readonly Keyword<GlobalDraft>[] = [
  list({
    name: 'notification_email',
    parameters: '{ ADDRESS … }',
    support: 'unsupported',
    doc: 'Who gets mail.',
    item: () => undefined,
  }),
  ...single(['notification_email_from', 'smtp_helo_name'], 'unsupported', 'NAME', 'How the mail presents itself.'),
  words({
    name: 'smtp_server',
    parameters: 'HOST [PORT]',
    support: 'unsupported',
    needs: 1,
    takes: 2,
    doc: 'The mail server.',
  }),
  number({
    name: 'smtp_connect_timeout',
    min: 0,
    max: 4294,
    default: '30',
    support: 'unsupported',
    doc: 'Seconds to wait for the mail server.',
  }),
  ...booleans(
    ['smtp_alert', 'smtp_alert_vrrp', 'smtp_alert_checker', 'no_checker_emails'],
    'unsupported',
    'Which changes are mailed.',
  ),
  flag({ name: 'no_email_faults', support: 'unsupported', doc: 'No mail about faults.' }),
];

const scripts: readonly Keyword<GlobalDraft>[] = [
  ...[
    'startup_script',
    'shutdown_script',
    'notify_fifo_script',
    'vrrp_notify_fifo_script',
    'lvs_notify_fifo_script',
  ].map((name) =>
    script<GlobalDraft>({
      name,
      support: 'unsupported',
      doc: 'Run by the daemon itself.',
      set: (_draft, statement, scope) => void parseScriptSpec(scope, statement),
    }),
  ),
  ...['startup_script_timeout', 'shutdown_script_timeout'].map((name) =>
    number<GlobalDraft>({
      name,
      min: 1,
      max: 1000,
      default: '10',
      support: 'unsupported',
      doc: 'Seconds the script may take.',
    }),
  ),
  ...['notify_fifo', 'vrrp_notify_fifo', 'lvs_notify_fifo'].map((name) =>
    words<GlobalDraft>({
      name,
      parameters: 'PATH [USER [GROUP]]',
      needs: 1,
      takes: 3,
      support: 'unsupported',
      doc: 'A FIFO told of every change.',
    }),
  ),
  boolean({
    name: 'vrrp_notify_priority_changes',
    support: 'unsupported',
    default: 'off',
    doc: 'Default of notify_priority_changes.',
  }),
  flag({
    name: 'fifo_write_vrrp_states_on_reload',
    support: 'unsupported',
    doc: 'Write unchanged states after a reload.',
  }),
  boolean({
    name: 'set_supplementary_groups',
    since: 'after 2.4.3',
    support: 'unsupported',
    doc: 'Scripts get all groups of their user.',
  }),
  boolean({
    name: 'use_symlink_paths',
    since: '2.3.0',
    support: 'unsupported',
    doc: 'Run scripts by the path as written.',
  }),
];

const vrrp: readonly Keyword<GlobalDraft>[] = [
  flag({ name: 'disable_local_igmp', support: 'unsupported', doc: 'No IGMP reports for link-local groups.' }),
  boolean({ name: 'v3_checksum_as_v2', since: '2.2.8', support: 'unsupported', doc: 'Default of v3_checksum_as_v2.' }),
  number({
    name: 'vrrp_garp_interval',
    min: 0.000001,
    max: 4294,
    decimals: 6,
    support: 'unsupported',
    doc: 'Seconds between gratuitous ARP on an interface.',
  }),
  number({
    name: 'vrrp_gna_interval',
    min: 0.000001,
    max: 4294,
    decimals: 6,
    support: 'unsupported',
    doc: 'Seconds between neighbour advertisements on an interface.',
  }),
  words({
    name: 'vrrp_garp_extra_if',
    aliases: ['vrrp_vmac_garp_intvl'],
    parameters: '[all] 1..86400',
    needs: 1,
    takes: 2,
    support: 'unsupported',
    doc: 'Default of garp_extra_if.',
  }),
  boolean({
    name: 'vrrp_owner_ignore_adverts',
    since: '2.3.3',
    support: 'unsupported',
    doc: 'Default of owner_ignore_adverts.',
  }),
  number({
    name: 'vrrp_delay_after_boot',
    since: '2.4.0',
    min: 0.001,
    max: 4294.967295,
    decimals: 6,
    support: 'unsupported',
    doc: 'Seconds after boot in which adverts are not acted on.',
  }),
  flag({ name: 'log_unknown_vrids', support: 'unsupported', doc: 'Log adverts of unknown virtual routers.' }),
  ...single(['vmac_prefix', 'vmac_addr_prefix'], 'unsupported', 'WORD', 'Names of virtual MAC interfaces.'),
  ...optional(['vrrp_iptables', 'vrrp_ipsets'], 'ignored', '[NAME…]', 'iptables is not used.'),
  ...optional(['nftables', 'nftables_ipvs'], 'ignored', '[TABLE]', 'Name of the nftables table.'),
  ...['nftables_priority', 'nftables_ipvs_priority'].map((name) =>
    number<GlobalDraft>({
      name,
      min: -2_147_483_648,
      max: 2_147_483_647,
      support: 'ignored',
      doc: 'Priority of the nftables chains.',
    }),
  ),
  number({ name: 'nftables_ipvs_start_fwmark', min: 1, max: UINT32, support: 'ignored', doc: 'LVS only.' }),
  ...flags(['nftables_ifindex', 'nftables_counters'], 'ignored', 'How nftables rules are written.'),
  word({
    name: 'vrrp_rx_bufs_policy',
    parameters: 'MTU|ADVERT|BYTES',
    support: 'unsupported',
    doc: 'Receive buffers of the sockets.',
  }),
  number({
    name: 'vrrp_rx_bufs_multiplier',
    min: 1,
    max: UINT32,
    default: '3',
    support: 'unsupported',
    doc: 'Receive buffers of the sockets.',
  }),
];

const BUFFERS = [
  'vrrp_netlink_cmd',
  'vrrp_netlink_monitor',
  'process_monitor',
  'lvs_netlink_cmd',
  'lvs_netlink_monitor',
];
const ROLES = ['vrrp', 'checker', 'bfd'];

const processes: readonly Keyword<GlobalDraft>[] = [
  ...BUFFERS.map((name) =>
    number<GlobalDraft>({
      name: `${name}_rcv_bufs`,
      min: 0,
      max: UINT32,
      support: 'unsupported',
      doc: 'Receive buffer, bytes.',
    }),
  ),
  ...booleans(
    BUFFERS.map((name) => `${name}_rcv_bufs_force`),
    'unsupported',
    'Beyond the system limit.',
  ),
  ...single(
    ['iproute_usr_dir', 'iproute_etc_dir'],
    'unsupported',
    'PATH',
    'Where names of tables and scopes are looked up.',
  ),
  flag({ name: 'process_names', support: 'ignored', doc: 'vrrpd is one process.' }),
  ...single(
    ['process_name', ...ROLES.map((role) => `${role}_process_name`), 'lvs_process_name'],
    'ignored',
    'NAME',
    'vrrpd is one process.',
  ),
  ...ROLES.map((role) =>
    number<GlobalDraft>({ name: `${role}_priority`, min: -20, max: 19, support: 'unsupported', doc: 'Nice value.' }),
  ),
  ...flags(
    ROLES.map((role) => `${role}_no_swap`),
    'unsupported',
    'Lock the memory.',
  ),
  ...ROLES.map((role) =>
    number<GlobalDraft>({
      name: `${role}_rt_priority`,
      min: 1,
      max: 99,
      support: 'unsupported',
      doc: 'Real-time priority.',
    }),
  ),
  ...ROLES.map((role) =>
    words<GlobalDraft>({
      name: `${role}_cpu_affinity`,
      parameters: 'CPU…',
      needs: 1,
      takes: 256,
      support: 'unsupported',
      doc: 'The CPUs to run on.',
    }),
  ),
  ...ROLES.map((role) =>
    number<GlobalDraft>({
      name: `${role}_rlimit_rttime`,
      aliases: [`${role}_rlimit_rtime`],
      min: 1,
      max: UINT32,
      support: 'ignored',
      doc: 'CPU time without a system call, µs.',
    }),
  ),
  number({
    name: 'max_auto_priority',
    min: -1,
    max: 99,
    bare: 99,
    support: 'unsupported',
    doc: 'Real-time priority after being scheduled late.',
  }),
  number({
    name: 'min_auto_priority_delay',
    min: 1,
    max: 10_000_000,
    support: 'unsupported',
    doc: 'Lateness that raises the priority, µs.',
  }),
  word({ name: 'umask', parameters: 'MODE', support: 'unsupported', doc: 'Mode mask of new files.' }),
  number({ name: 'random_seed', min: 0, max: UINT32, support: 'ignored', doc: 'Seed of ${_RANDOM}.' }),
];

const reload: readonly Keyword<GlobalDraft>[] = [
  ...optional(['reload_check_config'], 'ignored', '[LOGFILE]', 'vrrpd checks before every reload.'),
  ...single(['reload_time_file'], 'unsupported', 'PATH', 'A file that says when to reload.'),
  flag({ name: 'reload_repeat', support: 'unsupported', doc: 'Reload at that time every day.' }),
  ...optional(['reload_file'], 'unsupported', '[PATH]', 'A file that exists while a reload reads the configuration.'),
  ...optional(
    ['include_check'],
    'unsupported',
    '[[+|-]read|match|wildcard_match|brace_match …]',
    'Which include failures are errors.',
  ),
  ...single(
    ['config_save_dir', 'tmp_config_directory', 'state_dump_file', 'stats_dump_file', 'json_dump_file'],
    'unsupported',
    'PATH',
    'Where things are written.',
  ),
  boolean({ name: 'data_use_instance', support: 'unsupported', doc: 'Instance name in the names of dumps.' }),
  number({
    name: 'json_version',
    since: '2.2.8',
    min: 1,
    max: 2,
    support: 'unsupported',
    doc: 'Form of the JSON dump.',
  }),
];

const others: readonly Keyword<GlobalDraft>[] = [
  ...single(['snmp_socket'], 'unsupported', 'ADDR', 'The AgentX master.'),
  ...flags(
    [
      'enable_traps',
      'enable_snmp_vrrp',
      'enable_snmp_keepalived',
      'enable_snmp_rfc',
      'enable_snmp_rfcv2',
      'enable_snmp_rfcv3',
      'enable_snmp_checker',
    ],
    'unsupported',
    'SNMP.',
  ),
  ...['snmp_vs_stats_update_interval', 'snmp_rs_stats_update_interval'].map((name) =>
    number<GlobalDraft>({
      name,
      since: '2.3.0',
      min: 0.001,
      max: 30,
      decimals: 3,
      support: 'ignored',
      doc: 'LVS only.',
    }),
  ),
  flag({ name: 'enable_dbus', support: 'unsupported', doc: 'DBus.' }),
  ...single(['dbus_service_name', 'dbus_no_interface_name'], 'unsupported', 'NAME', 'DBus.'),
  words({
    name: 'lvs_sync_daemon',
    parameters: 'IFNAME VRRP_INSTANCE [id N] …',
    needs: 2,
    takes: 12,
    support: 'ignored',
    doc: 'LVS only.',
  }),
  words({
    name: 'lvs_timeouts',
    parameters: '{tcp|tcpfin|udp} SECONDS …',
    needs: 1,
    takes: 6,
    support: 'ignored',
    doc: 'LVS only.',
  }),
  flag({ name: 'lvs_flush', support: 'ignored', doc: 'LVS only.' }),
  ...optional(['lvs_flush_on_stop', 'lvs_flush_onstop'], 'ignored', '[VS]', 'LVS only.'),
  ...booleans(['checker_log_all_failures', 'rs_init_notifies'], 'ignored', 'LVS only.'),
];

export const otherGlobalKeywords: readonly Keyword<GlobalDraft>[] = [
  ...mail,
  ...scripts,
  ...vrrp,
  ...processes,
  ...reload,
  ...others,
];
