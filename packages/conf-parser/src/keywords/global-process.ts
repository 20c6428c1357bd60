// The keywords of global_defs about processes, reloads, dumps, SNMP, DBus and LVS (keepalived.conf(5), "Global
// definitions"). vrrpd acts on the priority of VRRP and on nothing else of them; `ignored` are those whose subject it does
// not have.
import type { GlobalDraft } from '../bind/drafts.js';
import { ignored, MAX_UINT32, reported, unsupported } from './support-levels.js';
import type { Keyword } from '../bind/keyword.js';
import type { Scope } from '../bind/scope.js';
import type { Statement } from '../bind/statement.js';
import { parseInteger } from '../values/numbers.js';
import { acceptNumber, boolean, choice, flag, number, reportInvalid, word, words } from './kinds.js';

/** As many CPUs as a line may name. */
const MAX_CPUS = 1024;

const BUFFERS = [
  'vrrp_netlink_cmd',
  'vrrp_netlink_monitor',
  'process_monitor',
  'lvs_netlink_cmd',
  'lvs_netlink_monitor',
];
const ROLES = ['vrrp', 'checker', 'bfd'];
const REALTIME = { min: 1, max: 99 };

const ONE_ENGINE = 'vrrpd has one engine, which the keywords of vrrp are about.';

const buffers: readonly Keyword<GlobalDraft>[] = BUFFERS.flatMap((name) => [
  number<GlobalDraft>({
    name: `${name}_rcv_bufs`,
    min: 0,
    max: MAX_UINT32,
    ...unsupported,
    ...reported,
    doc: 'Receive buffer, bytes.',
  }),
  boolean<GlobalDraft>({ name: `${name}_rcv_bufs_force`, ...unsupported, doc: 'Beyond the limit of the system.' }),
]);

const roles: readonly Keyword<GlobalDraft>[] = ROLES.flatMap((role) => [
  word<GlobalDraft>({ name: `${role}_process_name`, ...ignored, doc: 'vrrpd is one process.' }),
  number<GlobalDraft>({
    name: `${role}_priority`,
    min: -20,
    max: 19,
    default: role === 'vrrp' ? '-20' : '0',
    ...(role === 'vrrp' ? {} : ignored),
    ...reported,
    doc: role === 'vrrp' ? 'Nice value of the engine, which then has no real-time priority.' : ONE_ENGINE,
    set(draft, value) {
      if (role === 'vrrp') draft.vrrp_priority = value;
    },
  }),
  flag<GlobalDraft>({ name: `${role}_no_swap`, ...unsupported, doc: 'Lock the memory.' }),
  number<GlobalDraft>({
    name: `${role}_rt_priority`,
    ...REALTIME,
    ...(role === 'vrrp' ? { default: '1, where that is allowed' } : ignored),
    ...reported,
    doc:
      role === 'vrrp' ? 'Real-time priority (SCHED_RR) of the engine; the nearest one when out of range.' : ONE_ENGINE,
    set(draft, value) {
      if (role === 'vrrp') draft.vrrp_rt_priority = value;
    },
    invalid(draft, value) {
      if (role === 'vrrp' && value !== undefined)
        draft.vrrp_rt_priority = Math.min(Math.max(value, REALTIME.min), REALTIME.max);
    },
  }),
  words<GlobalDraft>({
    name: `${role}_cpu_affinity`,
    parameters: 'CPU…',
    needs: 1,
    takes: MAX_CPUS,
    ...unsupported,
    ...reported,
    doc: 'The CPUs to run on.',
    set(_draft, statement, scope) {
      for (const cpu of statement.words) {
        if (!/^(?:[ \t]*\+?\d{1,4}|-0+|)$/.test(cpu.text))
          reportInvalid(scope, cpu, `${JSON.stringify(cpu.text)} is not the number of a CPU`);
      }
    },
  }),
  number<GlobalDraft>({
    name: `${role}_rlimit_rttime`,
    aliases: [`${role}_rlimit_rtime`],
    min: 1,
    max: MAX_UINT32,
    default: role === 'vrrp' ? '1000000' : '10000',
    ...(role === 'vrrp' ? {} : ignored),
    doc:
      role === 'vrrp'
        ? 'Microseconds the engine may compute on end before it loses its real-time priority for a while.'
        : ONE_ENGINE,
    set(draft, value) {
      if (role === 'vrrp') draft.vrrp_rlimit_rttime = value;
    },
  }),
]);

