// Who is told of changes, pure: the notify scripts of instances and sync groups, the FIFOs, mail and webhooks
// (keepalived.conf(5), "NOTIFY SCRIPTS", notify_fifo, smtp_alert). It stays on the control thread: the engine knows nothing of it.
import type { Config, NotifyFifo, ScriptCommand, VrrpInstance, VrrpSyncGroup } from '@vrrp/conf-parser';
import { micros } from './micros.js';

/** A command with the user it runs as: the daemon's own when nobody is named. */
export interface DesiredCommand {
  readonly argv: readonly string[];
  readonly user?: string;
  readonly group?: string;
  /** enable_script_security: run as root only what nobody but root can change. */
  readonly mustBeSafe: boolean;
}

export interface NotifyScripts {
  readonly master?: DesiredCommand;
  readonly backup?: DesiredCommand;
  readonly fault?: DesiredCommand;
  readonly stop?: DesiredCommand;
  readonly deleted?: DesiredCommand;
  /** A Master heard a lower priority: no state, and not told to `any`. */
  readonly lowerPriority?: DesiredCommand;
  /** After the one for the state, with INSTANCE or GROUP, the name, the state and the priority as arguments. */
  readonly any?: DesiredCommand;
}

/** An instance or a sync group whose changes are told. */
export interface DesiredSubject {
  readonly scope: 'INSTANCE' | 'GROUP';
  readonly name: string;
  /** Base priority, told until it changes; 0 for a group. */
  readonly priority: number;
  readonly scripts: NotifyScripts;
  /** Whether FIFOs are told of priorities. */
  readonly priorityChanges: boolean;
  /** Told DELETED, not FAULT, when a reload removes it. */
  readonly tellsDeleted: boolean;
  /** Whether its changes are mailed. */
  readonly mailed: boolean;
  /** Its own and those of global_defs, each URL once. */
  readonly webhooks: readonly DesiredWebhook[];
  readonly facts: SubjectFacts;
}

/** What a webhook is told of an instance or a group beside its changes. */
export type SubjectFacts =
  | { readonly vrid: number; readonly interface: string; readonly addresses: readonly string[] }
  | { readonly members: readonly string[] };

export interface DesiredWebhook {
  readonly url: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
}

/** Where mail goes; times are in microseconds. */
export interface DesiredMail {
  readonly server: { readonly host: string; readonly port: number };
  readonly heloName?: string;
  /** To connect, and for each answer. */
  readonly timeout: number;
  readonly recipients: readonly string[];
  readonly from?: string;
  /** Whether faults are mailed. */
  readonly faults: boolean;
  readonly security: 'none' | 'starttls' | 'tls';
  readonly caFile?: string;
  readonly login?: { readonly user: string; readonly passwordFile: string };
}

export interface DesiredFifo {
  readonly path: string;
  readonly user?: string;
  readonly group?: string;
  /** Reads it: started once, with the path as its last argument. */
  readonly script?: DesiredCommand;
}

export interface DesiredNotifications {
  /** In configuration order, groups last. */
  readonly subjects: readonly DesiredSubject[];
  readonly fifos: readonly DesiredFifo[];
  readonly mail?: DesiredMail;
  /** After a reload FIFOs are told the states of all that go on as they were. */
  readonly writesStatesOnReload: boolean;
  /** router_id: the name of this node, else that of the host. */
  readonly node?: string;
}

export const NO_NOTIFICATIONS: DesiredNotifications = { subjects: [], fifos: [], writesStatesOnReload: false };

export function planNotifications(config: Config): DesiredNotifications {
  const mustBeSafe = config.global_defs.enable_script_security;
  return {
    subjects: [
      ...config.vrrp_instance.map((instance) => planInstance(config, instance)),
      ...config.vrrp_sync_group.map((group) => planGroup(config, group)),
    ],
    fifos: planFifos(config, mustBeSafe),
    writesStatesOnReload: config.global_defs.fifo_write_vrrp_states_on_reload,
    ...planMail(config),
    ...(config.global_defs.router_id === undefined ? {} : { node: config.global_defs.router_id }),
  };
}

