// The resolved configuration: keepalived's own keywords as names, every default and inheritance applied.
// This is what `vrrpd config FILE --json` prints. Times are in seconds (as written in the file), weights and ranges
// as keepalived.conf(5) gives them.

export interface VirtualIpAddress {
  readonly address: string;
  /** Prefix length; 32 or 128 when the file gives none. */
  readonly prefix: number;
  readonly dev?: string;
  /** Text as in the file: `global`, `site`, `link`, `host`, `nowhere` or a number. */
  readonly scope?: string;
  /** An IPv4 address; `+` and `-` are already worked out. */
  readonly brd?: string;
  readonly label?: string;
  readonly peer?: string;
  readonly home?: boolean;
  readonly nodad?: boolean;
  readonly mngtmpaddr?: boolean;
  readonly noprefixroute?: boolean;
  readonly autojoin?: boolean;
  /** Seconds or `forever`. */
  readonly preferred_lft?: number | 'forever';
  readonly no_track?: boolean;
  readonly use_vmac?: boolean;
}

export interface UnicastPeer {
  readonly address: string;
  readonly min_ttl?: number;
  readonly max_ttl?: number;
}

/** A line of track_script, track_process, track_file, track_interface, track_bfd: weight resolved to the object's default. */
export interface TrackReference {
  readonly name: string;
  /** As keepalived's dump says. */
  readonly weight: number;
  /** What keepalived goes by, where that is not what it says. */
  readonly effective_weight?: number;
  readonly reverse: boolean;
}

/** A command with its arguments as keepalived's second-level quoting splits them. */
export interface ScriptCommand {
  readonly argv: readonly string[];
  readonly user?: string;
  readonly group?: string;
}

export interface VrrpInstance {
  readonly name: string;
  readonly state: 'MASTER' | 'BACKUP';
  readonly interface?: string;
  readonly virtual_router_id: number;
  readonly priority: number;
  /** Seconds; version 2 whole seconds, version 3 in steps of 0.01. */
  readonly advert_int: number;
  readonly version: 2 | 3;
  /** Derived: the family of the addresses. */
  readonly family: 4 | 6;
  readonly authentication?: { readonly auth_type: 'PASS' | 'AH'; readonly auth_pass: string };
  readonly virtual_ipaddress: readonly VirtualIpAddress[];
  readonly virtual_ipaddress_excluded: readonly VirtualIpAddress[];
  readonly mcast_src_ip?: string;
  readonly mcast_dst_ip?: string;
  readonly unicast_src_ip?: string;
  /** The address that is given as the source has to be there. */
  readonly track_src_ip: boolean;
  readonly unicast_peer: readonly UnicastPeer[];
  readonly unicast_ttl?: number;
  readonly check_unicast_src: boolean;
  readonly nopreempt: boolean;
  readonly preempt_delay: number;
  readonly down_timer_adverts: number;
  readonly garp_master_delay: number;
  readonly garp_master_repeat: number;
  readonly garp_master_refresh: number;
  readonly garp_master_refresh_repeat: number;
  readonly garp_lower_prio_delay: number;
  readonly garp_lower_prio_repeat: number;
  readonly lower_prio_no_advert: boolean;
  readonly higher_prio_send_advert: boolean;
  readonly owner_ignore_adverts: boolean;
  /** 1..254: the highest priority of the others; only with nopreempt. */
  readonly timer_expired_backup?: number;
  readonly old_unicast_checksum?: 'always' | 'never';
  readonly v3_checksum_as_v2: boolean;
  readonly skip_check_adv_addr: boolean;
  readonly strict_mode: boolean;
  readonly accept: boolean;
  readonly dont_track_primary: boolean;
  readonly linkbeat_use_polling: boolean;
  readonly track_interface: readonly TrackReference[];
  readonly track_script: readonly TrackReference[];
  readonly track_process: readonly TrackReference[];
  readonly track_file: readonly TrackReference[];
  readonly notify?: ScriptCommand;
  readonly notify_master?: ScriptCommand;
  readonly notify_backup?: ScriptCommand;
  readonly notify_fault?: ScriptCommand;
  readonly notify_stop?: ScriptCommand;
  readonly notify_master_rx_lower_pri?: ScriptCommand;
  /** When a reload removes it: DELETED is told, not FAULT; true without a script of its own. */
  readonly notify_deleted?: ScriptCommand | true;
  /** Whether FIFOs are told of priorities: its own word, else its sync group's, else that of global_defs. */
  readonly notify_priority_changes: boolean;
  /** Whether changes are mailed: its own word, else that of global_defs. */
  readonly smtp_alert: boolean;
  /** Its own, without those of global_defs. */
  readonly notify_webhook: readonly NotifyWebhook[];
}

export interface VrrpScript {
  readonly name: string;
  readonly script: ScriptCommand;
  /** Seconds, three decimals. */
  readonly interval: number;
  /** Seconds; 0 means the interval. */
  readonly timeout: number;
  readonly weight: number;
  readonly reverse: boolean;
  readonly rise: number;
  readonly fall: number;
  readonly init_fail: boolean;
}

