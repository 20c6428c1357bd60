// The model as a zod schema, from which the JSON Schema of `vrrpd config --json` is made. A separate entry point:
// reading a configuration does not need it. The schema and model.ts are kept the same by the compiler.
import { z } from 'zod';
import type { Config } from './model.js';

const weight = z.number().int();
const seconds = z.number().min(0);

const virtualIpAddress = z.strictObject({
  address: z.string(),
  prefix: z.number().int().min(0).max(128).describe('Prefix length; 32 or 128 when the file gives none.'),
  dev: z.string().exactOptional(),
  scope: z.string().exactOptional(),
  brd: z.string().exactOptional(),
  label: z.string().exactOptional(),
  peer: z.string().exactOptional(),
  home: z.boolean().exactOptional(),
  nodad: z.boolean().exactOptional(),
  mngtmpaddr: z.boolean().exactOptional(),
  noprefixroute: z.boolean().exactOptional(),
  autojoin: z.boolean().exactOptional(),
  preferred_lft: z.union([z.number().int().min(0), z.literal('forever')]).exactOptional(),
  no_track: z.boolean().exactOptional(),
  use_vmac: z.boolean().exactOptional(),
});

const unicastPeer = z.strictObject({
  address: z.string(),
  min_ttl: z.number().int().min(0).max(255).exactOptional(),
  max_ttl: z.number().int().min(0).max(255).exactOptional(),
});

const trackReference = z.strictObject({
  name: z.string(),
  weight,
  effective_weight: weight.exactOptional(),
  reverse: z.boolean(),
});

const scriptCommand = z.strictObject({
  argv: z.array(z.string()).min(1),
  user: z.string().exactOptional(),
  group: z.string().exactOptional(),
});

const notifyWebhook = z.strictObject({
  url: z.string(),
  headers: z.array(
    z.strictObject({ name: z.string(), value: z.string().describe('vrrpd config FILE --json shows no values.') }),
  ),
});

const vrrpInstance = z.strictObject({
  name: z.string(),
  state: z.enum(['MASTER', 'BACKUP']),
  interface: z.string().exactOptional(),
  virtual_router_id: z.number().int().min(0).max(255).describe('1..255; 0 only in a configuration that is refused.'),
  priority: z.number().int().min(1).max(255),
  advert_int: seconds.describe('Seconds between adverts.'),
  version: z.union([z.literal(2), z.literal(3)]),
  family: z.union([z.literal(4), z.literal(6)]),
  authentication: z.strictObject({ auth_type: z.enum(['PASS', 'AH']), auth_pass: z.string() }).exactOptional(),
  virtual_ipaddress: z.array(virtualIpAddress),
  virtual_ipaddress_excluded: z.array(virtualIpAddress),
  mcast_src_ip: z.string().exactOptional(),
  mcast_dst_ip: z.string().exactOptional(),
  unicast_src_ip: z.string().exactOptional(),
  track_src_ip: z.boolean().describe('The address that is given as the source has to be there.'),
  unicast_peer: z.array(unicastPeer),
  unicast_ttl: z.number().int().min(0).max(255).exactOptional(),
  check_unicast_src: z.boolean(),
  nopreempt: z.boolean(),
  preempt_delay: seconds,
  down_timer_adverts: z.number().int().min(1).max(100),
  garp_master_delay: seconds,
  garp_master_repeat: z.number().int().min(0),
  garp_master_refresh: seconds,
  garp_master_refresh_repeat: z.number().int().min(0),
  garp_lower_prio_delay: seconds,
  garp_lower_prio_repeat: z.number().int().min(0),
  lower_prio_no_advert: z.boolean(),
  higher_prio_send_advert: z.boolean(),
  owner_ignore_adverts: z.boolean(),
  timer_expired_backup: z.number().int().min(1).max(254).exactOptional(),
  old_unicast_checksum: z.enum(['always', 'never']).exactOptional(),
  v3_checksum_as_v2: z.boolean(),
  skip_check_adv_addr: z.boolean(),
  strict_mode: z.boolean(),
  accept: z.boolean(),
  dont_track_primary: z.boolean(),
  linkbeat_use_polling: z.boolean(),
  track_interface: z.array(trackReference),
  track_script: z.array(trackReference),
  track_process: z.array(trackReference),
  track_file: z.array(trackReference),
  notify: scriptCommand.exactOptional(),
  notify_master: scriptCommand.exactOptional(),
  notify_backup: scriptCommand.exactOptional(),
  notify_fault: scriptCommand.exactOptional(),
  notify_stop: scriptCommand.exactOptional(),
  notify_master_rx_lower_pri: scriptCommand.exactOptional(),
  notify_deleted: z.union([scriptCommand, z.literal(true)]).exactOptional(),
  notify_priority_changes: z.boolean(),
  smtp_alert: z.boolean(),
  notify_webhook: z.array(notifyWebhook),
});

const vrrpSyncGroup = z.strictObject({
  name: z.string(),
  group: z.array(z.string()),
  track_interface: z.array(trackReference),
  track_script: z.array(trackReference),
  track_process: z.array(trackReference),
  track_file: z.array(trackReference),
  notify: scriptCommand.exactOptional(),
  notify_master: scriptCommand.exactOptional(),
  notify_backup: scriptCommand.exactOptional(),
  notify_fault: scriptCommand.exactOptional(),
  notify_stop: scriptCommand.exactOptional(),
  smtp_alert: z.boolean(),
  notify_webhook: z.array(notifyWebhook),
});