/** Nobody is mailed without a server, or without anybody to mail. */
function planMail({ global_defs: globals }: Config): Pick<DesiredNotifications, 'mail'> {
  const { smtp_server: server, notification_email: recipients, notification_email_from: from } = globals;
  if (server === undefined || recipients.length === 0) return {};
  const { smtp_helo_name: heloName, smtp_ca_file: caFile, smtp_user: user, smtp_password_file: passwordFile } = globals;
  return {
    mail: {
      server,
      ...(heloName === undefined ? {} : { heloName }),
      timeout: micros(globals.smtp_connect_timeout),
      recipients,
      ...(from === undefined ? {} : { from }),
      faults: !globals.no_email_faults,
      security: globals.smtp_security,
      ...(caFile === undefined ? {} : { caFile }),
      ...(user === undefined || passwordFile === undefined ? {} : { login: { user, passwordFile } }),
    },
  };
}

/** What instances and groups have in common. */
function planSubject(
  { global_defs: globals }: Config,
  { name, smtp_alert: mailed, notify_webhook: own }: VrrpInstance | VrrpSyncGroup,
): Pick<DesiredSubject, 'name' | 'mailed' | 'webhooks'> {
  // A URL that is named twice is told once, with the headers of the nearer one.
  const webhooks = new Map([...globals.notify_webhook, ...own].map((webhook) => [webhook.url, webhook]));
  return { name, mailed, webhooks: [...webhooks.values()] };
}

function planInstance(config: Config, instance: VrrpInstance): DesiredSubject {
  const mustBeSafe = config.global_defs.enable_script_security;
  const { priority, notify_priority_changes: priorityChanges, notify_deleted: deleted } = instance;
  const lowerPriority = instance.notify_master_rx_lower_pri;
  const scripts = {
    ...planScripts(instance, mustBeSafe),
    ...(deleted === undefined || deleted === true ? {} : { deleted: { ...deleted, mustBeSafe } }),
    ...(lowerPriority === undefined ? {} : { lowerPriority: { ...lowerPriority, mustBeSafe } }),
  };
  const facts = {
    vrid: instance.virtual_router_id,
    interface: instance.interface ?? '',
    addresses: [...instance.virtual_ipaddress, ...instance.virtual_ipaddress_excluded].map(({ address }) => address),
  };
  return {
    scope: 'INSTANCE',
    ...planSubject(config, instance),
    priority,
    scripts,
    priorityChanges,
    tellsDeleted: deleted !== undefined,
    facts,
  };
}

function planGroup(config: Config, group: VrrpSyncGroup): DesiredSubject {
  return {
    scope: 'GROUP',
    ...planSubject(config, group),
    priority: 0,
    scripts: planScripts(group, config.global_defs.enable_script_security),
    priorityChanges: false,
    tellsDeleted: false,
    facts: { members: group.group },
  };
}

function planScripts(subject: VrrpInstance | VrrpSyncGroup, mustBeSafe: boolean): NotifyScripts {
  const { notify_master: master, notify_backup: backup, notify_fault: fault, notify_stop: stop, notify } = subject;
  return {
    ...(master === undefined ? {} : { master: { ...master, mustBeSafe } }),
    ...(backup === undefined ? {} : { backup: { ...backup, mustBeSafe } }),
    ...(fault === undefined ? {} : { fault: { ...fault, mustBeSafe } }),
    ...(stop === undefined ? {} : { stop: { ...stop, mustBeSafe } }),
    ...(notify === undefined ? {} : { any: { ...notify, mustBeSafe } }),
  };
}

/** keepalived: of two FIFOs with one path only the general one is used. */
function planFifos({ global_defs: globals }: Config, mustBeSafe: boolean): readonly DesiredFifo[] {
  const { notify_fifo: general, vrrp_notify_fifo: own } = globals;
  return [
    ...(general === undefined ? [] : [planFifo(general, globals.notify_fifo_script, mustBeSafe)]),
    ...(own === undefined || own.path === general?.path
      ? []
      : [planFifo(own, globals.vrrp_notify_fifo_script, mustBeSafe)]),
  ];
}

function planFifo(fifo: NotifyFifo, script: ScriptCommand | undefined, mustBeSafe: boolean): DesiredFifo {
  return script === undefined ? fifo : { ...fifo, script: { ...script, mustBeSafe } };
}
