// A built-in check as a tracker: the schedule, timeout, rise and fall of a script, without a fork.

import { assertNever } from './assert-never.js';
import type { BuiltinCheck } from './builtin-check.js';
import { judgeConnect, judgeFileAge, judgeHttp, judgePing, judgeUnit } from './builtin-judge.js';
import { createCheckLoop } from './check-loop.js';
import type { Check, CheckLoopOptions } from './check-loop.js';
import type { Clock } from './clock.js';
import { createNodeClock } from './node/clock.js';
import { createNodeProber } from './node/prober.js';
import type { CancelProbe, Prober } from './prober.js';
import type { Evidence, Tracker } from './tracker.js';

export interface BuiltinTrackerOptions extends CheckLoopOptions {
  readonly check: BuiltinCheck;
}

export interface BuiltinPorts {
  readonly clock: Clock;
  readonly prober: Prober;
}

/** Throws RangeError for an interval, timeout, rise or fall outside its range. */
export function createBuiltinTracker(
  options: BuiltinTrackerOptions,
  ports: BuiltinPorts = { clock: createNodeClock(), prober: createNodeProber() },
): Tracker {
  return createCheckLoop(options, probing(options.check, ports.prober), ports.clock);
}

function probing(check: BuiltinCheck, prober: Prober): Check {
  return {
    begin({ onOutcome, onGone }) {
      const cancel = probe(check, prober, (evidence) => {
        onOutcome(evidence);
        onGone();
      });
      return {
        end() {
          cancel();
          onGone();
        },
      };
    },
  };
}

function probe(check: BuiltinCheck, prober: Prober, onEnd: (evidence: Evidence) => void): CancelProbe {
  switch (check.kind) {
    case 'tcp':
      return prober.connect(check, (result) => onEnd(judgeConnect(check, result)));
    case 'http': {
      const { url, verify, contains } = check;
      const request = { url, verify, wantsBody: contains !== undefined };
      return prober.get(request, (result) => onEnd(judgeHttp(check, result)));
    }
    case 'ping':
      return prober.ping(check.address, (result) => onEnd(judgePing(check, result)));
    case 'file':
      return prober.fileAge(check.path, (result) => onEnd(judgeFileAge(check, result)));
    case 'systemd':
      return prober.unit(check.unit, (result) => onEnd(judgeUnit(check, result)));
    default:
      return assertNever(check);
  }
}
