// How the engine's thread is scheduled, pure (keepalived.conf(5), "vrrp_rt_priority", "vrrp_priority", "vrrp_rlimit_rttime").
import type { Config } from '@vrrp/conf-parser';
import type { DesiredScheduling } from './desired.js';

/** The lowest real-time priority there is: before every ordinary thread, behind whatever else is real-time. */
const REALTIME_PRIORITY = 1;
const NICE_VALUE = -20;
/** Microseconds: long for a reload of a thousand instances, short for whoever waits for a processor that hangs. */
const RUN_MAX = 1_000_000;

/**
 * COMPAT: keepalived has an ordinary priority unless told otherwise. With it, a host whose processor is wanted by others
 * advertises late, and a Backup that is late makes a second Master. docs/compatibility.md
 */
export function planScheduling({ global_defs: globals }: Config): DesiredScheduling {
  const { vrrp_priority: nice, vrrp_rt_priority: realtime, vrrp_rlimit_rttime: runMax = RUN_MAX } = globals;
  const niceValue = nice ?? NICE_VALUE;
  if (realtime === undefined && nice !== undefined) return { niceValue };
  return { niceValue, realtime: { priority: realtime ?? REALTIME_PRIORITY, runMax, asked: realtime !== undefined } };
}
