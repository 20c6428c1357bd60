// Who is told of changes, pure: the notify scripts of instances and sync groups, and the FIFOs (keepalived.conf(5),
// "NOTIFY SCRIPTS", notify_fifo). It stays on the control thread: the engine knows nothing of it.
import type { Config, NotifyFifo, ScriptCommand, VrrpInstance, VrrpSyncGroup } from '@vrrp/conf-parser';

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
}

export const NO_NOTIFICATIONS: DesiredNotifications = { subjects: [], fifos: [] };

export function planNotifications(config: Config): DesiredNotifications {
  const mustBeSafe = config.global_defs.enable_script_security;
  return {
    subjects: [
      ...config.vrrp_instance.map((instance) => planInstance(instance, mustBeSafe)),
      ...config.vrrp_sync_group.map((group) => planGroup(group, mustBeSafe)),
    ],
    fifos: planFifos(config, mustBeSafe),
  };
}

function planInstance(instance: VrrpInstance, mustBeSafe: boolean): DesiredSubject {
  const { name, priority, notify_priority_changes: priorityChanges, notify_deleted: deleted } = instance;
  const lowerPriority = instance.notify_master_rx_lower_pri;
  const scripts = {
    ...planScripts(instance, mustBeSafe),
    ...(deleted === undefined || deleted === true ? {} : { deleted: { ...deleted, mustBeSafe } }),
    ...(lowerPriority === undefined ? {} : { lowerPriority: { ...lowerPriority, mustBeSafe } }),
  };
  return { scope: 'INSTANCE', name, priority, scripts, priorityChanges, tellsDeleted: deleted !== undefined };
}

function planGroup(group: VrrpSyncGroup, mustBeSafe: boolean): DesiredSubject {
  const scripts = planScripts(group, mustBeSafe);
  return { scope: 'GROUP', name: group.name, priority: 0, scripts, priorityChanges: false, tellsDeleted: false };
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
