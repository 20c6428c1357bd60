// The script tracker (keepalived.conf(5), vrrp_script): runs a program regularly and reports what its exit status says.
// A script that cannot be run is failing, with the reason.
// COMPAT: keepalived counts a script it cannot execute as healthy (its child exits 0) or drops it at start.

import { createCheckLoop } from './check-loop.js';
import type { CheckLoopOptions } from './check-loop.js';
import type { Environment } from './environment.js';
import { createNodeClock } from './node/clock.js';
import { nodeSpawner } from './node/spawner.js';
import { createScriptCheck } from './script-run.js';
import type { ScriptPorts } from './script-run.js';
import type { RunAs } from './spawner.js';
import type { Tracker } from './tracker.js';

export interface ScriptTrackerOptions extends CheckLoopOptions {
  /** The program (a path, or a name looked for in PATH) and its arguments; no shell is involved. */
  readonly argv: readonly string[];
  /** The daemon's own user when left out. */
  readonly user?: RunAs;
  /** Laid over the daemon's environment (undefined removes); LD_PRELOAD, LD_LIBRARY_PATH and IFS never get through. */
  readonly environment?: Environment;
}

/** Throws TypeError for an empty `argv`, RangeError for an interval, timeout, rise or fall outside its range. */
export function createScriptTracker(
  options: ScriptTrackerOptions,
  ports: ScriptPorts = { clock: createNodeClock(), spawner: nodeSpawner },
): Tracker {
  const { argv, user, environment } = options;
  if (argv.length === 0) throw new TypeError(`script ${options.name} has no command`);
  const request = {
    argv,
    ...(user === undefined ? {} : { user }),
    ...(environment === undefined ? {} : { environment }),
  };
  return createCheckLoop(options, createScriptCheck(request, ports), ports.clock);
}