const processes: readonly Keyword<GlobalDraft>[] = [
  ...buffers,
  flag({ name: 'process_names', ...ignored, doc: 'vrrpd is one process.' }),
  word({ name: 'process_name', ...ignored, doc: 'vrrpd is one process.' }),
  word({ name: 'lvs_process_name', ...ignored, doc: 'vrrpd is one process.' }),
  ...roles,
  number({
    name: 'max_auto_priority',
    min: -1,
    max: 99,
    bare: 99,
    ...ignored,
    doc: 'The engine has a real-time priority from the start.',
  }),
  number({
    name: 'min_auto_priority_delay',
    min: 1,
    max: 10_000_000,
    ...ignored,
    ...reported,
    doc: 'The engine has a real-time priority from the start.',
  }),
  words({
    name: 'umask',
    parameters: 'MODE',
    needs: 1,
    takes: Number.POSITIVE_INFINITY,
    ...unsupported,
    default: '0177',
    doc: 'Mode mask of new files: a number, or names such as IRGRP|IWGRP.',
    set(_draft, { keyword, words: given }, scope) {
      const text = given.map((each) => each.text).join(' ');
      if (!isModeMask(text)) reportInvalid(scope, given[0] ?? keyword, `${JSON.stringify(text)} is not a mode mask`);
    },
  }),
  number({ name: 'random_seed', min: 0, max: MAX_UINT32, ...ignored, doc: 'Seed of ${_RANDOM}.' }),
  ...['iproute_usr_dir', 'iproute_etc_dir'].map((name) =>
    word<GlobalDraft>({
      name,
      parameters: 'PATH',
      since: '2.3.2',
      ...unsupported,
      doc: 'Where names of tables are looked up.',
    }),
  ),
];

const reload: readonly Keyword<GlobalDraft>[] = [
  words({
    name: 'reload_check_config',
    parameters: '[LOGFILE]',
    needs: 0,
    takes: 1,
    ...ignored,
    doc: 'vrrpd checks before every reload.',
  }),
  word({
    name: 'reload_time_file',
    exact: true,
    parameters: 'PATH',
    ...unsupported,
    ...reported,
    doc: 'A file that says when to reload.',
  }),
  flag({ name: 'reload_repeat', ...unsupported, doc: 'Reload at that time every day.' }),
  words({
    name: 'reload_file',
    parameters: '[PATH]',
    needs: 0,
    takes: 1,
    ...unsupported,
    doc: 'A file that exists while a reload reads the configuration.',
  }),
  choice({
    name: 'include_check',
    values: ['read', 'match', 'wildcard_match', 'brace_match'].flatMap((each) => [each, `+${each}`, `-${each}`]),
    atMost: 16,
    optional: true,
    parameters: '[[+|-]read|match|wildcard_match|brace_match …]',
    ...unsupported,
    doc: 'Which failures of include are errors.',
  }),
  word({ name: 'config_save_dir', parameters: 'PATH', ...unsupported, doc: 'Where configurations are kept.' }),
  word({
    name: 'tmp_config_directory',
    parameters: 'PATH',
    ...unsupported,
    ...reported,
    doc: 'Where copies are written.',
  }),
  ...['state_dump_file', 'stats_dump_file', 'json_dump_file'].map((name) =>
    word<GlobalDraft>({ name, parameters: 'PATH', since: '2.3.3', ...unsupported, doc: 'Where a dump is written.' }),
  ),
  boolean({ name: 'data_use_instance', ...unsupported, doc: 'Instance name in the names of dumps.' }),
  number({
    name: 'json_version',
    since: '2.2.8',
    min: 1,
    max: 2,
    ...unsupported,
    default: '1',
    doc: 'Form of the JSON dump.',
  }),
];

const SNMP_FLAGS = [
  'enable_traps',
  'enable_snmp_vrrp',
  'enable_snmp_keepalived',
  'enable_snmp_rfc',
  'enable_snmp_rfcv2',
  'enable_snmp_rfcv3',
  'enable_snmp_checker',
];

