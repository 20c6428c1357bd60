// Where the daemon keeps its pid files and its journal, by keepalived's rules: /run, or /run/keepalived with an instance
// name or a network namespace. Pure.
import { join } from 'node:path';

const RUN = '/run';

export interface RuntimePaths {
  readonly pid: string;
  readonly vrrpPid: string;
  readonly journal: string;
}

export function runtimePaths(options: {
  readonly pidFile?: string | undefined;
  readonly vrrpPidFile?: string | undefined;
  readonly namespace?: string | undefined;
  readonly instance?: string | undefined;
}): RuntimePaths {
  const { namespace, instance } = options;
  const shared = namespace === undefined && instance === undefined;
  const folder = shared ? RUN : join(RUN, 'keepalived', ...(namespace === undefined ? [] : [namespace]));
  const suffix = instance === undefined ? '' : `_${instance}`;
  const vrrpPid = options.vrrpPidFile ?? join(folder, `vrrp${suffix}.pid`);
  return {
    pid: options.pidFile ?? join(folder, `keepalived${suffix}.pid`),
    vrrpPid,
    // Beside the pid file that belongs to this daemon alone.
    journal: `${vrrpPid.replace(/\.pid$/, '')}.addresses.json`,
  };
}
