// The configuration while it is being read: what the file said, before defaults that depend on the rest of the file.
// Mutable on purpose and internal to this package; complete/ turns it into the model.
import type { ServerGroupDraft, VirtualServerDraft } from './server-drafts.js';
import type { Placed } from './keyword.js';
import type {
  InterfaceDelays,
  LinkbeatInterface,
  NotifyFifo,
  NotifyWebhook,
  ScriptCommand,
  SmtpServer,
  UnicastPeer,
  VirtualIpAddress,
} from '../model.js';
import type { Word } from './statement.js';

export interface GarpDraft {
  garp_master_delay?: number;
  garp_master_repeat?: number;
  garp_master_refresh?: number;
  garp_master_refresh_repeat?: number;
  garp_lower_prio_delay?: number;
  garp_lower_prio_repeat?: number;
}

/** A place that names an interface. Without one that is `required` keepalived does not start. */
export interface InterfaceUse {
  readonly word: Word;
  readonly need: 'required' | 'optional';
}

/** A script of global_defs, and who runs it: one of nobody is not looked at. */
export interface GlobalScript {
  readonly spec: ScriptSpec;
  readonly runBy: 'daemon' | 'anybody' | 'vrrp' | 'lvs';
}

export interface GlobalDraft extends Placed {
  garp: GarpDraft;
  router_id?: string;
  vrrp_version?: 2 | 3;
  vrrp_mcast_group4?: string;
  vrrp_mcast_group6?: string;
  vrrp_startup_delay: number;
  vrrp_delay_after_boot: number;
  vrrp_priority?: number;
  vrrp_rt_priority?: number;
  vrrp_rlimit_rttime?: number;
  vrrp_strict: boolean;
  vrrp_drift_fallback: boolean;
  log_unknown_vrids: boolean;
  dynamic_interfaces: boolean;
  enable_script_security: boolean;
  script_user?: { user: string; group?: string };
  /** A script_user line that names nobody: scripts without a user of their own are refused. */
  script_user_failed: boolean;
  /** Of the daemon itself, and those that read FIFOs. */
  readonly scripts: GlobalScript[];
  notify_fifo?: NotifyFifo;
  notify_fifo_script?: ScriptSpec;
  vrrp_notify_fifo?: NotifyFifo;
  vrrp_notify_fifo_script?: ScriptSpec;
  vrrp_notify_priority_changes: boolean;
  fifo_write_vrrp_states_on_reload: boolean;
  smtp_server?: SmtpServer;
  smtp_helo_name?: string;
  smtp_connect_timeout: number;
  smtp_alert?: boolean;
  smtp_alert_vrrp?: boolean;
  no_email_faults: boolean;
  readonly notification_email: string[];
  notification_email_from?: string;
  smtp_security: 'none' | 'starttls' | 'tls';
  smtp_ca_file?: string;
  smtp_user?: string;
  smtp_password_file?: string;
  readonly notify_webhook: NotifyWebhook[];
  vrrp_skip_check_adv_addr: boolean;
  vrrp_check_unicast_src: boolean;
  vrrp_lower_prio_no_advert?: boolean;
  vrrp_higher_prio_send_advert?: boolean;
  vrrp_owner_ignore_adverts?: boolean;
  v3_checksum_as_v2?: boolean;
  vrrp_down_timer_adverts: number;
}

export interface AddressDraft {
  /** As in the model, but for the interface of the instance. */
  readonly value: { -readonly [Key in keyof VirtualIpAddress]: VirtualIpAddress[Key] };
  readonly family: 4 | 6;
  readonly word: Word;
}

/** A line of a track_* block; `weight` left out takes that of the object. */
export interface TrackDraft {
  readonly name: string;
  readonly weight: number | undefined;
  readonly reverse: boolean | undefined;
  readonly word: Word;
}

export interface ScriptSpec extends ScriptCommand {
  readonly word: Word;
}

/** By name. Left out until the first line. */
export interface TrackingDraft {
  track_interface?: Map<string, TrackDraft>;
  track_script?: Map<string, TrackDraft>;
  track_process?: Map<string, TrackDraft>;
  track_file?: Map<string, TrackDraft>;
  track_bfd?: Map<string, TrackDraft>;
}

export interface NotifyDraft {
  notify?: ScriptSpec;
  notify_master?: ScriptSpec;
  notify_backup?: ScriptSpec;
  notify_fault?: ScriptSpec;
  notify_stop?: ScriptSpec;
  notify_priority_changes?: boolean;
  smtp_alert?: boolean;
  readonly notify_webhook: NotifyWebhook[];
}

