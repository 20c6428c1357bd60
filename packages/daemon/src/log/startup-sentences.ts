// What the log says once about a configuration that is about to run. keepalived.conf(5), "vrrp_startup_delay".
import { MICROS_PER_SECOND } from '@vrrp/state-machine';
import type { Desired } from '../plan/desired.js';
import type { LogEntry } from './entry.js';

/** One line when virtual routers wait before they begin: nobody should look for a fault meanwhile. */
export function startupEntries({ virtualRouters }: Pick<Desired, 'virtualRouters'>): readonly LogEntry[] {
  const delay = Math.max(0, ...virtualRouters.map(({ config }) => config.startupDelay));
  if (delay === 0) return [];
  const message = `Delaying startup for ${delay / MICROS_PER_SECOND} seconds`;
  return [{ level: 'info', message, fields: { event: 'startup-delay', delay } }];
}
