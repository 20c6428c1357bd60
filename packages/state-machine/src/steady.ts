// What "nothing happens" looks like, as data: a host may carry it out below the state machine (in native code, on its own
// thread) and come back when something differs. An entry is bytes and times; it holds no policy.
// RFC 9568 §6.4.2, §6.4.3: the two things a quiet virtual router does.
import type { VirtualRouterConfig } from './config.js';
import type { Timers, VirtualRouterState } from './state.js';
import type { Micros } from './types.js';

export type Steady =
  /** Send the advertisement of this priority at `from` and every `interval` after it; come back at `until`. */
  | {
      readonly kind: 'send';
      readonly priority: number;
      readonly from: Micros;
      readonly interval: Micros;
      readonly until: Micros | undefined;
    }
  /**
   * While exactly the bytes of the last accepted advertisement come from `source`, the deadline moves to `extension`
   * after each; come back at the deadline.
   */
  | { readonly kind: 'listen'; readonly source: string; readonly deadline: Micros; readonly extension: Micros };

/** `undefined`: something is going on, and every event must be a step. */
export function steady(state: VirtualRouterState): Steady | undefined {
  const { timers, master } = state;
  if (timers.startupDelay !== undefined) return undefined;
  if (state.role === 'master' && timers.advertisement !== undefined) {
    const { advertisement: from } = timers;
    const interval = state.config.advertisementInterval;
    return { kind: 'send', priority: state.priority, from, interval, until: nextBurst(state) };
  }
  if (state.role !== 'backup' || master === undefined || timers.masterDown === undefined) return undefined;
  // A Master that is about to be preempted is not what we wait for.
  const isAccepted = master.priority >= state.priority || !state.config.preempt;
  if (!isAccepted || state.preemption !== 'idle' || state.masterStopping) return undefined;
  return {
    kind: 'listen',
    source: master.address,
    deadline: timers.masterDown,
    extension: state.masterDownInterval,
  };
}

function nextBurst({ timers, config }: VirtualRouterState): Micros | undefined {
  const { announcement, lowerPriorityAnnouncement, rivalWatch } = timers;
  const bursts = [announcement, lowerPriorityAnnouncement, rivalWatch, nextRefresh(timers, config)];
  const running = bursts.filter((at) => at !== undefined);
  return running.length === 0 ? undefined : Math.min(...running);
}

/** A refresh comes with the first advertisement that is due no earlier. */
function nextRefresh({ refresh, advertisement }: Timers, config: VirtualRouterConfig): Micros | undefined {
  if (refresh === undefined || advertisement === undefined) return undefined;
  const missing = Math.max(0, refresh - advertisement);
  return advertisement + Math.ceil(missing / config.advertisementInterval) * config.advertisementInterval;
}