export interface VrrpSyncGroup {
  readonly name: string;
  readonly group: readonly string[];
  /** What every member tracks beside its own. */
  readonly track_interface: readonly TrackReference[];
  readonly track_script: readonly TrackReference[];
  readonly track_process: readonly TrackReference[];
  readonly track_file: readonly TrackReference[];
  readonly notify?: ScriptCommand;
  readonly notify_master?: ScriptCommand;
  readonly notify_backup?: ScriptCommand;
  readonly notify_fault?: ScriptCommand;
  readonly notify_stop?: ScriptCommand;
  readonly smtp_alert: boolean;
  readonly notify_webhook: readonly NotifyWebhook[];
}

/** A URL that is told of every change. Values of headers may be secrets. */
export interface NotifyWebhook {
  readonly url: string;
  readonly headers: readonly WebhookHeader[];
}

export interface WebhookHeader {
  readonly name: string;
  readonly value: string;
}

export interface SmtpServer {
  readonly host: string;
  readonly port: number;
}

/** A FIFO that is told of every change, and who it belongs to: the daemon when nobody is named. */
export interface NotifyFifo {
  readonly path: string;
  readonly user?: string;
  readonly group?: string;
}

export interface VrrpTrackProcess {
  readonly name: string;
  /** The command: the kernel's name of the process, or with `full_command` what it was started as. */
  readonly process: string;
  readonly parameters?: readonly string[];
  /** Arguments and `param_match` imply it. */
  readonly full_command: boolean;
  readonly param_match?: 'exact' | 'initial' | 'partial';
  readonly weight: number;
  readonly reverse: boolean;
  /** 0 only with `quorum_max 0`. */
  readonly quorum: number;
  readonly quorum_max?: number;
  /** Seconds. */
  readonly terminate_delay: number;
  readonly fork_delay: number;
}

export interface VrrpTrackFile {
  readonly name: string;
  readonly file: string;
  readonly weight: number;
  readonly reverse: boolean;
  /** Written at start when there is no file, with `overwrite` in any case. */
  readonly init_file?: { readonly value: number; readonly overwrite: boolean };
}

/** A line of interface_up_down_delays: seconds that a change of the interface has to stand. */
export interface InterfaceDelays {
  readonly interface: string;
  readonly down: number;
  readonly up: number;
}

/** A line of linkbeat_interfaces: `method` is tried before the others. */
export interface LinkbeatInterface {
  readonly interface: string;
  readonly method?: 'MII' | 'ETHTOOL' | 'IOCTL';
}

export interface GlobalDefs {
  readonly router_id?: string;
  readonly vrrp_version: 2 | 3;
  readonly vrrp_mcast_group4: string;
  readonly vrrp_mcast_group6: string;
  readonly vrrp_startup_delay: number;
  /** Seconds of uptime before which the start is delayed too. */
  readonly vrrp_delay_after_boot: number;
  /** Nice value, -20..19. */
  readonly vrrp_priority?: number;
  /** 1..99. */
  readonly vrrp_rt_priority?: number;
  /** Microseconds. */
  readonly vrrp_rlimit_rttime?: number;
  readonly vrrp_strict: boolean;
  /** A virtual address that somebody else removed costs the Master role, as in keepalived. */
  readonly vrrp_drift_fallback: boolean;
  readonly log_unknown_vrids: boolean;
  readonly dynamic_interfaces: boolean;
  readonly enable_script_security: boolean;
  readonly script_user?: { readonly user: string; readonly group?: string };
  readonly notify_fifo?: NotifyFifo;
  readonly notify_fifo_script?: ScriptCommand;
  readonly vrrp_notify_fifo?: NotifyFifo;
  readonly vrrp_notify_fifo_script?: ScriptCommand;
  readonly vrrp_notify_priority_changes: boolean;
  readonly fifo_write_vrrp_states_on_reload: boolean;
  readonly notification_email: readonly string[];
  readonly notification_email_from?: string;
  readonly smtp_server?: SmtpServer;
  readonly smtp_helo_name?: string;
  /** Seconds. */
  readonly smtp_connect_timeout: number;
  readonly smtp_alert?: boolean;
  readonly smtp_alert_vrrp?: boolean;
  readonly no_email_faults: boolean;
  readonly smtp_security: 'none' | 'starttls' | 'tls';
  readonly smtp_ca_file?: string;
  readonly smtp_user?: string;
  readonly smtp_password_file?: string;
  /** Told of every instance and group. */
  readonly notify_webhook: readonly NotifyWebhook[];
}

export interface Config {
  readonly global_defs: GlobalDefs;
  /** Root-level keywords. */
  readonly net_namespace?: string;
  readonly instance?: string;
  readonly interface_up_down_delays: readonly InterfaceDelays[];
  readonly linkbeat_use_polling: boolean;
  readonly linkbeat_interfaces: readonly LinkbeatInterface[];
  readonly vrrp_instance: readonly VrrpInstance[];
  readonly vrrp_sync_group: readonly VrrpSyncGroup[];
  readonly vrrp_script: readonly VrrpScript[];
  readonly vrrp_track_process: readonly VrrpTrackProcess[];
  readonly vrrp_track_file: readonly VrrpTrackFile[];
}