export interface InstanceDraft extends Placed, TrackingDraft, NotifyDraft {
  notify_master_rx_lower_pri?: ScriptSpec;
  /** true without a script, or with one that cannot be run. */
  notify_deleted?: ScriptSpec | true;
  readonly name: string;
  readonly nameWord: Word;
  readonly garp: GarpDraft;
  state?: 'MASTER' | 'BACKUP';
  interface?: string;
  /** 0 while not given. */
  virtual_router_id: number;
  priority?: number;
  advert_int: number;
  version?: 2 | 3;
  /** Settled by the first address of any kind. */
  family?: 4 | 6;
  auth_type?: 'PASS' | 'AH';
  auth_pass?: string;
  virtual_ipaddress: AddressDraft[];
  virtual_ipaddress_excluded: AddressDraft[];
  mcast_src_ip?: string;
  mcast_dst_ip?: string;
  unicast_src_ip?: string;
  track_src_ip: boolean;
  unicast_peer: UnicastPeer[];
  /** Some unicast keyword was given. */
  unicast: boolean;
  unicast_ttl?: number;
  check_unicast_src: boolean;
  nopreempt: boolean;
  preempt_delay: number;
  down_timer_adverts?: number;
  lower_prio_no_advert?: boolean;
  higher_prio_send_advert?: boolean;
  owner_ignore_adverts?: boolean;
  timer_expired_backup?: number;
  old_unicast_checksum?: 'always' | 'never';
  v3_checksum_as_v2?: boolean;
  skip_check_adv_addr: boolean;
  strict_mode?: boolean;
  accept?: boolean;
  dont_track_primary: boolean;
  linkbeat_use_polling: boolean;
  use_vmac: boolean;
  /** Its interface has a name of its own already. */
  vmac_named: boolean;
  /** Whether use_ipvlan came with an address. */
  ipvlan?: { readonly address: boolean };
}

export interface ScriptDraft extends Placed {
  readonly name: string;
  readonly nameWord: Word;
  script?: ScriptSpec;
  interval: number;
  timeout: number;
  weight: number;
  reverse: boolean;
  rise: number;
  fall: number;
  init_fail: boolean;
  user?: { user: string; group?: string };
  /** Its user does not exist: keepalived removes the script. */
  userFailed: boolean;
  used: boolean;
}

export interface SyncGroupDraft extends Placed, TrackingDraft, NotifyDraft {
  readonly name: string;
  readonly nameWord: Word;
  group?: Word[];
  sync_group_tracking_weight: boolean;
}

export interface TrackProcessDraft extends Placed {
  readonly name: string;
  readonly nameWord: Word;
  process?: string;
  parameters?: readonly string[];
  full_command: boolean;
  param_match?: 'exact' | 'initial' | 'partial';
  weight: number;
  reverse: boolean;
  quorum: number;
  quorum_max?: number;
  terminate_delay: number;
  fork_delay: number;
  used: boolean;
}

export interface TrackFileDraft extends Placed {
  readonly name: string;
  readonly nameWord: Word;
  file?: string;
  weight: number;
  reverse: boolean;
  init_file?: { value: number; overwrite: boolean };
  used: boolean;
}

export interface BfdDraft extends Placed {
  readonly name: string;
  readonly nameWord: Word;
  neighbor?: string;
  weight: number;
  reverse: boolean;
  used: boolean;
}

export interface ConfigDraft extends Placed {
  readonly globals: GlobalDraft;
  net_namespace?: string;
  instance?: string;
  readonly instances: Map<string, InstanceDraft>;
  /** The first of a name is the one that counts. */
  readonly scripts: Map<string, ScriptDraft>;
  readonly syncGroups: Map<string, SyncGroupDraft>;
  /** The first group that names an instance. */
  readonly groupOf: Map<string, SyncGroupDraft>;
  readonly trackProcesses: Map<string, TrackProcessDraft>;
  readonly trackFiles: Map<string, TrackFileDraft>;
  readonly bfdInstances: Map<string, BfdDraft>;
  readonly virtualServers: VirtualServerDraft[];
  readonly serverGroups: Map<string, ServerGroupDraft>;
  readonly trackGroups: Map<string, Word>;
  readonly garpGroupMembers: Set<string>;
  readonly interfaceDelays: Map<string, InterfaceDelays>;
  linkbeat_use_polling: boolean;
  readonly linkbeatInterfaces: Map<string, LinkbeatInterface>;
  /** Where an item of a list outside of all blocks was given last: {@link itemKey} says by which key. */
  readonly itemAt: Map<string, Word>;
  /** Every interface the file names, to be looked for when everything has been read. */
  readonly interfaceUses: InterfaceUse[];
}

export function createConfigDraft(): ConfigDraft {
  return {
    at: {},
    globals: {
      at: {},
      garp: {},
      vrrp_startup_delay: 0,
      vrrp_delay_after_boot: 0,
      vrrp_strict: false,
      vrrp_drift_fallback: false,
      log_unknown_vrids: false,
      dynamic_interfaces: false,
      enable_script_security: false,
      script_user_failed: false,
      vrrp_notify_priority_changes: false,
      fifo_write_vrrp_states_on_reload: false,
      scripts: [],
      smtp_connect_timeout: 30,
      no_email_faults: false,
      notification_email: [],
      smtp_security: 'none',
      notify_webhook: [],
      vrrp_skip_check_adv_addr: false,
      vrrp_check_unicast_src: false,
      vrrp_down_timer_adverts: 3,
    },
    instances: new Map(),
    scripts: new Map(),
    syncGroups: new Map(),
    groupOf: new Map(),
    trackProcesses: new Map(),
    trackFiles: new Map(),
    bfdInstances: new Map(),
    virtualServers: [],
    serverGroups: new Map(),
    trackGroups: new Map(),
    garpGroupMembers: new Set(),
    interfaceDelays: new Map(),
    linkbeat_use_polling: false,
    linkbeatInterfaces: new Map(),
    itemAt: new Map(),
    interfaceUses: [],
  };
}

/** What {@link ConfigDraft.itemAt} goes by. */
export function itemKey(keyword: string, item: string): string {
  return `${keyword} ${item}`;
}
