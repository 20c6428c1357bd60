// Where the daemon keeps its pid files, its journal and its status socket, by keepalived's rules: /run, or /run/keepalived with an instance
// name or a network namespace. Pure.
import { join } from 'node:path';

const RUN = '/run';

export interface RuntimePaths {
  readonly pid: string;
  readonly vrrpPid: string;
  readonly journal: string;
  readonly statusSocket: string;
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
  // What else is this daemon's alone lies beside the pid file that is: /run/vrrp.pid, /run/vrrp.sock.
  const stem = vrrpPid.replace(/\.pid$/, '');
  return {
    pid: options.pidFile ?? join(folder, `keepalived${suffix}.pid`),
    vrrpPid,
    journal: `${stem}.addresses.json`,
    statusSocket: `${stem}.sock`,
  };
}