const notifyFifo = z.strictObject({
  path: z.string(),
  user: z.string().exactOptional(),
  group: z.string().exactOptional(),
});

const vrrpScript = z.strictObject({
  name: z.string(),
  script: scriptCommand,
  interval: seconds,
  timeout: seconds.describe('Seconds; 0 means the interval.'),
  weight,
  reverse: z.boolean(),
  rise: z.number().int().min(1),
  fall: z.number().int().min(1),
  init_fail: z.boolean(),
});

const globalDefs = z.strictObject({
  router_id: z.string().exactOptional(),
  vrrp_version: z.union([z.literal(2), z.literal(3)]),
  vrrp_mcast_group4: z.string(),
  vrrp_mcast_group6: z.string(),
  vrrp_startup_delay: seconds,
  vrrp_delay_after_boot: seconds,
  vrrp_priority: z.number().int().min(-20).max(19).exactOptional(),
  vrrp_rt_priority: z.number().int().min(1).max(99).exactOptional(),
  vrrp_rlimit_rttime: z.number().int().min(1).describe('Microseconds.').exactOptional(),
  vrrp_strict: z.boolean(),
  vrrp_drift_fallback: z.boolean(),
  log_unknown_vrids: z.boolean(),
  dynamic_interfaces: z.boolean(),
  enable_script_security: z.boolean(),
  script_user: z.strictObject({ user: z.string(), group: z.string().exactOptional() }).exactOptional(),
  notify_fifo: notifyFifo.exactOptional(),
  notify_fifo_script: scriptCommand.exactOptional(),
  vrrp_notify_fifo: notifyFifo.exactOptional(),
  vrrp_notify_fifo_script: scriptCommand.exactOptional(),
  vrrp_notify_priority_changes: z.boolean(),
  fifo_write_vrrp_states_on_reload: z.boolean(),
  notification_email: z.array(z.string()),
  notification_email_from: z.string().exactOptional(),
  smtp_server: z.strictObject({ host: z.string(), port: z.number().int().min(1).max(65_535) }).exactOptional(),
  smtp_helo_name: z.string().exactOptional(),
  smtp_connect_timeout: seconds.describe('Seconds, at least 1.'),
  smtp_alert: z.boolean().exactOptional(),
  smtp_alert_vrrp: z.boolean().exactOptional(),
  no_email_faults: z.boolean(),
  smtp_security: z.enum(['none', 'starttls', 'tls']),
  smtp_ca_file: z.string().exactOptional(),
  smtp_user: z.string().exactOptional(),
  smtp_password_file: z.string().exactOptional(),
  notify_webhook: z.array(notifyWebhook),
});

const schema = z.strictObject({
  global_defs: globalDefs,
  net_namespace: z.string().exactOptional(),
  instance: z.string().exactOptional(),
  interface_up_down_delays: z.array(z.strictObject({ interface: z.string(), down: seconds, up: seconds })),
  linkbeat_use_polling: z.boolean(),
  linkbeat_interfaces: z.array(
    z.strictObject({ interface: z.string(), method: z.enum(['MII', 'ETHTOOL', 'IOCTL']).exactOptional() }),
  ),
  vrrp_instance: z.array(vrrpInstance),
  vrrp_sync_group: z.array(vrrpSyncGroup),
  vrrp_script: z.array(vrrpScript),
  vrrp_track_process: z.array(
    z.strictObject({
      name: z.string(),
      process: z.string(),
      parameters: z.array(z.string()).exactOptional(),
      full_command: z.boolean(),
      param_match: z.enum(['exact', 'initial', 'partial']).exactOptional(),
      weight,
      reverse: z.boolean(),
      quorum: z.number().int().min(0),
      quorum_max: z.number().int().min(0).exactOptional(),
      terminate_delay: seconds,
      fork_delay: seconds,
    }),
  ),
  vrrp_track_file: z.array(
    z.strictObject({
      name: z.string(),
      file: z.string(),
      weight,
      reverse: z.boolean(),
      init_file: z.strictObject({ value: z.number().int(), overwrite: z.boolean() }).exactOptional(),
    }),
  ),
});

/** The schema of {@link Config}; `z.toJSONSchema(configSchema)` is what docs publish. */
export const configSchema: z.ZodType<Config> = schema;

/** Fails to compile when a key of the model is missing here: assignability alone would let an optional one pass. */
type MissingKeys<A, B> = Exclude<keyof A, keyof B>;
const complete: [
  MissingKeys<Config['vrrp_instance'][number], z.infer<typeof vrrpInstance>>,
  MissingKeys<Config['vrrp_sync_group'][number], z.infer<typeof vrrpSyncGroup>>,
  MissingKeys<Config['global_defs'], z.infer<typeof globalDefs>>,
  MissingKeys<Config, z.infer<typeof schema>>,
] extends [never, never, never, never]
  ? true
  : never = true;
export const schemaIsComplete = complete;
