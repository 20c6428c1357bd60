// The priority of the calling thread, which is the engine's (sched(7), setpriority(2)). What is refused is left as it is:
// without the right to more the thread takes its turn like everybody.
import { getPriority, setPriority } from 'node:os';
import { endRealtimePriority, limitRealtimeRun, setRealtimePriority, threadId } from '@vrrp/netlink-native';
import type { DesiredScheduling } from '../plan/desired.js';
import { failureText, type EngineReport, type FailureText, type Untimed } from './messages.js';

/**
 * This thread and this one alone: scripts and the control thread stay as they are. A nice value counts only among the
 * threads of a session where the kernel groups them by it (sched(7), "The autogroup feature"), and every script has one of
 * its own; a real-time priority counts everywhere. Measured with bench/jitter.js.
 */
export function takePriority({ niceValue, realtime }: DesiredScheduling): Untimed<EngineReport> {
  const thread = threadId();
  attempt(() => setPriority(0, niceValue));
  const refusal =
    realtime === undefined ? attempt(() => endRealtimePriority(thread)) : attempt(() => takeRealtime(realtime));
  const granted = realtime !== undefined && refusal === undefined;
  return {
    kind: 'scheduled',
    thread,
    niceValue: getPriority(0),
    ...(granted ? { realtimePriority: realtime.priority } : {}),
    ...(realtime?.asked === true && refusal !== undefined
      ? { refused: { priority: realtime.priority, error: refusal } }
      : {}),
  };
}

function takeRealtime({ priority, runMax }: NonNullable<DesiredScheduling['realtime']>): void {
  // First the limit: a thread that hangs must not be able to keep a processor for itself.
  limitRealtimeRun(runMax);
  setRealtimePriority(priority);
}

function attempt(action: () => void): FailureText | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    return failureText(error);
  }
}