const interfaces: readonly Keyword<GlobalDraft>[] = [
  word({
    name: 'snmp_socket',
    exact: true,
    parameters: 'ADDR',
    ...unsupported,
    ...reported,
    doc: 'The AgentX master.',
  }),
  ...SNMP_FLAGS.map((name) => flag<GlobalDraft>({ name, ...unsupported, doc: 'SNMP.' })),
  flag({ name: 'enable_dbus', ...unsupported, doc: 'DBus.' }),
  word({ name: 'dbus_service_name', ...unsupported, ...reported, doc: 'Name on the bus.' }),
  word({
    name: 'dbus_no_interface_name',
    since: '2.3.0',
    ...unsupported,
    default: 'none',
    doc: 'Stands for the interface there.',
  }),
];

const lvs: readonly Keyword<GlobalDraft>[] = [
  ...['snmp_vs_stats_update_interval', 'snmp_rs_stats_update_interval'].map((name) =>
    number<GlobalDraft>({ name, since: '2.3.0', min: 0.001, max: 30, decimals: 3, ...ignored, doc: 'LVS only.' }),
  ),
  words({
    name: 'lvs_sync_daemon',
    parameters: 'IFNAME VRRP_INSTANCE [id N] …',
    needs: 1,
    takes: 12,
    ...ignored,
    ...reported,
    doc: 'LVS only.',
  }),
  words({
    name: 'lvs_timeouts',
    parameters: '{tcp|tcpfin|udp} SECONDS …',
    needs: 1,
    takes: Number.POSITIVE_INFINITY,
    ...ignored,
    ...reported,
    doc: 'LVS only.',
    set: (_draft, statement, scope) => checkTimeouts(scope, statement),
  }),
  flag({ name: 'lvs_flush', ...ignored, doc: 'LVS only.' }),
  choice({ name: 'lvs_flush_on_stop', values: ['VS'], atMost: 1, optional: true, ...ignored, doc: 'LVS only.' }),
  choice({
    name: 'lvs_flush_onstop',
    values: ['VS'],
    atMost: 1,
    optional: true,
    ...ignored,
    doc: 'LVS only; old name of lvs_flush_on_stop.',
  }),
  ...['checker_log_all_failures', 'rs_init_notifies'].map((name) =>
    boolean<GlobalDraft>({ name, ...ignored, doc: 'LVS only.' }),
  ),
];

export const processKeywords: readonly Keyword<GlobalDraft>[] = [...processes, ...reload, ...interfaces, ...lvs];

/** A number up to 0777, or names of bits with | between them. */
function isModeMask(text: string): boolean {
  if (/^0[xX][\da-fA-F]+$|^[1-9]\d*$/.test(text)) return Number(text) <= MAX_MODE;
  if (/^0[0-7]*$/.test(text)) return Number.parseInt(text, 8) <= MAX_MODE;
  return /^I[RWX](?:USR|GRP|OTH)(?: ?\| ?I[RWX](?:USR|GRP|OTH))*$/.test(text);
}

const MAX_MODE = 0o777;

/** Pairs of a protocol and a time. keepalived wants two words at least, and steps over a word that is no protocol. */
function checkTimeouts(scope: Scope, { keyword, words: given }: Statement): void {
  if (given.length < 2) reportInvalid(scope, given[0] ?? keyword, 'lvs_timeouts takes a protocol and seconds');
  for (let index = 0; index < given.length && given.length > 1; index += 1) {
    const protocol = given[index];
    if (protocol === undefined) return;
    if (!TIMEOUT_PROTOCOLS.has(protocol.text)) {
      reportInvalid(scope, protocol, `${JSON.stringify(protocol.text)} is not tcp, tcpfin or udp`);
      continue;
    }
    index += 1;
    const value = given[index];
    const range = { min: 0, max: MAX_LVS_TIMEOUT };
    if (value === undefined) reportInvalid(scope, protocol, `${protocol.text} needs seconds`);
    else acceptNumber(scope, value, parseInteger(value.text, range), { name: protocol.text, strict: true, ...range });
  }
}

const TIMEOUT_PROTOCOLS: ReadonlySet<string> = new Set(['tcp', 'tcpfin', 'udp']);
/** 31 days. */
const MAX_LVS_TIMEOUT = 2_678_400;
